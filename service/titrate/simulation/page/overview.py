"""The first part of the page: the table by archetype, the checks, and their findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple

from titrate.messages.simulation import CohortByKind
from titrate.simulation.judge import CHECKS, Finding
from titrate.simulation.metrics import Row
from titrate.simulation.page.html import number, signed, table, words

HEAD = (
    "Kind",
    "Patients",
    "First dose",
    "Last dose",
    "Change",
    "Rises",
    "Holds",
    "Lighter weeks",
    "Flares",
    "Deloads",
    "Steps back",
    "Stops",
    "Reviews asked",
    "Goal reached",
    "Weeks to goal",
    "Unsafe steps",
)
EXAMPLES = 40


def kinds(rows: Sequence[Row]) -> str:
    """The table by archetype."""
    return table(HEAD, (_row(row) for row in rows), str(CohortByKind()), "kinds")


def _row(row: Row) -> list[str]:
    unsafe = f'<strong class="{"bad" if row.unsafe else "good"}">{row.unsafe}</strong>'
    return [
        f'<a href="#{row.archetype.name}">{words(row.archetype.title)}</a>',
        str(row.patients),
        number(row.first),
        number(row.last),
        signed(row.change),
        *map(str, astuple(row.counts)),
        f"{row.reached} of {row.patients}",
        number(row.goal_weeks, 0),
        unsafe,
    ]


def checks(judged: Mapping[str, int], findings: Sequence[Finding], *, unsafe: bool) -> str:
    """Every check with the number of runs that it judged and of its findings."""
    caption = "Checks for unsafe steps" if unsafe else "Checks for steps worth reviewing, not unsafe by the rules"
    found = {check.name: sum(1 for one in findings if one.check == check.name) for check in CHECKS}
    rows = (
        [words(check.name), words(check.description), str(judged[check.name]), str(found[check.name])]
        for check in CHECKS
        if check.unsafe is unsafe
    )
    return table(("Check", "What it looks for", "Runs judged", "Found"), rows, caption, "checks")


def findings(found: Iterable[Finding], *, unsafe: bool) -> str:
    """All unsafe findings; of the others, the first of each check and archetype."""
    selected = [one for one in found if one.unsafe is unsafe]
    if not selected:
        return '<p class="good">None.</p>' if unsafe else "<p>None.</p>"
    shown = selected if unsafe else [one for n, one in enumerate(selected) if _is_first(selected, n)][:EXAMPLES]
    rows = ([words(f.check), words(f.patient), f"week {f.number // 7 + 1}", f.rule, words(f.words)] for f in shown)
    caption = "All of them" if unsafe else "The first of each check and kind of patient"
    return table(("Check", "Patient", "When", "Rule", "What"), rows, caption, "findings")


def _is_first(found: Sequence[Finding], place: int) -> bool:
    this = found[place]
    return all((one.check, one.archetype) != (this.check, this.archetype) for one in found[:place])
