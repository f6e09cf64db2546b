"""Accounts, and what people asked for about their names."""

from federation.people import held
from federation.people.store import Deed
from protocol.event import Key
from tests.federation.van import UNIT
from tests.federation.web.matrix import Sample
from tests.federation.web.site import PAULETTE, Site


def samples(site: Site) -> dict[str, Sample]:
    """Accounts are the federation's affair: there is no elsewhere; sign-ups are of a vehicle."""
    other = {"number": site.account("centre-parc").pk}
    here, there = (_sign_up(site, unit) for unit in (UNIT, PAULETTE))
    chosen = Sample(form=here, form_elsewhere=there)
    return {
        "accounts:change": Sample(other),
        "accounts:close": Sample(other),
        "accounts:reopen": Sample(other),
        "accounts:code": Sample({"number": site.account("funder-nord").pk}),
        "accounts:sign-up": chosen,
        "accounts:open": chosen,
        "accounts:export": chosen,
        "accounts:erase": chosen,
        "accounts:proof": Sample(
            {"number": _erased(site, UNIT)}, {"number": _erased(site, PAULETTE)}
        ),
    }


def _sign_up(site: Site, unit: str) -> dict[str, object]:
    key = site.sign_up(12, "Aïcha", unit=unit)
    return {"unit": unit, "epoch": key.epoch, "seq": key.seq, "reason": "essai"}


def _erased(site: Site, unit: str) -> int:
    key = site.sign_up(13, "Zoé", unit=unit)
    store, ledger = site.config.store, site.bench.ledger.database
    one = held.one(ledger, store, unit, Key(key.epoch, key.seq))
    assert one is not None
    deed = Deed(1, "test", "erased", f"{unit} {key.epoch}/{key.seq}", "")
    return held.number_of(store, held.erase(store, one.sign_up, deed))
