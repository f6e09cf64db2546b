"""The doors of the screen of reasons, as data: a later service adds a line here, not a touch.

Says how a door looks; what a door counts as is the protocol's (`codes.theme_of_door`).
"""

from typing import NamedTuple

from . import theme
from .theme import Colour, colour


class Door(NamedTuple):
    """One way in: its code (list `door`) and its look. Its words are in the catalogues."""

    code: str
    pictogram: str
    tint: Colour
    edge: Colour
    deep: Colour
    is_theme: bool = True
    """A theme has a tile; the others stand below in a row."""
    touch: str = "chose"
    """What touching it tells the desk: most doors are checked in with, one by one."""


def _theme(code: str, pictogram: str, tint: str, edge: str, deep: str) -> Door:
    return Door(code, pictogram, colour(tint), colour(edge), colour(deep))


def _other(code: str, pictogram: str, touch: str = "chose") -> Door:
    return Door(code, pictogram, theme.CARD, theme.LINE, theme.PRIMARY, False, touch)


# Tints, edges and deeps differ in hue alone (OKLCH .945/.032, .80/.06, .42/.105): none shouts.
DOORS = (
    _theme("sante", "stethoscope", "#FFE5E4", "#E2AFAE", "#7C3134"),
    _theme("famille", "family_restroom", "#FFE8D9", "#DDB499", "#773A00"),
    _theme("retraite", "elderly", "#F3E7FD", "#CAB4DB", "#5F3A77"),
    _theme("droit", "balance", "#E6ECFF", "#B2BBE5", "#3D4685"),
    _theme("logement", "cottage", "#E0F3E0", "#A6C9A6", "#205B25"),
    _theme("impots", "receipt_long", "#F5ECD5", "#CDBD92", "#634900"),
    _theme("emploi", "work", "#DCF0FF", "#9EC3E2", "#015182"),
    _theme("numerique", "devices", "#D5F4F3", "#90CACA", "#005D5F"),
    _other("lien_social", "record_voice_over"),
    _other("ne_sait_pas", "explore"),
    _other("ateliers", "handshake", touch="workshops"),
)


def find(code: str) -> Door:
    """The door of this code. Raises KeyError when there is none."""
    return {door.code: door for door in DOORS}[code]


THEMES_OF = {
    "sante": ("social_sante", "sante"),
    "famille": ("famille_scolarite", "parentalite", "scolarite_et_numerique"),
    "droit": ("justice", "etrangers_europe", "papiers_elections_citoyennete"),
    "logement": ("logement",),
    "impots": ("argent_impots", "banque_et_achats_en_ligne"),
    "emploi": ("insertion_professionnelle", "travail_formation", "entrepreneuriat"),
    "numerique": (
        *("diagnostic_numerique", "prendre_en_main_du_materiel", "maintenance_de_materiel"),
        *("gere_ses_contenus_numeriques", "navigation_sur_internet", "email", "bureautique"),
        *("reseaux_sociaux", "securite_numerique", "creer_avec_le_numerique"),
        *("culture_numerique", "intelligence_artificielle", "aide_aux_demarches_administratives"),
    ),
    "lien_social": ("lien_social",),
}
"""Door → the themes (list `theme`) that are near to it."""
_LOOKS = {theme: code for code, themes in THEMES_OF.items() for theme in themes}


def of_theme(code: str) -> Door:
    """The door whose look a workshop of this theme (list `theme`) takes."""
    return find(_LOOKS.get(code, "ateliers"))
