"""A planner's day on the store of a configuration, in a process of its own: Django is set up once.

`python -m tests.federation.web.programme.whole_day FILE`; prints what came of it as JSON.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federation import config, outbox
from federation.ledger import Ledger
from federation.people import desk
from federation.web import keyring, site


def main() -> None:
    """Plans, publishes, signs up, moves up, forgets."""
    settings = config.load(Path(sys.argv[1]))
    Ledger.open(settings.store).close()
    site.prepare(settings)
    keyring.hold(keyring.load(settings, None))
    from federation.web.fleet.importing import Line, take
    from federation.web.fleet.models import Vehicle
    from federation.web.programme import chores, publishing, showing
    from federation.web.programme.desk import Said, change, sign_up
    from federation.web.programme.models import DeskSignUp, Workshop

    take([Line("van-germaine", "Nord", "Les Lilas", "Germaine", "camion", "Europe/Paris")])
    vehicle, now = Vehicle.objects.get(), time.time_ns() // 1_000_000
    shop = Workshop.objects.create(
        territory=vehicle.centre.territory, code="cv", title="CV", theme="email", total=4,
        starts=datetime.now(UTC) + timedelta(days=1), zone="Europe/Paris", state="open",
    )  # fmt: skip
    shop.allotments.create(vehicle=vehicle, seats=2)
    faults = publishing.bring_up()
    first = sign_up(shop, Said(2, "Rosa", "06 11"))
    sign_up(shop, Said(1, "Malik", "06 22", waits=True))
    change(first, 1)
    chores.publish(now)
    chores.send_rosters(now)
    (shown,) = showing.shown([Workshop.objects.get()])
    named = [line.envelope is not None for line in desk.every(settings.store)]
    chores.forget(now + 800 * 86_400_000)
    told = {
        "faults": faults,
        "documents": [(each.kind, each.revision) for each in outbox.latest(settings.store)],
        "waiting": list(DeskSignUp.objects.order_by("pk").values_list("waiting", flat=True)),
        "seats": shown.sharing.seats,
        "desk": shown.sharing.desk,
        "named": named,
        "after": [line.envelope is not None for line in desk.every(settings.store)],
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
