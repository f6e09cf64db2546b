"""Makes the screen's text font from Atkinson Hyperlegible Next: Latin letters, a plain zero.

Its own zero has a slash, which people who read little take for another sign; the OFL allows the
change under another name. Run by tools/build_assets.sh, with fontTools and brotli at hand.
"""

import argparse
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from tools.npm_pack import Package, unpack

ATKINSON = Package(
    "@fontsource/atkinson-hyperlegible-next",
    "5.3.0",
    "8p1tHVoPDo6oYwSO3sMw5snGwFwSf3TmeSF9Gcj792GXdsg6oqvhoItbj6Hj/XZIk0Xs+Cwu6pkLBAl3Q5HrwA==",
)
FAMILY = "Escale Lisible"
WEIGHTS = (400, 600, 700)
KEPT_TABLES = {"GPOS", "OS/2", "cmap", "gasp", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, help="where npm archives are kept")
    parser.add_argument("assets", type=Path, help="ui/assets")
    arguments = parser.parse_args()
    source = unpack(ATKINSON, arguments.cache)
    for weight in WEIGHTS:
        name = f"atkinson-hyperlegible-next-latin-{weight}-normal.woff2"
        target = arguments.assets / "fonts" / f"EscaleLisible-{weight}.ttf"
        build(source / "files" / name, target, weight)
    licence = (source / "LICENSE").read_text(encoding="utf-8")
    (arguments.assets / "LICENSES" / "EscaleLisible-OFL.txt").write_text(licence, encoding="utf-8")


def build(source: Path, target: Path, weight: int) -> None:
    """One weight as TrueType, renamed, its zeros plain; the same bytes each time."""
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    for name in ("zero", "zero.tf"):
        plain_zero(font, name)
    for table in set(font.keys()) - KEPT_TABLES - {"GlyphOrder", "name", "post", "prep"}:
        del font[table]
    for record in list(font["name"].names):
        if record.nameID in (1, 16):
            record.string = FAMILY
        elif record.nameID in (3, 4, 6):
            record.string = f"{FAMILY} {weight}".replace(" ", "" if record.nameID == 6 else " ")
        elif record.nameID not in (0, 2, 5, 14):
            font["name"].names.remove(record)
    font.save(target)


def plain_zero(font: TTFont, name: str) -> None:
    """Rebuilds the zero as two ovals: its outer contour, and the same one reversed inside it."""
    glyphs = font.getGlyphSet()
    contours = sorted(_contours(glyphs, name), key=_area, reverse=True)
    if len(contours) < 3:
        return
    outer = _bounds(contours[0])
    holes = [_bounds(contour) for contour in contours[1:]]
    inner = (
        min(hole[0] for hole in holes),
        min(hole[1] for hole in holes),
        max(hole[2] for hole in holes),
        max(hole[3] for hole in holes),
    )
    across = (inner[2] - inner[0]) / (outer[2] - outer[0])
    up = (inner[3] - inner[1]) / (outer[3] - outer[1])
    shift = (inner[0] - outer[0] * across, inner[1] - outer[1] * up)
    pen = TTGlyphPen(None)
    _replay(contours[0], pen)
    _replay(contours[0], TransformPen(ReverseContourPen(pen), (across, 0, 0, up, *shift)))
    font["glyf"][name] = pen.glyph()


def _contours(glyphs, name):
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    contour = []
    for operation in pen.value:
        contour.append(operation)
        if operation[0] in ("closePath", "endPath"):
            yield contour
            contour = []


def _replay(contour, pen) -> None:
    for operation, points in contour:
        getattr(pen, operation)(*points)


def _bounds(contour):
    pen = BoundsPen(None)
    _replay(contour, pen)
    return pen.bounds


def _area(contour) -> float:
    left, bottom, right, top = _bounds(contour)
    return (right - left) * (top - bottom)


if __name__ == "__main__":
    main()
