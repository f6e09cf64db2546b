"""How strongly satellites are heard, on a real receiver's log and on damaged lines."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.gps.reader import Reader
from appliance.gps.sky import Sky

from .lines import log


def heard(*sentences: str) -> tuple[int, ...]:
    sky = Sky()
    for sentence in sentences:
        sky.hear(sentence)
    return sky.strengths


def test_a_real_receiver_s_sky_is_told_the_strongest_first() -> None:
    reader = Reader()
    reader.push(log("neo-m8n")[:8000])
    told = reader.sky.strengths
    assert told[:3] == (36, 35, 32)
    assert told == tuple(sorted(told, reverse=True))


def test_a_group_counts_once_all_of_it_is_there() -> None:
    first = "GPGSV,2,1,05,01,53,280,36,03,29,301,24,04,55,223,37,08,38,166,"
    assert heard(first) == ()
    assert heard(first, "GPGSV,2,2,05,11,40,245,29") == (37, 36, 29, 24, 0)


def test_each_system_has_its_own_group_and_the_newest_counts() -> None:
    assert heard("GPGSV,1,1,01,01,53,280,36", "GLGSV,1,1,01,66,37,078,27") == (36, 27)
    assert heard("GPGSV,1,1,01,01,53,280,36", "GPGSV,1,1,00") == ()


def test_a_signal_s_number_is_no_satellite() -> None:
    assert heard("GAGSV,1,1,01,02,11,034,31,7") == (31,)


@given(st.lists(st.text(alphabet="GPSV,0123456789.-x", max_size=40)))
def test_whatever_it_hears_it_goes_on(sentences: list[str]) -> None:
    told = heard(*sentences, *(f"GPGSV,{each}" for each in sentences))
    assert all(0 <= strength <= 99 for strength in told)
