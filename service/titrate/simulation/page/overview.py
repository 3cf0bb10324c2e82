"""The first screen: what was tried, the table by kind of person, the checks, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple

from titrate.simulation.judge import CHECKS, Finding
from titrate.simulation.metrics import Row
from titrate.simulation.page.html import number, signed, table, words

HEAD = (
    "Kind",
    "People",
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
    """The table by kind of person."""
    caption = (
        "By kind of person. Doses are minutes of walking a session, medians; counts are of all people of the kind "
        "together. Weeks to the goal are the median of those who reached it."
    )
    return table(HEAD, (_row(row) for row in rows), caption, "kinds")


def _row(row: Row) -> list[str]:
    unsafe = f'<strong class="{"bad" if row.unsafe else "good"}">{row.unsafe}</strong>'
    return [
        f'<a href="#{row.archetype.name}">{words(row.archetype.title)}</a>',
        str(row.people),
        number(row.first),
        number(row.last),
        signed(row.change),
        *map(str, astuple(row.counts)),
        f"{row.reached} of {row.people}",
        number(row.goal_weeks, 0),
        unsafe,
    ]


def checks(judged: Mapping[str, int], findings: Sequence[Finding], *, unsafe: bool) -> str:
    """Every check with how many runs it judged and what it found."""
    caption = "Unsafe steps: what was looked for" if unsafe else "Worth a look: not unsafe by the rules"
    found = {check.name: sum(1 for one in findings if one.check == check.name) for check in CHECKS}
    rows = (
        [words(check.name), words(check.says), str(judged[check.name]), str(found[check.name])]
        for check in CHECKS
        if check.unsafe is unsafe
    )
    return table(("Check", "What it looks for", "Runs judged", "Found"), rows, caption, "checks")


def findings(found: Iterable[Finding], *, unsafe: bool) -> str:
    """The findings, the first ones of each kind of person."""
    listed = [one for one in found if one.unsafe is unsafe]
    if not listed:
        return '<p class="good">None.</p>' if unsafe else "<p>None.</p>"
    shown = listed if unsafe else [one for n, one in enumerate(listed) if _is_first(listed, n)][:EXAMPLES]
    rows = ([words(f.check), words(f.person), f"week {f.number // 7 + 1}", f.rule, words(f.words)] for f in shown)
    caption = "All of them" if unsafe else "The first of each check and kind of person"
    return table(("Check", "Person", "When", "Rule", "What"), rows, caption, "findings")


def _is_first(listed: Sequence[Finding], place: int) -> bool:
    this = listed[place]
    return all((one.check, one.archetype) != (this.check, this.archetype) for one in listed[:place])
