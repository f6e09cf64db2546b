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
    *("devices", "record_voice_over", "explore", "handshake", "euro", "savings", "credit_card"),
    *("medical_services", "health_and_safety", "account_balance", "school", "public", "palette"),
    *("restaurant", "sports_soccer", "music_note", "volunteer_activism", "lightbulb", "favorite"),
    # People: how many, how old, which gender, alone or with help.
    *("person", "group", "groups", "group_add", "person_add", "person_check", "person_cancel"),
    *("person_raised_hand", "person_heart", "person_search", "child_care", "stroller", "boy"),
    *("girl", "man", "woman", "elderly_woman", "face", "backpack", "diversity_3", "accessible"),
    *("visibility_off", "wc", "emoji_people", "support_agent", "supervisor_account"),
    # Saying and asking.
    *("info", "help", "campaign", "call", "waving_hand", "celebration", "hearing", "forum"),
    *("chat", "sms", "mail", "newspaper", "translate", "language", "sentiment_satisfied"),
    *("thumb_up", "star", "touch_app", "back_hand", "hail", "connect_without_contact"),
    *("check_circle", "cancel"),
    # Days, hours, places.
    *("event", "event_available", "event_busy", "calendar_month", "today", "schedule", "alarm"),
    *("hourglass_top", "timer", "pending", "flag", "home", "location_on", "map", "pin_drop"),
    *("storefront", "festival", "park", "local_library", "directions_bus", "directions_walk"),
    *("pedal_bike", "airport_shuttle", "local_cafe", "bedtime", "door_open"),
    # The staff's day.
    *("checklist", "assignment", "fact_check", "task", "edit_note", "description", "summarize"),
    *("bar_chart", "qr_code_2", "science", "print", "badge", "computer", "laptop_chromebook"),
    *("mobile", "tablet", "devices_other", "desktop_windows", "phone_in_talk", "inventory_2"),
    # What goes wrong on the road.
    *("warning", "error", "traffic", "car_crash", "construction", "remove_road", "bolt", "rainy"),
    *("thunderstorm", "weather_snowy", "storm", "ac_unit", "emergency", "fire_extinguisher"),
    *("report", "sos", "local_gas_station", "tire_repair", "car_repair", "sick", "gavel"),
    # The unit itself.
    *("settings", "build", "usb", "sd_card", "hard_drive", "memory", "key", "lock", "shield"),
    *("verified", "verified_user", "privacy_tip", "wifi", "signal_cellular_alt", "satellite_alt"),
    *("cloud_done", "cloud_upload", "cloud_off", "cloud_sync", "battery_full", "battery_alert"),
    *("power", "router", "monitor_heart", "troubleshoot", "bug_report", "volume_up", "mic"),
    *("brightness_7", "light_mode", "dark_mode", "contrast", "keyboard", "save", "send"),
    *("upgrade", "devices_off", "speaker", "headphones", "thermostat", "medical_information"),
)
PLAIN = (
    # Ways.
    *("arrow_back", "arrow_forward", "arrow_upward", "arrow_downward", "chevron_left"),
    *("chevron_right", "keyboard_arrow_up", "keyboard_arrow_down", "first_page", "last_page"),
    *("login", "logout", "backspace", "space_bar", "keyboard_return", "dialpad", "more_horiz"),
    *("swap_vert", "swap_horiz", "drag_handle", "search", "filter_list", "sort", "visibility"),
    # Doing and undoing.
    *("check", "check_box", "check_box_outline_blank", "radio_button_checked"),
    *("radio_button_unchecked", "circle", "task_alt", "done_all", "close", "delete"),
    *("block", "do_not_disturb_on", "strikethrough_s", "undo", "redo", "replay", "refresh"),
    *("restart_alt", "sync", "sync_problem", "history", "update", "add", "add_circle", "remove"),
    *("edit", "edit_calendar", "edit_location", "edit_off", "content_copy", "content_paste"),
    *("play_arrow", "pause", "pause_circle", "stop", "stop_circle", "tune", "widgets"),
    *("thumb_down", "star_rate", "bookmark", "label", "sell", "archive", "inbox", "list"),
    *("format_list_numbered", "format_list_bulleted", "view_list", "playlist_add_check"),
    *("low_priority", "leaderboard", "pie_chart", "trending_up", "trending_down", "123", "tag"),
    *("sentiment_neutral", "sentiment_dissatisfied", "question_mark", "psychology_alt"),
    # Hours and places.
    *("hourglass_bottom", "hourglass_empty", "hourglass_disabled", "more_time", "timer_off"),
    *("alarm_off", "snooze", "date_range", "event_note", "event_repeat", "event_upcoming"),
    *("moving", "route", "alt_route", "fork_right", "near_me", "my_location", "add_location"),
    *("location_searching", "location_off", "location_disabled", "wrong_location", "speed"),
    *("directions_car", "local_shipping", "local_parking", "garage", "traffic_jam", "no_crash"),
    *("minor_crash", "ev_station", "foggy", "air", "flood", "snowing", "clear_day"),
    # People.
    *("person_off", "person_remove", "group_remove", "person_2", "person_3", "how_to_reg"),
    *("accessibility_new", "front_hand", "male", "female", "transgender", "sign_language"),
    *("interpreter_mode", "closed_caption", "voice_over_off", "hearing_disabled"),
    # The unit: sound, light, network, power, safety.
    *("volume_down", "volume_mute", "volume_off", "mic_off", "graphic_eq", "brightness_5"),
    *("brightness_medium", "brightness_auto", "text_increase", "text_fields", "abc"),
    *("wifi_off", "wifi_find", "signal_cellular_off", "signal_cellular_0_bar"),
    *("signal_disconnected", "cell_tower", "lan", "link", "link_off", "network_check"),
    *("satellite", "cloud_alert", "cloud_download", "battery_low", "battery_charging_full"),
    *("battery_very_low", "battery_unknown", "power_off", "power_settings_new"),
    *("electrical_services", "device_thermostat", "usb_off", "sd_card_alert", "storage"),
    *("download", "upload", "eject", "outgoing_mail", "system_update_alt", "update_disabled"),
    *("lock_open", "lock_clock", "no_encryption", "encrypted", "password", "pin", "vpn_key"),
    *("key_off", "shield_lock", "gpp_bad", "gpp_maybe", "workspace_premium", "fingerprint"),
    *("notifications", "notifications_active", "notifications_off", "query_stats", "terminal"),
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
