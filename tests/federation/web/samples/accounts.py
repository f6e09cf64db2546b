"""Accounts, and what people asked for about their names."""

from tests.federation.web.matrix import Sample
from tests.federation.web.site import Site


def samples(site: Site) -> dict[str, Sample]:
    """Accounts are the federation's affair: there is no elsewhere."""
    other = {"number": site.account("centre-parc").pk}
    return {
        "accounts:change": Sample(other),
        "accounts:close": Sample(other),
        "accounts:reopen": Sample(other),
        "accounts:code": Sample({"number": site.account("funder-nord").pk}),
    }
