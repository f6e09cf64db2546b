"""Aligns a table for a terminal. Knows no unit."""

from collections.abc import Sequence


def aligned(headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """Lines of columns two spaces apart; numbers stand at the right."""
    texts = [list(headings), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(headings))]
    right = [
        bool(rows) and all(isinstance(row[column], int) for row in rows)
        for column in range(len(headings))
    ]
    lines = [
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in texts
    ]
    return "\n".join(lines) + "\n"
