"""`python -m tests.mutation`: makes one change at a time to the rules or their numbers, and lists surviving mutants."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

import pytest

from tests.mutation.run import TESTS, Mutation


def main(arguments: list[str]) -> int:
    """0 when every mutant is killed or judged equivalent, else 1."""
    parsed = _parsed(arguments)
    plugin = Mutation(parsed)
    options = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not validator and not hapi and not postgres"]
    code = pytest.main([*options, *(parsed.tests or TESTS)], plugins=[plugin])
    return int(code) or plugin.left


def _parsed(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--of", choices=("clinical", "constants"), default="clinical")
    parser.add_argument("--only", nargs="*", default=[], help="names of files, e.g. flare.py gates/time.py")
    parser.add_argument("--resume", action="store_true", help="keep earlier results of unchanged functions")
    parser.add_argument("--courses", type=int, default=400, help="number of random courses to compare")
    parser.add_argument(
        "--seconds", type=float, default=4, help="time limit of the trials of one mutant, in seconds on the original"
    )
    parser.add_argument("--every", type=int, default=1, help="try only every Nth mutant")
    parser.add_argument("--tests", nargs="*", default=[], help="tests to run instead of the standard ones")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
