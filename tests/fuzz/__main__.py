"""`python -m tests.fuzz`: breaks records of the fixture patients and lists crashes, slow cases and higher doses."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser

from tests.fuzz.cases import by_kind, ehr_planner, plan_file, run
from tests.fuzz.judgements import judged


def main(arguments: list[str]) -> int:
    """0 without findings that are not judged, else 1. One line for each kind of them, with the first patient."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--way", choices=("file", "ehr"), default="file", help="how the records arrive")
    parser.add_argument("--slow", type=float, default=2, help="CPU seconds after which a case is listed as slow")
    chosen = parser.parse_args(arguments)
    with ehr_planner() if chosen.way == "ehr" else contextlib.nullcontext(plan_file) as planner:
        found = list(run(chosen.seed, chosen.cases, planner, chosen.slow))
    findings = [one for one in found if not judged(one)]
    total, left = len(found), len(findings)
    first = {(one.problem, one.mutation, one.resource_type, one.element): one for one in reversed(findings)}
    for kind, count in sorted(by_kind(findings).items(), key=lambda item: (-item[1], item[0])):
        sys.stdout.write(f"{count} {' '.join(kind)} ({first[kind].patient}: {first[kind].detail})\n")
    ran = f"{chosen.cases} cases, seed {chosen.seed}, by {chosen.way}"
    sys.stdout.write(f"{ran}: {total} findings, {left} not judged\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
