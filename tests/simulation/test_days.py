"""The days of simulated vehicles: deterministic, in order, and what the protocol allows."""

from collections import Counter
from datetime import date

from protocol.event import Key
from protocol.events import decode_body, encode_body
from simulation import plans
from simulation.days import Life
from simulation.places import FLEET
from simulation.script import Deed
from simulation.vehicles import Vehicle, many

BEGIN, END = date(2026, 9, 1), date(2026, 9, 30)


def lived(vehicle: Vehicle, seed: int = 1) -> list[Deed]:
    """Everything that happens to it in September."""
    life = Life(vehicle, seed, lambda day: plans.usual(vehicle, day), version="0")
    script, heads = life.script(BEGIN, END), Counter[str]()
    deeds = [next(script)]
    while True:
        heads[deeds[-1].journal] += 1
        epoch = 1 + ("screen", "vehicle").index(deeds[-1].journal)
        try:
            deeds.append(script.send(Key(epoch, heads[deeds[-1].journal])))
        except StopIteration:
            return deeds


def test_the_same_seed_lives_the_same_month_to_the_millisecond() -> None:
    assert lived(FLEET[0]) == lived(FLEET[0])
    assert lived(FLEET[0]) != lived(FLEET[0], seed=2)


def test_time_never_goes_back_within_a_journal() -> None:
    for vehicle in FLEET:
        for journal in ("screen", "vehicle"):
            times = [deed.at for deed in lived(vehicle) if deed.journal == journal]
            assert times == sorted(times)


def test_every_deed_is_an_event_of_the_protocol() -> None:
    for deed in lived(FLEET[1]):
        event = deed.event
        assert decode_body(event.TYPE, encode_body(event)) == event


def test_what_a_deed_cites_happened_before_it() -> None:
    heads = {1: 0, 2: 0}
    for deed in lived(FLEET[2]):
        for name in ("visit", "stop", "sign_up", "cites"):
            cited = getattr(deed.event, name, None)
            assert cited is None or cited.seq <= heads[cited.epoch], deed
        heads[1 + ("screen", "vehicle").index(deed.journal)] += 1


def test_a_month_has_everything_that_pages_show() -> None:
    seen = Counter(deed.event.TYPE for vehicle in FLEET for deed in lived(vehicle))
    wanted = {
        "visit.checked_in", "visit.described", "visit.left", "visit.cancelled", "visits.tallied",
        "workshop.signed_up", "workshop.cancelled", "workshop.attended", "stop.arrived",
        "stop.departed", "duty.started", "duty.paused", "duty.ended", "day.closed",
        "incident.reported", "help.requested", "unit.booted", "clock.set",
    }  # fmt: skip
    assert wanted <= seen.keys()


def test_whoever_signs_up_leaves_a_name_to_seal_and_nobody_else_does() -> None:
    for deed in lived(FLEET[3]):
        assert (deed.personal is not None) == (deed.event.TYPE == "workshop.signed_up")


def test_in_the_demo_every_vehicle_stands_somewhere_whatever_the_hour() -> None:
    for hour in range(0, 24, 3):
        utc = plans.local(date(2026, 11, 3), hour * 60 + 20, plans.ZoneInfo("Europe/Paris"))
        for vehicle in FLEET:
            plan = plans.around(vehicle, utc)
            assert any(
                plan.utc(halt.opens) <= utc + 25 * 60_000 and utc <= plan.utc(halt.closes)
                for halt in plan.halts
            )


def test_made_up_vehicles_have_ids_of_their_own_that_the_protocol_allows() -> None:
    made = many(2400, FLEET, seed=7)
    assert len({vehicle.unit for vehicle in made}) == 2400
    assert max(len(vehicle.unit) for vehicle in made) <= 26
