"""Vehicles of here and elsewhere, and a box in one of them."""

from tests.federation.web.matrix import Sample
from tests.federation.web.site import PAULETTE, UNIT, Site


def samples(site: Site) -> dict[str, Sample]:
    """Germaine is of the north, Paulette of Guyane."""
    here, there = ({"number": site.vehicle(name).pk} for name in ("Germaine", "Paulette"))  # type: ignore[attr-defined]
    known = {"id": "new", "name": "Marcel", "kind": "camion", "zone": "Europe/Paris"}
    return {
        "fleet:vehicle": Sample(here, there),
        "fleet:box": Sample({"unit": UNIT}, {"unit": PAULETTE}),
        "fleet:edit": Sample(here, form=known),
        "fleet:ride": Sample(here, form={"unit": "van-spare"}),
        "fleet:unload": Sample(here),
        "fleet:forget": Sample(here, form={"unit": UNIT}),
        "fleet:retire": Sample(here),
        "fleet:hand_over": Sample(
            here, there, form={"day": "2026-05-28", "target": "personne"},
            form_elsewhere={"day": "2026-05-28", "target": there["number"]},
        ),
    }  # fmt: skip
