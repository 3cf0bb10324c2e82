"""`python -m tests.mutation.page` writes docs/mutation.md from the outcomes of the last runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tests.mutation.numbers import numbers
from tests.mutation.places import mutants_of
from tests.mutation.results import Outcome, read
from tests.mutation.rules import CLINICAL
from tests.mutation.survivors import is_judged, judgements
from tests.project.sources import ROOT

PAGE = ROOT / "docs" / "mutation.md"
TOP = """# Mutation testing

A mutation run changes the clinical rules and the numbers of [the mappings](../mappings/README.md) in one place at a
time: it inverts a comparison, removes a condition, or moves a number one step up or down. A test with an independent
expectation must then fail: a table worked out by hand, a worked example, or the second evaluator on random courses.
Every survivor was reviewed: either a test was missing and was written, or the mutant is equivalent to the original, and
[the list](../tests/mutation/survivors.toml) gives the reason. [For contributors](contributors.md#mutation-testing)
describes how to run it. `score` is the share of killed mutants among those tried, without the equivalent ones.
"""
LEFT = """No test has killed these mutants within the time limit.
"""


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(read()), encoding="utf-8")


def page(outcomes: Mapping[str, Outcome]) -> str:
    """The whole page, without outcomes of mutants that no longer exist."""
    rules = {
        f"service/titrate/clinical/{path.relative_to(CLINICAL).as_posix()}": keys
        for path in CLINICAL.rglob("*.py")
        if (keys := [mutant.key for mutant in mutants_of(path)])
    }
    found: dict[str, list[str]] = defaultdict(list)
    for number in numbers():
        found[f"mappings/{number.file}"].append(number.outcome.key)
    tables = [_table(files, outcomes) for files in (rules, found)]
    keys = [key for files in (rules, found) for name in sorted(files) for key in files[name]]
    left = _left([outcomes[key] for key in keys if key in outcomes])
    return "\n".join([TOP, "## Clinical rules\n", tables[0], "## Numbers of the mappings\n", tables[1], left])


def _table(files: Mapping[str, list[str]], outcomes: Mapping[str, Outcome]) -> str:
    rows = ["| file | mutants | tried | killed | equivalent | survived | score |", "|---|---|---|---|---|---|---|"]
    rows += [_row(name.removeprefix("service/titrate/clinical/"), files[name], outcomes) for name in sorted(files)]
    rows.append(_row("**all**", [key for keys in files.values() for key in keys], outcomes))
    return "\n".join(rows) + "\n"


def _row(name: str, keys: list[str], outcomes: Mapping[str, Outcome]) -> str:
    known, tried = judgements(), [outcomes[key] for key in keys if key in outcomes]
    noticed = sum(1 for o in tried if o.noticed)
    equivalent = sum(1 for o in tried if o.survives and is_judged(o, known))
    counted = len(tried) - equivalent
    score = f"{100 * noticed / counted:.1f} %" if counted else "-"
    return f"| {name} | {len(keys)} | {len(tried)} | {noticed} | {equivalent} | {counted - noticed} | {score} |"


def _left(outcomes: list[Outcome]) -> str:
    known = judgements()
    left = [o for o in outcomes if o.survives and not is_judged(o, known)]
    if not left:
        return ""
    rows = [f"- {o.file.removeprefix('service/titrate/clinical/')}, {o.function}: `{_plain(o.change)}`" for o in left]
    return "\n".join(["## Survivors\n", LEFT, *rows]) + "\n"


def _plain(change: str) -> str:
    return " ".join(change.split()).replace("`", "'")


if __name__ == "__main__":
    main()
