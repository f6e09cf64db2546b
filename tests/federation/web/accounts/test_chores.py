"""What the pages do by themselves for people."""

from datetime import timedelta

from django.utils import timezone

from federation.web import chores
from federation.web.accounts.chores import drop_sessions
from tests.federation.web.site import Site


def test_sessions_that_are_over_leave_the_store(site: Site) -> None:
    from django.contrib.sessions.models import Session

    site.as_("territory")
    site.as_("centre")
    over = Session.objects.first()
    assert over is not None
    over.expire_date = timezone.now() - timedelta(seconds=1)
    over.save()
    drop_sessions(0)
    assert Session.objects.count() == 1


def test_the_site_does_them(site: Site) -> None:
    names = {chore.name for chore in chores.of_the_site()._chores}
    assert {"erasures", "sessions"} <= names
