"""`python -m tests.mutation.page` writes docs/mutation.md from the outcomes of the last runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.house.sources import ROOT
from tests.mutation.results import Outcome, read
from tests.mutation.survivors import is_judged, judgements

PAGE = ROOT / "docs" / "mutation.md"
TOP = """# What the tests notice

The clinical rules and the numbers of [the mappings](../mappings/README.md) were spoilt in one place at a time: a
comparison turned, a condition forgotten, a number a step higher or lower. A test with an expectation of its own has to
fail: a table worked out by hand, a worked example, the second evaluator on random courses. What no test noticed was
looked at: either a test was missing and was written, or nobody could see a difference, and
[the list](../tests/mutation/survivors.toml) says why. [For contributors](contributors.md#what-the-tests-notice) tells
how to run it. `score` is what was noticed, of all that somebody could notice.
"""


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(read().values()), encoding="utf-8")


def page(outcomes: Iterable[Outcome]) -> str:
    """The whole page."""
    files: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        files[outcome.file].append(outcome)
    rules = {name: found for name, found in files.items() if name.startswith("service/")}
    numbers = {f"mappings/{name}": found for name, found in files.items() if name not in rules}
    parts = [TOP, "## Clinical rules\n", _table(rules), "## Numbers of the mappings\n", _table(numbers), _left(files)]
    return "\n".join(parts)


def _table(files: Mapping[str, list[Outcome]]) -> str:
    rows = ["| file | mutants | noticed | equivalent | left | score |", "|---|---|---|---|---|---|"]
    rows += [_row(name.removeprefix("service/clinical/"), files[name]) for name in sorted(files)]
    rows.append(_row("**all**", [o for found in files.values() for o in found]))
    return "\n".join(rows) + "\n"


def _row(name: str, found: list[Outcome]) -> str:
    known = judgements()
    noticed = sum(1 for o in found if o.noticed)
    equivalent = sum(1 for o in found if o.survives and is_judged(o, known))
    counted = len(found) - equivalent
    score = f"{100 * noticed / counted:.1f} %" if counted else "-"
    return f"| {name} | {len(found)} | {noticed} | {equivalent} | {counted - noticed} | {score} |"


def _left(files: Mapping[str, list[Outcome]]) -> str:
    known = judgements()
    left = [o for name in sorted(files) for o in files[name] if o.survives and not is_judged(o, known)]
    if not left:
        return ""
    rows = [f"- {o.file.removeprefix('service/clinical/')}, {o.function}: `{_plain(o.change)}`" for o in left]
    return "\n".join(["## Left\n", "No test notices these yet.\n", *rows]) + "\n"


def _plain(change: str) -> str:
    return " ".join(change.split()).replace("`", "'")


if __name__ == "__main__":
    main()
