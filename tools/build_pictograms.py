"""Makes the screen's pictogram font: Material Symbols Rounded, and our own tools/drawings/*.svg.

One glyph per pictogram: sharp at any size, in any colour, 0.4 ms to draw. `name` is the filled
shape, `name_line` its outline; laid over each other in two colours they make the two tones.
Run by tools/build_assets.sh, with fontTools at hand.
"""

import argparse
import json
import re
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import SVGPath

from tools.npm_pack import Package, unpack

SYMBOLS = Package(
    "@material-symbols/svg-400",
    "0.48.2",
    "JJXRvRoHhMbrSFQIkiUwjFkCnurH0Yg+cGMCn9xS0PRtLXovIAQCz7NltNn/teQ9VRYmbzZB75Uw6Hx0umu5Bg==",
)
TWO_TONES = (
    # Doors, and what people come for.
    *("stethoscope", "family_restroom", "elderly", "balance", "cottage", "receipt_long", "work"),
    *("devices", "record_voice_over", "explore", "handshake", "account_balance"),
    *("volunteer_activism",),
    # People: how many, how old, which gender, alone or with help.
    *("groups", "man", "woman", "diversity_3", "support_agent"),
    # Saying and asking.
    *("info", "help", "call", "forum", "translate", "language", "check_circle", "cancel"),
    # Days, hours, places.
    *("event", "event_available", "pending", "location_on", "map", "directions_walk"),
    *("local_cafe",),
    # The staff's day.
    *("description",),
)
PLAIN = (
    # Ways.
    *("arrow_back", "arrow_forward", "logout", "backspace", "more_horiz"),
    # Doing and undoing.
    *("check", "check_box", "check_box_outline_blank", "task_alt", "close", "delete"),
    *("undo", "refresh", "sync_problem", "update", "add", "remove"),
    *("edit_calendar", "edit_location", "play_arrow", "pause", "stop", "tune", "label"),
    *("tag", "question_mark"),
    # Hours and places.
    *("more_time", "moving", "alt_route", "my_location", "location_searching", "location_off"),
    *("local_parking", "minor_crash"),
    # People.
    *("person_off", "accessibility_new"),
    # The unit: sound, light, network, power, safety.
    *("volume_off", "abc", "cell_tower", "link", "power_off", "sd_card_alert"),
    *("storage", "password", "pin", "workspace_premium"),
    # Things and people, in one tone.
    *("person", "group", "group_add", "person_add", "person_raised_hand", "campaign"),
    *("touch_app", "event_busy", "schedule", "hourglass_top", "flag", "pin_drop"),
    *("airport_shuttle", "bedtime", "checklist", "edit_note", "summarize", "science", "badge"),
    *("mobile", "warning", "error", "thunderstorm", "report", "car_repair", "settings"),
    *("sd_card", "key", "lock", "shield", "verified_user", "satellite_alt", "cloud_done"),
    *(
        "cloud_upload",
        "cloud_off",
        "cloud_alert",
        "battery_alert",
        "power",
        "router",
        "monitor_heart",
    ),
    *("volume_up", "brightness_7", "keyboard", "devices_off"),
)
DRAWINGS = Path(__file__).parent / "drawings"
UNITS = 1000
FIRST_CODE = 0xE000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, help="where npm archives are kept")
    parser.add_argument("assets", type=Path, help="ui/assets")
    arguments = parser.parse_args()
    package = unpack(SYMBOLS, arguments.cache)
    build(sources(package / "rounded"), arguments.assets)
    licence = (package / "LICENSE").read_text(encoding="utf-8")
    target = arguments.assets / "LICENSES" / "MaterialSymbols-Apache-2.0.txt"
    target.write_text(licence, encoding="utf-8")


def sources(symbols: Path) -> dict[str, Path]:
    """Glyph name → the SVG it is drawn from, in the order of their codes."""
    files = {name: symbols / f"{name}-fill.svg" for name in TWO_TONES + PLAIN}
    files |= {f"{name}_line": symbols / f"{name}.svg" for name in TWO_TONES}
    files |= {path.stem: path for path in sorted(DRAWINGS.glob("*.svg"))}
    return files


def build(files: dict[str, Path], assets: Path) -> None:
    """Writes pictograms.otf, and pictograms.json: name → character code."""
    glyphs = {".notdef": T2CharStringPen(UNITS, {}).getCharString()}
    glyphs |= {name: _glyph(path.read_text(encoding="utf-8")) for name, path in files.items()}
    codes = {name: FIRST_CODE + number for number, name in enumerate(files)}
    font = FontBuilder(UNITS, isTTF=False)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap({code: name for name, code in codes.items()})
    font.setupCFF("EscalePictogrammes", {}, glyphs, {})
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (UNITS, 0)))
    font.setupHorizontalHeader(ascent=UNITS, descent=0)
    font.setupOS2(sTypoAscender=UNITS, sTypoDescender=0, usWinAscent=UNITS, usWinDescent=0)
    font.setupNameTable({"familyName": "Escale Pictogrammes", "styleName": "Regular"})
    font.setupPost()
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = 0
    font.save(assets / "pictograms.otf")
    (assets / "pictograms.json").write_text(json.dumps(codes, indent=0) + "\n", encoding="utf-8")


def _glyph(svg: str):
    left, top, _, height = map(float, re.search(r'viewBox="([^"]+)"', svg).group(1).split())
    scale = UNITS / height
    pen = T2CharStringPen(UNITS, {})
    # An SVG counts downwards from its viewBox, a font upwards from the base line.
    flip = (scale, 0, 0, -scale, -left * scale, (top + height) * scale)
    SVGPath.fromstring(svg).draw(TransformPen(pen, flip))
    return pen.getCharString()


if __name__ == "__main__":
    main()
