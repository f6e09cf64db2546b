"""The paper with the code, in French: technicians read it. Keeps nothing."""

from datetime import date
from string import Template
from typing import Final

from protocol.enrolment import Bundle, printed

SLIP: Final = Template("""\
----------------------------------------------------------------------
ESCALE – mise en service d'un boîtier

  Véhicule     $vehicle ($profile)
  Centre       $centre
  Territoire   $territory
  Boîtier      $unit, lot n° $number
  Fait le      $made

  Code à saisir une seule fois :    $code

1. Copiez $file sur le petit disque ESCALE de la carte.
2. Mettez la carte en place dans le véhicule, et le contact.
3. Quand l'écran le demande, saisissez le code ; les tirets et les
   majuscules ne comptent pas.
4. Détruisez ce papier : le code n'est conservé nulle part ailleurs.

Ce papier et la carte voyagent séparément. Sans mise en service avant le
$until, ou si l'un des deux se perd, demandez un autre lot.
----------------------------------------------------------------------
""")
INSTALLATION: Final = Template("""\
----------------------------------------------------------------------
ESCALE – une carte de rechange devient un boîtier

  Véhicule     $vehicle ($profile)
  Centre       $centre
  Territoire   $territory
  Boîtier      $unit, lot n° $number
  Fait le      $made

  Code d'installation, à saisir une seule fois :    $code

1. Mettez la carte de rechange en place dans le véhicule, et le contact.
2. Sur l'écran : Commencer, puis Rattacher le boîtier ; saisissez le
   code. Les tirets et les majuscules ne comptent pas.
3. Il faut du réseau : l'écran dit quand le boîtier est rattaché.
4. Détruisez ce papier : le code n'est conservé nulle part ailleurs.

Le code peut se dicter au téléphone, à quelqu'un que vous connaissez. Il
vaut jusqu'au $until ; un autre lot le remplace.
----------------------------------------------------------------------
""")
_DATE: Final = "%d/%m/%Y"


def of(bundle: Bundle, number: int, code: str, made: date, until: date) -> str:
    """The text to print, for whoever has the bundle's file."""
    return _filled(SLIP, bundle, number, code, made, until)


def of_installation(bundle: Bundle, number: int, code: str, made: date, until: date) -> str:
    """The text to print or to read out, for whoever has a spare card."""
    return _filled(INSTALLATION, bundle, number, code, made, until)


def _filled(text: Template, bundle: Bundle, number: int, code: str, made: date, until: date) -> str:
    return text.substitute(
        vehicle=bundle.vehicle_name,
        profile=bundle.profile,
        centre=bundle.centre,
        territory=bundle.territory,
        unit=bundle.unit,
        number=number,
        made=made.strftime(_DATE),
        until=until.strftime(_DATE),
        code=printed(code),
        file=file_name(bundle.unit),
    )


def file_name(unit: str) -> str:
    """Of the unit's bundle."""
    return f"escale-{unit}.bundle"
