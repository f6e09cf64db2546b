"""What makes a sentence, and what does not."""

from functools import reduce
from operator import xor

from hypothesis import given
from hypothesis import strategies as st

from appliance.gps.sentence import LONGEST, Framer, checksum

from .lines import line

TEXT = "GPGLL,4916.45,N,12311.12,W,225444,A"
GOOD = line(TEXT)


def framed(data: bytes) -> tuple[list[str], int]:
    framer = Framer()
    return framer.push(data), framer.counts.damaged


def test_a_sentence_with_its_checksum_is_kept() -> None:
    assert framed(GOOD) == ([TEXT], 0)


def test_a_sentence_without_checksum_is_counted_and_dropped() -> None:
    assert framed(b"$" + TEXT.encode() + b"\r\n" + GOOD) == ([TEXT], 1)


def test_a_sentence_with_another_checksum_is_counted_and_dropped() -> None:
    assert framed(GOOD.replace(b"N", b"S")) == ([], 1)


def test_a_sentence_cut_in_its_middle_is_dropped_and_the_next_one_kept() -> None:
    assert framed(GOOD[:20] + GOOD) == ([TEXT], 1)


def test_of_a_cut_sentence_run_into_the_next_the_second_is_kept() -> None:
    assert framed(GOOD[:-4] + GOOD) == ([TEXT], 1)


def test_two_whole_sentences_run_together_are_both_kept() -> None:
    assert framed(GOOD.rstrip() + GOOD) == ([TEXT, TEXT], 0)


def test_bytes_before_the_dollar_do_not_matter() -> None:
    assert framed(b"\x00\xffgarbage" + GOOD) == ([TEXT], 0)


def test_a_doubled_dollar_does_not_matter() -> None:
    assert framed(b"$" + GOOD)[0] == [TEXT]


def test_a_checksum_in_small_letters_is_a_checksum() -> None:
    assert framed(GOOD.lower().replace(TEXT.lower().encode(), TEXT.encode())) == ([TEXT], 0)


def test_control_characters_are_no_text_even_under_a_right_checksum() -> None:
    assert framed(line("GPGLL,\x01\x02,N") + GOOD) == ([TEXT], 1)


def test_a_sentence_ends_with_its_checksum_before_any_line_end_is_heard() -> None:
    assert framed(GOOD.rstrip()) == ([TEXT], 0)


def test_a_flood_without_any_end_is_forgotten() -> None:
    framer = Framer()
    for _ in range(1000):
        framer.push(b"A" * 100)
    framer.push(b"$" + b"A" * (LONGEST + 10))
    assert framer.push(GOOD) == [TEXT]
    assert framer.counts.damaged == 1


@given(st.binary(max_size=256))
def test_the_folded_checksum_is_the_plain_one(data: bytes) -> None:
    assert checksum(data) == reduce(xor, data, 0)
