"""Every state of the driver's pages."""

from functools import partial
from typing import Any

from protocol import duty
from protocol.documents import PlannedStop, Tour, Tours

from ..models.panel import Panel
from .scene import Scene
from .stage import NOW, Stage

MINUTE = 60_000
LONGEST = "Place de la République, devant la mairie et le marché couvert"


def planned(id: str, name: str, opens: int, closes: int) -> PlannedStop:
    """A stop of the tour on these pictures."""
    place = {"lat": 49.2, "lon": 6.8, "commune": "57238"}
    return PlannedStop(id=id, name=name, opens=opens, closes=closes, **place)


STOPS = (
    planned("freyming", "Freyming", 8 * 60, 8 * 60 + 45),
    planned("hombourg", "Hombourg-Haut", 9 * 60, 10 * 60 + 30),
    planned("marche", "Place du Marché", 14 * 60, 16 * 60),
    planned("valmont", LONGEST, 16 * 60 + 30, 18 * 60),
    planned("faulquemont", "Faulquemont, gare", 18 * 60 + 15, 19 * 60),
)
DEPOT = planned("depot", "Dépôt", 0, 1439)
GPS = {"gps": {"state": "fix"}}
NO_GPS = {"gps": {"state": "no_fix"}}


def stop(stage: Stage, seq: int, at: int, left: int | None, **more: Any) -> dict[str, Any]:
    """A stop in the vehicle's word: minutes ago."""

    def moment(minutes: int) -> dict[str, Any]:
        boottime = stage.clock.boottime() - minutes * MINUTE
        told = {"utc": NOW - minutes * MINUTE, "source": "gps", "error": 50}
        return {"boot_id": stage.clock.boot_id, "boottime": boottime, **told}

    departed = None if left is None else moment(left)
    return {"id": [1, seq], "arrived": moment(at), "departed": departed, **more}


def with_tour(stage: Stage, stops: tuple[PlannedStop, ...] = STOPS) -> None:
    """A tour of today, and the time."""
    stage.knows_time()
    tour = Tour(day="2026-11-26", name="Tournée du jeudi", stops=stops)
    stage.sends("tour", Tours(tours=(tour,), depot=DEPOT))
    stage.desk.driver.itinerary.look()


def on_road(stage: Stage, gps: dict[str, Any] = GPS, **word: Any) -> None:
    """Between the first stop and the second."""
    with_tour(stage)
    first = stop(stage, 7, 58, 12, name="Freyming", planned="freyming")
    stage.says("vehicle", duty="on", stop=None, stops=[first], **{**gps, **word})
    stage.says("uplink", link="up")


def standing(stage: Stage, **word: Any) -> None:
    """At the second stop, for ten minutes."""
    on_road(stage)
    provisional = {"name": "Hombourg-Haut", "arrived": stage.clock.boottime() - 10 * MINUTE}
    here = stop(stage, 9, 10, None, name="Hombourg-Haut", planned="hombourg")
    first = stop(stage, 7, 58, 12, name="Freyming", planned="freyming")
    told = {"stop": [1, 9], "stops": [here, first], "provisional": provisional}
    stage.says("vehicle", duty="on", **GPS, **{**told, **word})


def many_stops(stage: Stage, count: int = 6) -> None:
    """More than fit a page, one with the longest name, one without any."""
    on_road(stage)
    names = ["", LONGEST, "Valmont", "Place du Marché", "Hombourg-Haut", "Freyming"]
    stops = [
        stop(stage, 20 - index, 60 * index + 50, 60 * index + 8, name=name)
        for index, name in enumerate(names[:count])
    ]
    stage.says("vehicle", duty="on", stop=None, stops=stops, **GPS)


def doubtful(stage: Stage) -> None:
    """The GPS is in doubt about where it stands."""
    on_road(stage)
    here = stop(stage, 9, 4, None, name="Hombourg-Haut", planned="hombourg", uncertain=True)
    seen = {"name": "Hombourg-Haut", "arrived": stage.clock.boottime() - 4 * MINUTE}
    first = stop(stage, 7, 58, 12, name="Freyming", planned="freyming")
    stage.says("vehicle", duty="on", stop=[1, 9], stops=[here, first], provisional=seen, **GPS)


def verifying(stage: Stage) -> None:
    """That stop, and all that may be said of it."""
    doubtful(stage)
    stage.show(Panel(screen="last_stops"))
    stage.desk.touch("stop", "9")


def page(screen: str, *before: Any, **panel: Any) -> Any:
    """That page, after what `before` did."""

    def arrange(stage: Stage) -> None:
        for each in before:
            each(stage)
        stage.show(Panel(screen=screen, **panel))

    return arrange


def off_duty(stage: Stage, duty: str = "off", **word: Any) -> None:
    """Nothing is noted."""
    with_tour(stage)
    stage.says("vehicle", duty=duty, gps={"state": "off_duty"}, **word)


def ended(stage: Stage) -> None:
    """There was a service today."""
    off_duty(stage)
    stage.desk.house.keep(duty.Ended())


def noted(stage: Stage) -> None:
    """The driver has just touched *Arrivée*."""
    on_road(stage)
    stage.show(Panel(screen="driver"))
    stage.desk.touch("stop", "arrived")


def correcting(stage: Stage, *touches: tuple[str, str]) -> None:
    """A correction half made."""
    many_stops(stage)
    stage.show(Panel(screen="last_stops"))
    for touch, value in (("stop", "19"), *touches):
        stage.desk.touch(touch, value)


def provisional(stage: Stage) -> None:
    """It stands, for a minute and a half, where nothing is planned."""
    seen = {"name": "", "arrived": stage.clock.boottime() - 90_000}
    on_road(stage, provisional=seen)


def battery(stage: Stage) -> None:
    """The unit must stop in nine minutes."""
    on_road(stage, power={"warning": "battery", "seconds_left": 500})


def alone(stage: Stage) -> None:
    """No tour, no time, and nobody of the vehicle answers."""


def long_name(stage: Stage) -> None:
    """The longest name, where it stands."""
    with_tour(stage, STOPS[3:])
    seen = {"name": LONGEST, "arrived": stage.clock.boottime() - 95 * MINUTE}
    here = stop(stage, 9, 95, None, name=LONGEST, planned="valmont")
    stage.says("vehicle", duty="on", stop=[1, 9], stops=[here], provisional=seen, **GPS)


def tour_done(stage: Stage) -> None:
    """Everything was visited."""
    with_tour(stage, STOPS[:2])
    stops = [
        stop(stage, 9, 40, 10, name="Hombourg-Haut", planned="hombourg"),
        stop(stage, 7, 98, 52, name="Freyming", planned="freyming"),
    ]
    stage.says("vehicle", duty="on", stop=None, stops=stops, minutes_left=24, **GPS)


def no_tour(stage: Stage) -> None:
    """A day without one."""
    stage.knows_time()
    stage.says("vehicle", duty="on", stop=None, stops=[], **NO_GPS)


def moving(duty: str, stage: Stage) -> None:
    """It drives."""
    with_tour(stage)
    stage.says("vehicle", duty=duty, moving=True, **GPS)
    stage.show(Panel(screen="dark"))


def ending(stage: Stage) -> None:
    """An hour after the plan comes near."""
    on_road(stage, minutes_left=24)


SCENES = (
    Scene("conduite-01-route", page("driver", on_road)),
    Scene("conduite-02-arret-provisoire", page("driver", provisional)),
    Scene("conduite-03-arret-note", page("driver", standing)),
    Scene("conduite-03-arret-a-verifier", page("driver", doubtful)),
    Scene("conduite-04-nom-long", page("driver", long_name)),
    Scene("conduite-05-c-est-note", noted),
    Scene("conduite-06-carte-pleine", page("driver", on_road, refused=True)),
    Scene("conduite-07-sans-gps", page("driver", partial(on_road, gps=NO_GPS))),
    Scene("conduite-08-sans-tournee", page("driver", no_tour)),
    Scene("conduite-09-tournee-finie", page("driver", tour_done)),
    Scene("conduite-10-batterie", page("driver", battery)),
    Scene("conduite-11-service-termine", page("driver", ended)),
    Scene("conduite-11-pas-en-service", page("driver", off_duty)),
    Scene("conduite-12-pause", page("driver", partial(off_duty, duty="paused"))),
    Scene("conduite-13-seule", page("driver", alone)),
    Scene("conduite-20-service", page("duty", on_road)),
    Scene("conduite-21-service-pause", page("duty", partial(off_duty, duty="paused"))),
    Scene("conduite-21-service-pas-encore", page("duty", page("driver", off_duty))),
    Scene("conduite-22-service-carte-pleine", page("duty", off_duty, refused=True)),
    Scene("conduite-30-ou", page("where", partial(on_road, gps=NO_GPS))),
    Scene("conduite-40-retard", page("delay", on_road)),
    Scene("conduite-41-probleme", page("problem", on_road)),
    Scene("conduite-42-probleme-carte-pleine", page("problem", on_road, refused=True)),
    Scene("conduite-50-arrets", page("last_stops", many_stops)),
    Scene("conduite-51-arrets-un", page("last_stops", standing)),
    Scene("conduite-51-arrets-a-verifier", page("last_stops", doubtful)),
    Scene("conduite-52-arrets-aucun", page("last_stops", no_tour)),
    Scene("conduite-53-arrets-hors-service", page("last_stops", off_duty)),
    Scene("conduite-60-corriger", correcting),
    Scene(
        "conduite-61-corriger-heures",
        lambda stage: correcting(stage, ("move", "arrived -5"), ("move", "departed 5")),
    ),
    Scene("conduite-62-corriger-arret", lambda stage: correcting(stage, ("kind", "cancelled"))),
    Scene("conduite-63-corriger-a-verifier", verifying),
    Scene("conduite-70-debut", page("at_work", off_duty)),
    Scene("conduite-71-reprise", page("at_work", partial(off_duty, duty="paused"))),
    Scene("conduite-72-debut-carte-pleine", page("at_work", off_duty, refused=True)),
    Scene("conduite-73-fin", page("tour_over", ending)),
    Scene("conduite-80-noir", partial(moving, "off")),
    Scene("conduite-81-noir-tournee", partial(moving, "on")),
)
