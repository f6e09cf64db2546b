"""The whole way in the real process: a vehicle says it is in trouble, somebody gets a letter."""

from pathlib import Path

import pytest

from federation.twins.mailbox import Mailbox
from federation.web.alerts.models import Delay
from tests.federation.bench import link, status
from tests.federation.web.browser import Served
from tests.federation.web.site import Site
from tests.support import eventually


@pytest.mark.slow
def test_a_card_that_is_full_is_a_letter(site: Site, tmp_path: Path) -> None:
    where = site.vehicle("Germaine").centre.territory
    Delay.objects.create(territory=where, others=0)
    site.bench.arrive(link(), status(disk_free=20_000_000))
    with Mailbox() as mailbox:
        mail = {"host": "127.0.0.1", "port": mailbox.port, "security": "none", "sender": "e@x.test"}
        served = Served(tmp_path, site.config.store.data, mail=mail).start()
        try:
            eventually(lambda: len(mailbox.letters) == 3, 30.0, "three people are written to")
            assert served.stop() == 0
        finally:
            served.kill()
        letter = mailbox.to("centre@escale.test")[0]
        assert "- Germaine (Les Lilas) — Carte presque pleine : 19 Mio libres" in letter.text
        assert "Traceback" not in served.log
