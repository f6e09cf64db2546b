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

1. Copiez $file sur la partition de démarrage de la carte.
2. Mettez la carte en place dans le véhicule, et le contact.
3. Quand l'écran le demande, saisissez le code ; les tirets et les
   majuscules ne comptent pas.
4. Détruisez ce papier : le code n'est conservé nulle part ailleurs.

Ce papier et la carte voyagent séparément. Sans mise en service avant le
$until, ou si l'un des deux se perd, demandez un autre lot.
----------------------------------------------------------------------
""")
_DATE: Final = "%d/%m/%Y"


def of(bundle: Bundle, number: int, code: str, made: date, until: date) -> str:
    """The text to print."""
    return SLIP.substitute(
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
