# U-Boot's part of the two slots: whose turn it is, one try fewer for it, and its kernel. Decides nothing else.
#
# The tries stand twice on the disk, before the first partition: at 2 MiB and at 4 MiB, 16 KiB each,
# as `env import -c` reads them. A cut while one is written leaves the other (appliance/update/slots.py).
# The same script on a Pi (mmc) and in QEMU (virtio); not from a USB disk, which nobody lets in so early.
test -n "${devtype}" || setenv devtype mmc
test -n "${devnum}" || setenv devnum 0
setenv at ${ramdisk_addr_r}
setenv tries
${devtype} dev ${devnum}
for block in 0x1000 0x2000; do
  if test -z "${tries}"; then
    if ${devtype} read ${at} ${block} 0x20; then
      if env import -c ${at} 0x4000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; then setenv tries ${block}; fi
    fi
  fi
done
echo "escale: tries read from ${tries}"
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 3
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 3

setenv slot
for each in ${BOOT_ORDER}; do
  if test -z "${slot}"; then
    if test "${each}" = "A"; then
      if test ${BOOT_A_LEFT} -gt 0; then setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1; setenv slot A; setenv part 2; fi
    elif test "${each}" = "B"; then
      if test ${BOOT_B_LEFT} -gt 0; then setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1; setenv slot B; setenv part 3; fi
    fi
  fi
done
# Nobody is there to choose: what failed three times is tried again rather than nothing.
if test -z "${slot}"; then setenv BOOT_A_LEFT 3; setenv BOOT_B_LEFT 3; fi
env export -c -s 0x4000 ${at} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
${devtype} write ${at} 0x1000 0x20
${devtype} write ${at} 0x2000 0x20
if test -z "${slot}"; then echo "escale: no slot left, all tries given back"; reset; fi
echo "escale: slot ${slot} order ${BOOT_ORDER} left A=${BOOT_A_LEFT} B=${BOOT_B_LEFT}"

# The disk's own number: a second card in a reader is another disk.
part uuid ${devtype} ${devnum}:${part} root
# On a Pi the serial line is the GPS receiver's: the console is a terminal that nobody sees.
setenv console tty3
if test "${devtype}" = "virtio"; then setenv console ttyAMA0,115200; fi
setenv bootargs "root=PARTUUID=${root} ro rootwait rauc.slot=${slot} console=${console} quiet loglevel=3 panic=10 vt.global_cursor_default=0 consoleblank=0 usbcore.authorized_default=2 systemd.show_status=false"
setenv extra
if load ${devtype} ${devnum}:1 ${at} extra.txt; then env import -t ${at} ${filesize} extra; setenv bootargs "${bootargs} ${extra}"; fi
load ${devtype} ${devnum}:${part} ${kernel_addr_r} /boot/vmlinuz || reset
load ${devtype} ${devnum}:${part} ${at} /boot/initrd.img || reset
setenv ramdisk ${at}:${filesize}
if test -n "${fdt_addr}"; then booti ${kernel_addr_r} ${ramdisk} ${fdt_addr}; else booti ${kernel_addr_r} ${ramdisk} ${fdtcontroladdr}; fi
reset
