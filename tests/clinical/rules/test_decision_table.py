"""Every rule, gate and phase of the decision table, by one small case each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from tests.clinical.invariants import CHECKS
from tests.clinical.phase_cases import LIGHT, LOW, bad_on, in_phase, two_weeks
from tests.clinical.thresholds.probe import (
    AT,
    WALK,
    Case,
    ago,
    calm,
    minutes_of,
    pain,
    walks,
    without,
)
from tests.courses.build import answered, on, session, sets, state
from titrate.clinical.values.decision import Gate
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import (
    Reading,
)
from titrate.rulebook import load

BOOK = load()
NOW = on(AT)


@dataclass(frozen=True)
class Row:
    """A case and its expected result; `minutes` of walking, None for no dose."""

    name: str
    case: Case
    rule: str
    phase: str
    minutes: str | None
    notes: frozenset[str] = field(default_factory=frozenset)


def _tick(day: int) -> Reading:
    return answered("flare-self-report", True, on(ago(day)))


def _row(name: str, case: Case, expected: tuple[str, str, str | None], *notes: str) -> Row:
    return Row(name, case, *expected, frozenset(notes))


FEW_DAYS = tuple(without(calm(), (1, 2, 3)))
NO_LOG = tuple(calm(40, 14))
RULES = (
    _row("D1 a flag", Case(more=(answered("rf01", True, NOW),)), ("D1", "stopped", None)),
    _row("D1 stopped stays", in_phase(Phase.STOPPED), ("D1", "stopped", None)),
    _row("D1 discharged stays", in_phase(Phase.DISCHARGED), ("D1", "discharged", None)),
    _row("D2 her own word", Case(more=(_tick(0),)), ("D2", "flare", "14")),
    _row("D2 two mornings", Case(days=(*without(calm(), (1, 2)), pain(1, 4), pain(2, 4))), ("D2", "flare", "14")),
    _row("D2 without screen", Case(more=(_tick(0),), screened=8), ("D2", "flare", "14"), "SCREEN_OUTSTANDING"),
    _row("D3 two of three", Case(sessions=bad_on(5, 3)), ("D3", "deload", "16")),
    _row("D3 needs no data", Case(sessions=bad_on(5, 3), days=FEW_DAYS, screened=9), ("D3", "deload", "16")),
    _row("D4 a week", Case(sessions=tuple(walks((14, 11, 8)))), ("D4", "loading", "14")),
    _row("D4 four weeks", Case(sessions=tuple(walks((30, 28))), since=35, plan={"loading_since": ago(10)}),
         ("D4", "baseline", None)),
    _row("D4 in a lighter week ends it", replace(in_phase(Phase.LIGHTER_WEEK, 5), sessions=tuple(walks((9, 8), LIGHT))),
         ("D4", "loading", "8")),
    _row("D5 an E2 flag", Case(more=(answered("rf25", True, NOW),)), ("D5", "loading", "20")),
    _row("D5 in a due lighter week", Case(more=(answered("rf25", True, NOW),), plan={"loading_since": ago(21)}),
         ("D5", "lighter-week", "12"), "LIGHTER_WEEK_DUE"),
    _row("D6 asks for trials", in_phase(Phase.BASELINE), ("D6", "baseline", None)),
    _row("D7 few mornings", Case(days=FEW_DAYS), ("D7", "loading", "20")),
    _row("D7 old screen", Case(screened=8), ("D7", "loading", "20")),
    _row("D7 no dose, no screen", replace(in_phase(Phase.BASELINE), screened=9), ("D7", "baseline", None)),
    _row("D7 expired: no log", Case(days=NO_LOG), ("D7", "loading", None), "PLAN_EXPIRED"),
    _row("D7 expired: no screen", Case(screened=14), ("D7", "loading", None), "PLAN_EXPIRED"),
    _row("D3 expired keeps its rule", Case(sessions=bad_on(5, 3), screened=14), ("D3", "deload", None), "PLAN_EXPIRED"),
    _row("D8 return starts", replace(in_phase(Phase.FLARE, 4, flare_first_day=ago(5)), more=(_tick(5), _tick(4))),
         ("D8", "return", "16")),
    _row("D8 a rung", in_phase(Phase.RETURN), ("D8", "return", "18")),
    _row("D9 due", Case(plan={"loading_since": ago(21)}), ("D9", "lighter-week", "12")),
    _row("D9 goes on", in_phase(Phase.LIGHTER_WEEK, 6), ("D9", "lighter-week", "12")),
    _row("D9 ends", in_phase(Phase.LIGHTER_WEEK, 7), ("D9", "loading", "20")),
    _row("D10 a step", Case(), ("D10", "loading", "22")),
    _row("D11 maintenance", in_phase(Phase.MAINTENANCE), ("D11", "maintenance", "20")),
    _row("D11 deload goes on", replace(in_phase(Phase.DELOAD), sessions=(*walks((14, 12)), *walks((5, 3), LOW))),
         ("D11", "deload", "16")),
    _row("D10 when a deload is over", in_phase(Phase.DELOAD), ("D10", "loading", "17")),
    _row("D11 return is over",
         replace(in_phase(Phase.RETURN), states=(state("walking", WALK, 3, ago(8), before_flare=WALK),)),
         ("D11", "loading", "20")),
)  # fmt: skip


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.name)
def test_rule(row: Row) -> None:
    """Rule, phase after approval, dose and notes of this case; its explanation satisfies the invariants."""
    result = row.case.run(BOOK)
    decision = result.decision
    assert (decision.rule, decision.phase.value, minutes_of(result)) == (row.rule, row.phase, row.minutes)
    assert row.notes <= set(decision.notes)
    assert not [wrong for check in CHECKS for wrong in check(row.case.course(), result)]


GATES = {
    "G1": (Case(more=(answered("rf25", True, NOW),)), {"G1"}),
    "G2": (in_phase(Phase.MAINTENANCE), {"G2"}),
    "G3": (Case(screened=8), {"G3"}),
    "G4": (Case(sessions=two_weeks(pain_peak=Decimal("5.5"))), {"G4"}),
    "G5": (Case(states=(state("walking", WALK, 3, ago(14), last_raised=ago(6)),)), {"G5"}),
    "G6": (Case(days=tuple(without(calm(), (8, 9, 10)))), {"G6"}),
    "G7": (Case(states=(state("walking", WALK, 5, ago(14)),)), {"G7", "G9"}),
    "G8": (Case(more=(answered("stressor", "major", on(ago(3))),)), {"G8"}),
    "G9": (Case(sessions=two_weeks(done=Decimal("14.5"), prescribed=Decimal(20))), {"G4", "G9"}),
    "G10": (Case(sessions=two_weeks(form="compensating")), {"G10"}),
    "G12": (Case(plan={"loading_since": ago(21)}), {"G12"}),
    "G13": (Case(sessions=two_weeks(talk_test="equivocal")), {"G13"}),
    "G14": (Case(plan={"approved": ago(43)}), {"G14"}),
}


def _press(last_set: int | None) -> Case:
    dose = sets(3, 10, 40)
    pressed = [session("leg-press", ago(d), dose, (2, 3), 3, last_set=last_set) for d in (14, 12, 10, 7, 5, 3)]
    return Case(states=(state("leg-press", dose, 3, ago(14)),), sessions=tuple(pressed))


GATES["G11"] = (_press(11), {"G11"})


@pytest.mark.parametrize("gate", [f"G{n}" for n in range(1, 15)])
def test_gate_alone(gate: str) -> None:
    """Each gate can block a step, alone or with those that fail on the same fact."""
    case, failing = GATES[gate]
    result = case.run(BOOK)
    found = {name for name, verdict in result.decision.candidates[0].gates.items() if verdict is Gate.FAIL}
    assert found == failing
    assert result.decision.rule != "D10"


def test_last_set_not_recorded_fails_two_for_two() -> None:
    """Missing data fail G11."""
    assert _press(None).run(BOOK).decision.candidates[0].gates["G11"] is Gate.FAIL
