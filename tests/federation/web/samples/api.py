"""Tokens, and addresses that programs ask."""

from federation.web.api import tokens
from tests.federation.web.matrix import Sample
from tests.federation.web.site import Site


def samples(site: Site) -> dict[str, Sample]:
    """A token is the federation's affair; whoever has one needs no session."""
    token, _ = tokens.make(
        site.account("federation"), 1, name="essai", role="funder", expires=2**40
    )
    return {
        "api:close": Sample({"number": token.pk}),
        "api:tokens": Sample(form={"name": "carte", "role": "funder", "days": "90"}),
        "api:vehicles_one": Sample({"vehicle": site.vehicle("Germaine").pk}),
        "api:nothing": Sample({"rest": "nowhere"}),
    }
