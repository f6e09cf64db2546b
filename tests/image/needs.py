"""What the card's tests cannot do without, in one sentence each. Marks modules, tests nothing."""

import pytest

from tests.image import card, tools_root

A_BOARD = [
    pytest.mark.skipif(not tools_root.there(), reason=tools_root.MISSING),
]
AN_IMAGE = [
    pytest.mark.image,
    pytest.mark.timeout(0),
    *A_BOARD,
    pytest.mark.skipif(card.image() is None, reason="no image was built here: make image"),
]
