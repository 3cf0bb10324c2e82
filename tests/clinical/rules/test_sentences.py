"""Sentences take their numbers from the rulebook: another number gives another sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, changed, intake_decision, pain, walks, without
from tests.courses.build import measured, minutes, on, state
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook

LOW = minutes(16)
Run = Callable[[Rulebook], Evaluation]


def _flare(days: int) -> Run:
    """A flare of this many mornings, today's included."""
    return Case(days=(*without(calm(40, 0), range(days)), *(pain(day, 4) for day in range(days)))).run


def _rung(since: int, dose: object, rpe: int = 3) -> Run:
    """The return to load after a flare, this many days at its dose."""
    sessions = tuple(replace(one, rpe=Decimal(rpe)) for one in walks((5, 3, 1), dose))  # type: ignore[arg-type]
    one = state("walking", dose, 3, ago(since), before_flare=WALK)  # type: ignore[arg-type]
    return Case(states=(one,), phase=Phase.RETURN, since=12, sessions=sessions).run


def _month(book: Rulebook) -> Evaluation:
    """Little work in a month, and a planned week with much more."""
    old = replace(walks((21,))[0], done=Decimal(40), prescribed=Decimal(40))
    return Case(sessions=(old, *walks((14, 12, 10, 5, 3, 1)))).run(book)


def _start(trials: dict[int, int]) -> Run:
    return lambda book: intake_decision(book, trials)


SENTENCES: dict[str, tuple[Run, str, str]] = {
    "RETURN_LONG_DAYS": (_flare(17), "lasted more than 14 days;", "lasted more than 15 days;"),
    "RETURN_MIDDLE_DAYS": (_flare(10), "lasted more than 7 days", "lasted more than 8 days"),
    "TRIALS_MIN": (Case(sessions=tuple(walks((40, 38, 36)))).run, "3 new tolerance trials", "4 new tolerance trials"),
    "TRIALS_UNSTABLE_MORE": (_start({2: 10, 4: 10, 6: 25}), "2 more tolerance trials", "3 more tolerance trials"),
    "RETURN_T_SESSIONS": (_rung(9, LOW, 5), "until 2 sessions in a row", "until 3 sessions in a row"),
    "RETURN_HOLD_DAYS": (_rung(6, WALK), "and held for 7 days", "and held for 8 days"),
    "TWO_FOR_TWO_SESSIONS": (Case().run, "form in the last 2 sessions", "form in the last 3 sessions"),
    "LOAD_MONTH_DAYS": (_month, "mean week of the last 28 days", "mean week of the last 29 days"),
}


def sentences(result: Evaluation) -> str:
    """All sentences of a decision."""
    decision = result.decision
    return "\n".join((*texts(decision.reasons), *texts(decision.asks), *(str(e.text) for e in decision.trace)))


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_follows_the_rulebook(name: str) -> None:
    """A number one higher in the rulebook is one higher in the sentence."""
    run, shipped, other = SENTENCES[name]
    assert shipped in sentences(run(BOOK))
    after = sentences(run(changed(BOOK, name, Decimal(1))))
    assert other in after
    assert shipped not in after


def test_a_hold_names_its_gates() -> None:
    """A failing gate is shown with its short name; a rulebook without names shows the id."""
    case = Case(more=(measured("phq-9", 12, on(ago(5))),))
    shown = "walking: gates not met: G8, no hold for sleep, mood or a stressor"
    assert texts(case.run(BOOK).decision.reasons) == (shown,)
    assert texts(case.run(replace(BOOK, names={})).decision.reasons) == ("walking: gates not met: G8",)
