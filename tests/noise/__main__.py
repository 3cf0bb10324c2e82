"""`python -m tests.noise`: how many decisions hold or lower because of benign noise."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from itertools import chain
from pathlib import Path

from tests.noise.cases import NoisyCase, course_cases, fixture_cases, outcome_of
from titrate.json_codec import dumps


def main(arguments: list[str]) -> int:
    """0 if no decision is lower with noise, else 1. One line for each pair of rules that differ."""
    parser = ArgumentParser(prog="python -m tests.noise", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--courses", type=int, default=2000, help="cases on simulated courses")
    parser.add_argument("--fixtures", type=int, default=500, help="cases on the fixture patients")
    parser.add_argument("--save", type=Path, help="write each case as a line of JSON, for a comparison of two versions")
    chosen = parser.parse_args(arguments)
    cases = chain(fixture_cases(chosen.seed, chosen.fixtures), course_cases(chosen.seed, chosen.courses))
    if chosen.save is not None:
        with chosen.save.open("wb") as file:
            file.writelines(_line(case) for case in cases)
        return 0
    outcomes = [outcome_of(case) for case in cases]
    lower = [one for one in outcomes if one.lower]
    for (plain, noisy), count in sorted(Counter((one.rule, one.noisy_rule) for one in outcomes).items()):
        sys.stdout.write(f"{plain} -> {noisy}: {count}\n")
    for one in lower:
        sys.stdout.write(f"lower: {one.case} {one.rule} -> {one.noisy_rule} {', '.join(one.lower)}\n")
    sys.stdout.write(f"{len(outcomes)} cases, seed {chosen.seed}: {len(lower)} lower with noise\n")
    return 1 if lower else 0


def _line(case: NoisyCase) -> bytes:
    return dumps({"name": case.name, "at": case.at.isoformat(), "plain": case.resources, "noisy": case.noisy}) + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
