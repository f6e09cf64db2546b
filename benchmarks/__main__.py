"""Runs every benchmark, one after the other: what it prints is what docs/figures.md quotes."""

import argparse
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Runs those named, or all of them."""
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem[0] != "_")
    runnable = [
        name for name in known if '__name__ == "__main__"' in (HERE / f"{name}.py").read_text()
    ]
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(runnable))
    names = parser.parse_args().names or runnable
    unknown = [name for name in names if name not in runnable]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(runnable)}")
    for name in names:
        print(f"\n## {name}: .venv/bin/python -m benchmarks.{name}", flush=True)
        sys.argv = [name]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
