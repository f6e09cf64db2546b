"""Makes what the screen says: a recording of each text that visitors see, in each language.

espeak-ng speaks at build time; any file may be replaced by a human recording of the same name:
its bytes tell, and it is kept for as long as its text stays the same. Only what changed is made
again; with the same packages, the same bytes. Needs Debian's espeak-ng and vorbis-tools.
"""

import argparse
import array
import io
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
from babel.messages.pofile import read_po

from tools.catalogues import spoken
from ui import recordings
from ui.models import speech
from ui.recordings import Book, Recording, digest
from ui.text import catalogue, dates

SPEAKERS = {"fr": "fr-fr", "en": "en-gb", "gcf": "ht", "gcr": "ht"}
"""espeak-ng's voice, where it is not called as the language. Its one creole is Haiti's: it lends
its voice to the sentences of the others, but counts in its own words: that is left to people."""
SPEED, GAP = "130", "3"
"""Words a minute, and hundredths of a second between two of them: slow, for who learns."""
UNSAID = ("crash.", "sign_up.note")
"""Beginnings of keys that no page with a loudspeaker shows."""
RATE, QUALITY = "12000", "-1"
"""Half as good again as a telephone. Each file has 3 kB of Vorbis's own tables in it, whatever it
says: at 16,000 Hz all of them would be a quarter larger."""
LOUDEST, FLOOR = 29_000, 200
"""Of 32,768: how loud the loudest moment is made, and what counts as silence."""
BEFORE, AFTER, AFTER_NUMBER = 0.02, 0.25, 0.06
"""Seconds of silence left around what is said."""


class Text(NamedTuple):
    """What the screen shows, and what the speaker is given to say for it."""

    shown: str
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path, nargs="?", default=recordings.VOICES)
    parser.add_argument("--heard", metavar="LANGUAGE", help="a speaker has listened to all of it")
    arguments = parser.parse_args()
    for language in catalogue.languages():
        make(language, arguments.voices, heard=language == arguments.heard)


def make(language: str, voices: Path, *, heard: bool = False) -> None:
    """Bring one language up to date. Exits when a human recording says what nobody reads now."""
    folder, old, wanted = voices / language, recordings.load(language, voices), texts(language)
    folder.mkdir(parents=True, exist_ok=True)
    found = kept(folder, old, wanted)
    missing = [name for name in wanted if name not in found]
    with ThreadPoolExecutor() as several:
        made = several.map(lambda name: record(folder, name, wanted[name], language), missing)
        found |= zip(missing, made, strict=True)
    for path in folder.glob("*.ogg"):
        if path.stem not in found:
            path.unlink()
    by_name = {name: found[name] for name in sorted(found)}
    heard = heard or (old.heard and not missing)
    book = Book(made_with=made_with(), heard=heard, recordings=by_name)
    text = msgspec.json.format(msgspec.json.encode(book), indent=1) + b"\n"
    (folder / "recordings.json").write_bytes(text)
    print(f"{language}: {len(found)} recordings, {len(missing)} of them made now")


def texts(language: str) -> dict[str, Text]:
    """Name of the recording → its text, for all that is said in that language; each once."""
    wanted, known = dict[str, Text](), set[str]()
    for name, text in chain(_numbers(language), _of_catalogue(language)):
        if speech.bare(text.shown) not in known or name in recordings.BY_NAME:
            known.add(speech.bare(text.shown))
            wanted[name] = text
    return wanted


def kept(folder: Path, old: Book, wanted: dict[str, Text]) -> dict[str, Recording]:
    """The recordings that stay: those by people, and those that would be made the same again."""
    staying = dict[str, Recording]()
    for name, recording in old.recordings.items():
        path = folder / f"{name}.ogg"
        if name not in wanted or not path.exists():
            continue
        by_human = recording.by == "human" or digest(path.read_bytes()) != recording.file
        same = recording.said == digest(wanted[name].said)
        if by_human and not same:
            raise SystemExit(f"{path} says what nobody reads now: record it again, or delete it.")
        if by_human:
            staying[name] = _entry(path, wanted[name], "human")
        elif same and old.made_with == made_with():
            staying[name] = recording
    return staying


def record(folder: Path, name: str, text: Text, language: str) -> Recording:
    """Let the machine say it."""
    path = folder / f"{name}.ogg"
    voice = SPEAKERS.get(language, language)
    # At addresses of its own choice its Arabic throat sounds differ from one run to the next.
    say = ["setarch", "-R", "espeak-ng", "-v", voice, "-s", SPEED, "-g", GAP, "--stdout", "-b", "1"]
    sound = subprocess.run(say, input=text.said.encode(), check=True, capture_output=True)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(
            trimmed(sound.stdout, after=AFTER_NUMBER if name.startswith("number") else AFTER)
        )
        file.flush()
        pack = ["oggenc", "-Q", "-s", "0", "--resample", RATE, "-q", QUALITY, "-o", str(path)]
        subprocess.run([*pack, file.name], check=True, capture_output=True)
    return _entry(path, text, recordings.MACHINE)


def trimmed(sound: bytes, *, after: float) -> bytes:
    """The same .wav without the silence around it, as loud as the others."""
    with wave.open(io.BytesIO(sound)) as heard:
        rate, samples = heard.getframerate(), array.array("h", heard.readframes(2**30))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > FLOOR]
    first, last = max(0, loud[0] - int(BEFORE * rate)), loud[-1]
    louder = LOUDEST / max(map(abs, samples))
    told = array.array("h", (round(sample * louder) for sample in samples[first:last]))
    told.extend([0] * int(after * rate))
    made = io.BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(told.tobytes())
    return made.getvalue()


@cache
def made_with() -> str:
    """The programs, and how they were asked."""
    versions = [_first_line("espeak-ng", "--version"), _first_line("oggenc", "--version")]
    return ", ".join([*versions, f"{SPEED} words a minute, {RATE} Hz, quality {QUALITY}"])


def _first_line(*command: str) -> str:
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+Data at:.*", "", told.splitlines()[0])


def _entry(path: Path, text: Text, by: str) -> Recording:
    file = digest(path.read_bytes())
    return Recording(shown=text.shown, said=digest(text.said), file=file, by=by)


def _of_catalogue(language: str) -> Iterator[tuple[str, Text]]:
    words, said = catalogue.load(language), spoken(language)
    for key in translated(language):
        several = forms(words, key)
        if len(several) == 1 and "{" not in several[0]:
            yield key, Text(several[0], said[key])
            continue
        parts = dict.fromkeys(part for form in several for part in speech.fragments(form))
        for place, part in enumerate(parts):
            yield f"{key}.{place}", Text(part, part)


def _numbers(language: str) -> Iterator[tuple[str, Text]]:
    if SPEAKERS.get(language) == "ht":
        return
    told = dates.tables(language)
    for kind, names in (("weekday", told.days), ("month", told.months)):
        for place, name in names["format"]["wide"].items():
            yield f"{kind}.{place}", Text(name, name)
    for number in range(speech.FULL + 1):
        yield f"number.{number}", Text(str(number), str(number))


def translated(language: str) -> tuple[str, ...]:
    """Keys that have their own words in that language: no voice reads another's."""
    keys = [key for key in catalogue.french("visitor") if not key.startswith(UNSAID)]
    if language == "fr":
        return tuple(keys)
    path = catalogue.LOCALES / language / "visitor.po"
    told = read_po(path.read_text(encoding="utf-8").splitlines(keepends=True), locale=language)
    return tuple(
        message.context
        for message in told
        if message.context in keys and not message.fuzzy and any(_strings(message.string))
    )


def _strings(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


def forms(words: catalogue.Words, key: str) -> tuple[str, ...]:
    """All that a key can read as, its free places left free."""
    source = catalogue.french("visitor")[key]
    if isinstance(source, str):
        return (words[key],)
    free = {name: f"{{{name}}}" for name in re.findall(r"\{([a-z_]+)\}", source["other"])}
    free.pop("count", None)
    told = (words.plural(key, number, **free) for number in range(speech.FULL + 1))
    return tuple(dict.fromkeys(re.sub(r"\d+", "{count}", text) for text in told))


if __name__ == "__main__":
    main()
