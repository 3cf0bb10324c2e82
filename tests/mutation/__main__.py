"""`python -m tests.mutation`: spoils the rules or their numbers one thing at a time, and lists what no test notices."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

import pytest

from tests.mutation.run import TESTS, Mutation


def main(arguments: list[str]) -> int:
    """0 when every mutant is noticed or judged, else 1."""
    asked = _asked(arguments)
    plugin = Mutation(asked)
    options = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not validator and not hapi and not postgres"]
    code = pytest.main([*options, *(asked.tests or TESTS)], plugins=[plugin])
    return int(code) or plugin.left


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--of", choices=("clinical", "constants"), default="clinical")
    parser.add_argument("--only", nargs="*", default=[], help="names of files, e.g. flare.py gates/time.py")
    parser.add_argument("--resume", action="store_true", help="keep what was found for functions that are unchanged")
    parser.add_argument("--courses", type=int, default=400, help="how many random courses are compared")
    parser.add_argument(
        "--seconds", type=float, default=4, help="trials that one mutant gets, as seconds of the original"
    )
    parser.add_argument("--every", type=int, default=1, help="try every so-manieth mutant only")
    parser.add_argument("--tests", nargs="*", default=[], help="other tests than the standard ones")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
