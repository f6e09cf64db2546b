"""Other people's rules for stops, on our reader's fixes.

python -m benchmarks._stop_peers naive|trackintel FILE
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from appliance import replay
from appliance.gps.fix import Fix

SLOW, LASTING = 1 / 3.6, 180.0


def naive(fixes: Iterable[Fix]) -> list[dict[str, Any]]:
    """Every three minutes below 1 km/h."""
    found, slow = [], []
    for fix in [*fixes, None]:
        if fix is not None and (fix.speed or 0.0) < SLOW:
            slow.append(fix)
            continue
        if slow and (slow[-1].time - slow[0].time).total_seconds() >= LASTING:
            found.append(
                {
                    "arrival": replay.iso(slow[0].time),
                    "departure": replay.iso(fix.time) if fix else None,
                    "lat": sum(one.lat for one in slow) / len(slow),
                    "lon": sum(one.lon for one in slow) / len(slow),
                }
            )
        slow = []
    return found


def trackintel(fixes: Iterable[Fix]) -> list[dict[str, Any]]:
    """trackintel's sliding window of 50 m and 3 minutes, on every tenth second."""
    import geopandas
    import trackintel

    tenth = [fix for fix in fixes if fix.time.second % 10 == 0]
    frame = geopandas.GeoDataFrame(
        {"user_id": 1, "tracked_at": [fix.time for fix in tenth]},
        geometry=geopandas.points_from_xy([f.lon for f in tenth], [f.lat for f in tenth]),
        crs="EPSG:4326",
    )
    frame.index.name = "id"
    _, stays = trackintel.Positionfixes(frame).generate_staypoints(
        method="sliding", dist_threshold=50, time_threshold=3, gap_threshold=180, include_last=True
    )
    return [
        {
            "arrival": replay.iso(stay.started_at.to_pydatetime()),
            "departure": replay.iso(stay.finished_at.to_pydatetime()),
            "lat": point.y,
            "lon": point.x,
        }
        for stay, point in zip(stays.itertuples(), stays.geometry, strict=True)
    ]


if __name__ == "__main__":
    with Path(sys.argv[2]).open("rb") as log:
        known = [fix for fix in replay.dated(replay.read(log)) if fix.time and fix.mode > 1]
    rule = {"naive": naive, "trackintel": trackintel}[sys.argv[1]]
    json.dump(rule(known), sys.stdout)
