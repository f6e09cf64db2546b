"""What is wrong with a vehicle, in words for people who read French."""

import pytest

from federation.fleet_state import Standing
from federation.fleet_troubles import Code, Trouble
from federation.web.fleet import reasons
from protocol.messages import GpsStatus, Refusal
from tests.federation.web.site import Site
from tests.federation.web.test_fleet import line_of, now, read, speak

MINUTE = 60_000


@pytest.mark.parametrize(
    ("code", "detail", "said", "own"),
    [
        ("clock", str(-57 * MINUTE - 24_000), "l'heure à bord retarde de 57 min", ""),
        ("clock", str(185 * MINUTE), "l'heure à bord avance de 3 h 05", ""),
        ("clock", str(-25 * 60 * MINUTE), "l'heure à bord retarde de 1 jour", ""),
        ("disk", "disk low", "carte mémoire : presque pleine", ""),
        ("disk", "199999999", "carte mémoire : il ne reste que 199\u202fMo", ""),
        ("disk", "screen: could not be written", "carte mémoire : à vérifier",
         "screen: could not be written"),
        ("refused", "tour: day 3 is unknown", "document refusé (tournées)", "day 3 is unknown"),
        ("fault", "nobody at the federation listens to this broker",
         "la fédération n'écoute pas", "nobody at the federation listens to this broker"),
        ("fault", "/run/escale takes no files", "un défaut signalé à bord",
         "/run/escale takes no files"),
    ],
)  # fmt: skip
def test_a_trouble_is_told_in_french_and_the_units_own_words_apart(
    code: Code, detail: str, said: str, own: str
) -> None:
    assert reasons.trouble(Trouble(code, detail)) == said
    assert reasons.own(Trouble(code, detail)) == own


def test_several_faults_that_nobody_translated_are_told_once() -> None:
    standing = Standing("trouble", 0, "trouble")
    told = [Trouble("fault", "cable"), Trouble("fault", "relay"), Trouble("gps", "silent")]
    assert reasons.why(standing, told, "Europe/Paris", 0) == "un défaut signalé à bord, GPS muet"


def test_the_fleets_page_has_no_word_of_english_and_the_units_page_marks_them(site: Site) -> None:
    speak(
        site, utc=now() - 57 * MINUTE - 30_000, faults=("relay 4 does not answer", "integrity: no"),
        gps=GpsStatus(state="silent", detail="nothing heard"),
        refused={"tour": Refusal(revision=3, reason="it is for another unit")},
    )  # fmt: skip
    line = line_of(read(site, "/"), "Germaine")
    assert "l'heure à bord retarde de 57 min" in line
    assert "un défaut signalé à bord" in line
    assert "document refusé (tournées)" in line
    page = read(site, "/vehicules/1/")
    for words in ("relay 4 does not answer", "integrity: no", "it is for another unit"):
        assert words not in line
        assert f'<small lang="en">{words}</small>' in page
    assert "nothing heard" not in line
