"""What the views of the programme are tried with."""

from tests.federation.web.matrix import Sample
from tests.federation.web.programme import planned
from tests.federation.web.site import Site


def samples(site: Site) -> dict[str, Sample]:
    """A workshop, a place, a tour and a desk's sign-up, here and in Guyane."""
    from federation.web.programme.models import DeskSignUp

    here, far = {}, {}
    for told, vehicle, end in ((here, "Germaine", "nord"), (far, "Paulette", "guyane")):
        shop = planned.workshop(site, vehicle=vehicle, code=f"atelier-{end}")
        spot = planned.place(site, vehicle=vehicle, code=f"place-{end}")
        drive = planned.tour(site, spot, vehicle=vehicle)
        desk = DeskSignUp.objects.create(
            workshop=shop, number=1001, seats=1, made=1, since=1, contact=1
        )
        told.update(shop=shop.code, place=spot.code, tour=drive.pk, desk=desk.pk)
        told.update(ended=planned.tour(site, spot, vehicle=vehicle).pk)
        told.update(vehicle=site.vehicle(vehicle).pk)
        told.update(territory=site.vehicle(vehicle).centre.territory_id)

    def of(argument: str, what: str, form: dict[str, object] | None = None) -> Sample:
        return Sample({argument: here[what]}, {argument: far[what]}, form or {})

    germaine, paulette = here["vehicle"], far["vehicle"]
    moved = {"day": planned.TODAY.isoformat(), "from": germaine, "to": "personne"}
    call = {"unit": "federation", "epoch": 1, "seq": here["desk"], "outcome": "reached"}
    return {
        "programme:new_workshop": Sample(
            form={"territory": here["territory"]}, form_elsewhere={"territory": far["territory"]}
        ),
        "programme:workshop": of("code", "shop"),
        "programme:state": of("code", "shop", {"state": "cancelled"}),
        "programme:tour": of("number", "tour"),
        "programme:restore_tour": of("number", "tour", {"day": "2026-05-28"}),
        "programme:end_tour": of("number", "ended"),
        "programme:new_tour": Sample(
            form={"vehicle": germaine}, form_elsewhere={"vehicle": paulette}
        ),
        "programme:move_tour": Sample(form=moved, form_elsewhere={**moved, "from": paulette}),
        "programme:new_place": Sample(
            form={"territory": here["territory"]}, form_elsewhere={"territory": far["territory"]}
        ),
        "programme:place": of("code", "place"),
        "programme:board": of("number", "vehicle"),
        "programme:reset_pin": of("number", "vehicle"),
        "programme:signing": of("code", "shop"),
        "programme:call": of("code", "shop", call),
        "programme:names": of("code", "shop"),
        "programme:sheet": of("code", "shop"),
        "programme:named_sheet": of("code", "shop"),
        "programme:change": Sample(
            {"code": here["shop"], "number": here["desk"]},
            {"code": far["shop"], "number": far["desk"]},
            {"people": 2},
        ),
        "programme-calendar": Sample({"territory": "nord"}),
    }
