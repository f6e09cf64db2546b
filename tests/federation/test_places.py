"""The commune of a point, from places that are known."""

from pathlib import Path

import pytest

from federation import places
from federation.errors import OperatorError
from federation.places import Place, Places

VALMONT = Place("Marché", "57690", 49.083, 6.703)
ECOLE = Place("École", "57690", 49.090, 6.710)
CAYENNE = Place("Place des Palmistes", "97302", 4.938, -52.335)
KNOWN = Places([VALMONT, ECOLE, CAYENNE])


def test_the_nearest_place_within_reach_gives_its_commune() -> None:
    assert KNOWN.nearest(49.0835, 6.7035, 3000) == VALMONT
    assert KNOWN.nearest(49.0895, 6.7095, 3000) == ECOLE
    assert KNOWN.nearest(4.95, -52.33, 3000) == CAYENNE


def test_out_of_reach_is_unknown() -> None:
    assert KNOWN.nearest(49.3, 6.7, 3000) is None
    assert Places([]).nearest(0.0, 0.0, 3000) is None


def test_a_place_in_the_next_cell_is_found() -> None:
    assert Places([Place("x", "1", 49.0999, 6.7)]).nearest(49.1001, 6.7, 3000) is not None


def test_distances_are_in_metres() -> None:
    assert places.distance(45.0, 3.0, 46.0, 3.0) == pytest.approx(111_195, abs=5)


def test_published_tours_are_known_places() -> None:
    stop = (
        b'{"id":"a","name":"March\xc3\xa9","lat":49.083,"lon":6.703,"commune":"57690",'
        b'"opens":1,"closes":2}'
    )
    body = b'{"tours":[{"day":"2026-05-04","name":"t","stops":[%s]}],"depot":%s}' % (stop, stop)
    assert list(places.from_tours([body])) == [VALMONT, VALMONT]


def test_a_csv_is_read_by_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("insee,name,lat,lon,more\n57690,Marché,49.083,6.703,x\n", encoding="utf-8")
    assert list(places.from_csv(path)) == [VALMONT]


@pytest.mark.parametrize("text", ["name,lat\nx,1\n", "name,insee,lat,lon\nx,1,north,2\n"])
def test_a_csv_that_is_none_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorError, match="mend it or leave"):
        list(places.from_csv(path))


def test_a_missing_csv_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        list(places.from_csv(tmp_path / "none.csv"))
