"""Events as a CloudEvents 1.0.2 batch (JSON), by cursor. Decides nothing: records.py reads them."""

from typing import Any

import msgspec
from django.http import HttpResponse

from . import records
from .door import asked, by_token
from .fleet import at
from .shapes import OfTypes

TYPE = "application/cloudevents-batch+json"


@by_token("see_unit")
def batch(request: Any) -> HttpResponse:
    """Facts in order of arrival; the link `next` is where later ones will be."""
    query = asked(request, OfTypes)
    page = records.raw_events(request.scope, query)
    body = msgspec.json.encode([_event(row) for row in page.items])
    later = request.GET.copy()
    later["cursor"] = page.next
    return HttpResponse(
        body,
        content_type=TYPE,
        headers={"Link": f'<{request.path}?{later.urlencode()}>; rel="next"'},
    )


def _event(row: Any) -> dict[str, Any]:
    """One fact; its key is its id, so that a consumer knows it again."""
    _, unit, epoch, seq, name, utc, _received, body = row
    found = {
        "specversion": "1.0",
        "id": f"{unit}-{epoch}-{seq}",
        "source": f"/units/{unit}",
        "type": f"org.escale.{name}.v1",
        "subject": unit,
        "datacontenttype": "application/json",
        "data": records.told(body),
    }
    moment = at(utc)
    return found if moment is None else {**found, "time": moment}
