"""What systemd is told: nothing is said twice, nothing of memory may reach the card."""

from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "systemd"
SANDBOX = FOLDER / "escale-.service.d" / "sandbox.conf"
SERVICES = sorted(FOLDER.glob("*.service"))
LISTS = {
    "After", "Environment", "ReadWritePaths", "BindPaths", "ExecPaths", "NoExecPaths",
    "SystemCallFilter", "TemporaryFileSystem",
}  # fmt: skip
"""Settings that add up; all others have one value, the one read last."""


def settings(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            yield name, value


def later(service: Path) -> list[Path]:
    """Files of this service alone, read after the sandbox."""
    return sorted(Path(f"{service}.d").glob("*.conf"))


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_no_service_says_what_the_sandbox_would_silently_overrule(service: Path) -> None:
    """systemd reads the sandbox after a service's own file: what both say is the sandbox's."""
    shared = {name for name, _ in settings(SANDBOX)}
    own = list(settings(service))
    assert [name for name, _ in own if name in shared - LISTS] == []
    variables = {value.split("=")[0] for name, value in own if name == "Environment"}
    assert "ESCALE_CONFIG" not in variables
    assert "SystemCallFilter" not in dict(own)  # what it allows, the sandbox would forbid again


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_what_a_service_adds_is_read_after_the_sandbox(service: Path) -> None:
    assert [path.name for path in later(service) if path.name <= SANDBOX.name] == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_memory_of_no_service_reaches_the_card(service: Path) -> None:
    said = [pair for path in (service, SANDBOX, *later(service)) for pair in settings(path)]
    assert [value for name, value in said if name == "LimitCORE"] == ["0"]
    assert [value for name, value in said if name == "MemorySwapMax"] == ["0"]


def test_a_service_that_falls_is_started_again_for_ever_and_ever_more_calmly() -> None:
    said = dict(settings(SANDBOX))
    assert (said["Restart"], said["StartLimitIntervalSec"]) == ("always", "0")
    # systemd never counts back within one boot: the calmest pace is also an old fault's next one.
    assert int(said["RestartSec"]) < int(said["RestartMaxDelaySec"]) <= 30
    for service in SERVICES:
        own = dict(pair for file in (service, *later(service)) for pair in settings(file))
        assert not [name for name in own if name.startswith(("StartLimit", "RestartS"))]
        assert own.get("Restart", "no") == "no"
        assert own.get("Type", "oneshot") == "oneshot"


def test_who_decides_on_the_unit_s_end_has_no_rights_and_a_refusal_is_no_success() -> None:
    for what in ("poweroff", "reboot"):
        said = dict(settings(FOLDER / f"escale-{what}.service"))
        assert said["ExecCondition"].endswith(f"/escale may-stop {what}")
        assert said["ExecStart"] == f"+/usr/bin/systemctl --no-block --no-wall {what}"
        assert said["User"] != "root"
        # systemd 257 takes a skipped start for a success: seen, it stopped the unit.
        assert "SuccessAction" not in said


def test_in_cage_touches_come_through_cage_alone() -> None:
    bare, cage = (
        dict(settings(FOLDER / f"escale-{name}.service")) for name in ("screen", "screen-cage")
    )
    assert "input" in bare["SupplementaryGroups"].split()
    assert "input" not in cage["SupplementaryGroups"].split()
    assert "char-input" not in (FOLDER / "escale-screen-cage.service").read_text(encoding="utf-8")
    choice = "escale.screen=cage"
    assert (bare["ConditionKernelCommandLine"], cage["ConditionKernelCommandLine"]) == (
        f"!{choice}", choice,
    )  # fmt: skip


def test_numbers_of_users_are_fixed_since_the_data_outlives_the_system() -> None:
    lines = (FOLDER / "escale.sysusers").read_text(encoding="utf-8").splitlines()
    numbers = [line.split()[2] for line in lines if line[:2] in ("u ", "g ")]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers) == 6


def test_the_key_is_the_uplinks_and_what_is_trusted_everybodys_to_read() -> None:
    lines = (FOLDER / "escale.tmpfiles").read_text(encoding="utf-8").splitlines()
    made = {line.split()[1]: line.split()[2:] for line in lines if line.startswith("d ")}
    assert made["/var/lib/escale/identity"] == ["0700", "escale-uplink", "escale"]
    assert made["/var/lib/escale/trust"] == ["2750", "escale-uplink", "escale"]


def test_what_root_does_once_starts_by_a_file_and_never_again_by_itself() -> None:
    """A one-shot that failed must not come back by itself: its stick may be the reason."""
    for path in FOLDER.glob("*.path"):
        wanted = dict(settings(path)).get("PathChanged", "")
        if not wanted.startswith("/run/escale/"):
            continue  # no wish of somebody without rights
        service = path.with_suffix(".service")
        said = dict(pair for file in (SANDBOX, *later(service)) for pair in settings(file))
        assert wanted == f"/run/escale/{path.stem.removeprefix('escale-')}.wanted"
        assert (said["Type"], said["Restart"], said["NotifyAccess"]) == ("oneshot", "no", "none")
        assert said["ExecStopPost"] == f"-/usr/bin/rm -f {wanted}"


def test_only_the_cards_own_disk_a_bundle_and_a_stick_take_rights_of_root_s() -> None:
    rights = {
        service.stem: value
        for service in SERVICES
        for file in later(service)
        for name, value in settings(file)
        if name == "CapabilityBoundingSet"
    }
    owner = "CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_FSETID"
    assert rights == {
        "escale-bundle": f"CAP_SYS_ADMIN {owner}",
        "escale-first-boot": f"CAP_SYS_ADMIN CAP_SYS_RESOURCE {owner}",
        "escale-copy": "CAP_SYS_ADMIN CAP_SETUID CAP_SETGID",
        "escale-secret": "CAP_CHOWN",
        "escale-stick": "CAP_SYS_ADMIN",
    }
