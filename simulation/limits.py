"""How many descriptors this process may have: one a unit, and a few. Counts none that are open."""

import resource

from .errors import OperatorError

BESIDE = 200
"""Descriptors for everything but connections."""
OF_FULL = 12
"""Descriptors of a unit of real code, its journals included."""


def raise_descriptors(light: int, full: int = 0) -> None:
    """Raises OperatorError when the system does not allow that many."""
    wanted = light + full * OF_FULL + BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and wanted > hard:
        raise OperatorError(
            f"{light + full} units need {wanted} open files and {hard} are allowed: "
            "raise LimitNOFILE (ulimit -Hn), or run the fleet in several processes."
        )
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
