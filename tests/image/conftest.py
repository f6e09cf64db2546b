"""Fixtures of the card's tests: the pages to look for, drawn once."""

import pytest

from tests.image.in_use import SCENES
from tests.image.pages import Pages
from tests.support import unit_config_file


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder = tmp_path_factory.mktemp("pages")
    unit: dict[str, object] = {"vehicle_name": "Germaine"}
    return Pages(folder / "drawn", unit_config_file(folder, unit=unit), *SCENES)
