"""Every address of the site, found in its URL configuration, and what to try it with.

A view that takes arguments needs a sample in `tests/federation/web/samples/<app>.py`: that module's
`samples(site)` makes what it names and gives view name → Sample. A view without arguments needs
none, and may have one for its form. All views are looked at before any form is sent, forms by name.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.federation.web import samples as all_samples
from tests.federation.web.site import Site


class Sample(NamedTuple):
    """Arguments and a form for one view."""

    here: Mapping[str, object] = {}
    """Of an object of Les Lilas in Nord (van-germaine): what each role with the right reaches."""
    elsewhere: Mapping[str, object] | None = None
    """Of one in Guyane: accounts of Nord are told that there is no such thing. None: nobody's."""
    form: Mapping[str, object] = {}
    """For a POST, of an object here."""
    form_elsewhere: Mapping[str, object] | None = None
    """The same of an object in Guyane, where the form names it and the address does not."""


class View(NamedTuple):
    """One address."""

    name: str
    """As `reverse` takes it."""
    callback: Any
    arguments: frozenset[str]

    @property
    def right(self) -> str | None:
        """What it needs; "": nothing; None: somebody forgot to say."""
        found: str | None = getattr(self.callback, "right", None)
        return found

    @property
    def door(self) -> str:
        """How it knows who asks: by "session", or by "token"."""
        return str(getattr(self.callback, "door", "session"))

    def address(self, arguments: Mapping[str, object]) -> str:
        """Where that is."""
        return reverse(self.name, kwargs=dict(arguments))


def views() -> list[View]:
    """All of them."""
    return sorted(_views(get_resolver(), ""), key=lambda view: view.name)


def samples(site: Site) -> dict[str, Sample]:
    """What all apps give."""
    found: dict[str, Sample] = {}
    for module in pkgutil.iter_modules(all_samples.__path__):
        made = importlib.import_module(f"{all_samples.__name__}.{module.name}").samples(site)
        found.update(made)
    return found


def _views(resolver: URLResolver, space: str) -> Iterator[View]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _views(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            arguments = frozenset(each.pattern.converters)
            yield View(f"{space}{each.name}", each.callback, arguments)
