"""Makes the screen's text fonts: Latin and Cyrillic letters in one, Arabic and Latin in another.

Latin is Atkinson Hyperlegible Next with a plain zero: its own has a slash, which people who read
little take for another sign; the OFL allows the change under another name. The other scripts are
Noto Sans, which has the same proportions. Run by tools/build_assets.sh, with fontTools at hand.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from tools.npm_pack import Package, unpack

ATKINSON = Package(
    "@fontsource/atkinson-hyperlegible-next",
    "5.3.0",
    "8p1tHVoPDo6oYwSO3sMw5snGwFwSf3TmeSF9Gcj792GXdsg6oqvhoItbj6Hj/XZIk0Xs+Cwu6pkLBAl3Q5HrwA==",
)
NOTO = Package(
    "@fontsource/noto-sans",
    "5.3.0",
    "fBCog2PY7DiVVTEEqtI/Qdinx/knobHYfoGpjFXdfBX5RoJaBp1Prw2G75p0OIsdlMZg3cLo0c+YbIUYOxnQJw==",
)
ARABIC = Path("/usr/share/fonts/truetype/noto")
"""From Debian: the npm package of Noto Sans Arabic has neither all its letters nor its digits."""
ARABIC_PACKAGE = "fonts-noto-core 20201225"
ARABIC_DIGESTS = {
    "Regular": "504d7407d86875acf7d04dfaa0fd7524d0b8797723bc4aa18022f29db25b0b6e",
    "Bold": "ded6fc7359ca36d15d7aab9ef0c066e21ce48b26a069994d6602fa2cb9a1b952",
}
ARABIC_LETTERS = (
    *range(0x0600, 0x0700),
    *range(0x0750, 0x0780),
    *range(0xFB50, 0xFE00),
    *range(0xFE70, 0xFF00),
)
"""With the presentation forms: whoever shapes the words asks for those (ui/text)."""
UNITS = 1000
CYRILLIC_SIZE = 925
"""Per mille: its small letters then stand as tall as Atkinson's."""
ARABIC_LINE = (1250, -450)
"""Ascent and descent: its own lines are half as tall again, less than this cuts the tanwin."""
WEIGHTS = (400, 600, 700)
ARABIC_WEIGHTS = {400: "Regular", 700: "Bold"}
ALIASES = {0x02BC: "quoteright", 0x2011: "hyphen", 0x202F: "space"}
"""Signs of Ukrainian and French that the font has under another code."""
KEPT_TABLES = {"GPOS", "OS/2", "cmap", "gasp", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, help="where npm archives are kept")
    parser.add_argument("assets", type=Path, help="ui/assets")
    arguments = parser.parse_args()
    atkinson, noto = (unpack(package, arguments.cache) for package in (ATKINSON, NOTO))
    fonts, licences = arguments.assets / "fonts", arguments.assets / "LICENSES"
    for weight in WEIGHTS:
        merged = merge(latin(atkinson, weight), cyrillic(noto, weight))
        finish(merged, fonts / f"EscaleLisible-{weight}.ttf", "Escale Lisible", weight)
    for weight, style in ARABIC_WEIGHTS.items():
        merged = merge(letters_alone(latin(atkinson, weight)), arabic(style))
        set_line(merged, *ARABIC_LINE)
        finish(merged, fonts / f"EscaleArabe-{weight}.ttf", "Escale Arabe", weight)
    for name, package in (("EscaleLisible", atkinson), ("NotoSans", noto)):
        licence = (package / "LICENSE").read_text(encoding="utf-8")
        (licences / f"{name}-OFL.txt").write_text(licence, encoding="utf-8")


def latin(package: Path, weight: int) -> TTFont:
    """Atkinson with the letters of all languages written in Latin, its zeros plain."""
    parts = []
    for part in ("latin", "latin-ext"):
        name = f"atkinson-hyperlegible-next-{part}-{weight}-normal.woff2"
        font = TTFont(package / "files" / name)
        drop(font, KEPT_TABLES if part == "latin" else KEPT_TABLES - {"GPOS"})
        parts.append(font)
    for name in ("zero", "zero.tf"):
        plain_zero(parts[0], name)
    return merge(*parts)


def cyrillic(package: Path, weight: int) -> TTFont:
    """Noto's Cyrillic letters, of the size of Atkinson's."""
    font = TTFont(package / "files" / f"noto-sans-cyrillic-{weight}-normal.woff2")
    letters = [code for code in font.getBestCmap() if 0x0400 <= code < 0x0530 or code == 0x2116]
    font = letters_alone(keep(font, letters))
    scale_upem(font, CYRILLIC_SIZE)
    font["head"].unitsPerEm = UNITS
    return font


def arabic(style: str) -> TTFont:
    """Noto's Arabic letters in all their forms; the marks above them keep their places."""
    path = ARABIC / f"NotoSansArabic-{style}.ttf"
    if not path.exists() or _digest(path) != ARABIC_DIGESTS[style]:
        raise SystemExit(f"{path} is not that of Debian's {ARABIC_PACKAGE}: install that package.")
    font = keep(TTFont(path), ARABIC_LETTERS)
    drop(font, KEPT_TABLES | {"GDEF"})
    return font


def keep(font: TTFont, letters) -> TTFont:
    """The font with those letters alone."""
    options = Options(hinting=False, notdef_outline=True, glyph_names=True, layout_features=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    return font


def letters_alone(font: TTFont) -> TTFont:
    """Without kerning: two fonts' rules of it do not go together."""
    drop(font, KEPT_TABLES - {"GPOS"})
    return font


def drop(font: TTFont, kept: set[str]) -> None:
    """Let go of all tables but those, and those that no font is without."""
    font.flavor = None
    for table in set(font.keys()) - kept - {"GlyphOrder", "name", "post", "prep"}:
        del font[table]


def merge(first: TTFont, second: TTFont) -> TTFont:
    """Both in one; what both have is the first's, and so is the height of a line."""
    line = first["hhea"].ascent, first["hhea"].descent
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("first.ttf", "second.ttf")]
        for font, path in zip((first, second), paths, strict=True):
            font.recalcTimestamp = False
            font.save(path)
        merged = Merger().merge(paths)
    set_line(merged, *line)
    return merged


def set_line(font: TTFont, ascent: int, descent: int) -> None:
    """How far a line reaches above and below its base, in thousandths of the type's size."""
    font["hhea"].ascent = font["OS/2"].sTypoAscender = font["OS/2"].usWinAscent = ascent
    font["hhea"].descent = font["OS/2"].sTypoDescender = descent
    font["OS/2"].usWinDescent = -descent
    font["hhea"].lineGap = font["OS/2"].sTypoLineGap = 0


def finish(font: TTFont, target: Path, family: str, weight: int) -> None:
    """Write it under its own name; the same bytes each time."""
    for table in font["cmap"].tables:
        letters = set(table.cmap.values())
        table.cmap |= {code: name for code, name in ALIASES.items() if name in letters}
    for record in list(font["name"].names):
        if record.nameID in (1, 16):
            record.string = family
        elif record.nameID in (3, 4, 6):
            record.string = f"{family} {weight}".replace(" ", "" if record.nameID == 6 else " ")
        elif record.nameID not in (0, 2, 5, 14):
            font["name"].names.remove(record)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.save(target)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
