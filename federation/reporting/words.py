"""The French words of reports: labels of codes and of what is counted. Decides nothing."""

from typing import Final

from protocol import codes
from protocol.codes import NOT_STATED

CLASSES: Final = {
    "qpv": "Quartier prioritaire (QPV)",
    "frr": "Rural (FRR)",
    "frr_plus": "Rural (FRR +)",
    "zrr": "Rural (ZRR)",
    "rural": "Rural",
    "urbain": "Urbain",
    "hors": "Hors zonage",
}
RURAL: Final = frozenset({"frr", "frr_plus", "zrr", "rural"})
MEASURES: Final = {
    "passages": "passages",
    "personnes": "personnes (premières visites déclarées)",
    "participants": "participants aux ateliers",
}
"""What a vehicle's target may count."""
_NOT_SAID: Final = "Non précisé"


def label(list_name: str, code: str) -> str:
    """What people read for a code."""
    if code in ("", NOT_STATED):
        return _NOT_SAID
    if list_name == "territory_class":
        return CLASSES.get(code, code)
    return codes.label(list_name, code)


def number(value: float | None, digits: int = 0) -> str:
    """A number as French people write it; a hidden one as `s`."""
    if value is None:
        return "s"
    text = f"{value:,.{digits}f}".replace(",", "\u202f").replace(".", ",")
    return text.removesuffix(",0") if digits else text


def percent(part: float, whole: float) -> str:
    """A share, in whole percent."""
    return f"{round(100 * part / whole)}\u00a0%" if whole else "–"


def order(list_name: str) -> list[str]:
    """The codes of a list in the order in which people read them."""
    return list(codes.CODES.get(list_name, {}))
