"""An open alert of Germaine, one of Paulette."""

from federation.web.alerts.models import Alert
from tests.federation.web.matrix import Sample
from tests.federation.web.site import Site


def samples(site: Site) -> dict[str, Sample]:
    """Both silent since the same moment."""
    here, elsewhere = (_silent(site, name) for name in ("Germaine", "Paulette"))
    why = {"why": "Garagiste appelé"}
    numbers = ({"number": here.pk}, {"number": elsewhere.pk})
    return {
        "alerts:history-of": Sample({"subject": here.subject}, {"subject": elsewhere.subject}),
        "alerts:take": Sample(*numbers, why),
        "alerts:give-back": Sample(*numbers),
        "alerts:mute": Sample(*numbers, why | {"days": 1}),
        "alerts:unmute": Sample(*numbers),
        "alerts:delays-of": Sample({"code": "nord"}, {"code": "guyane"}, {"nord-silence": 20}),
        "alerts:digest": Sample(form={"wanted": "on", "minutes": 30, "hours": "8 14"}),
    }


def _silent(site: Site, name: str) -> Alert:
    vehicle = site.vehicle(name)
    return Alert.objects.create(
        subject=f"v{vehicle.pk}", kind="silence", state="open",
        territory=vehicle.centre.territory.code, since=1, opened=1,
    )  # fmt: skip
