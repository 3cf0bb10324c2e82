"""What a clinician may approve, each objection on its own (H01, H04, H07, B6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import bad_on
from tests.clinical.pictures import BOOK
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, WALK, Case, ago, walks
from tests.courses.build import answered, minutes, on, sets
from titrate.clinical.prescription.approval_checks import (
    Objections,
    RequestedDose,
    lower_since,
    objections,
    screen_objection,
)
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.values.plan import Dose, EditedElement, Override, UpperBound
from titrate.clinical.values.readings import Reading

NOW = on(AT)
STEP = minutes(22)


def to(case: Case, approved: Dose | None, drafted: Dose | None = STEP, current: Dose | None = WALK,
       exercise: str = "walking") -> Objections:  # fmt: skip
    """The objections to a dose."""
    patient_readings, plan, at = case.course()
    return objections(
        patient_record(patient_readings, plan, BOOK, at), {exercise: RequestedDose(current, drafted, approved)}
    )


def flag(name: str) -> Case:
    """A patient without symptoms and with an open flag."""
    more: tuple[Reading, ...] = (answered(name, True, NOW),)
    return Case(more=more)


MORE = ("walking: more than the drafted dose",)
TOO_MUCH = ("walking: more than 1.20 times the dose in force",)
DOSES: list[tuple[Dose | None, Dose | None, Dose | None, tuple[str, ...], tuple[str, ...]]] = [
    (STEP, STEP, WALK, (), ()), (WALK, STEP, WALK, (), ()), (None, STEP, WALK, (), ()),
    (minutes(23), STEP, WALK, (), MORE), (minutes(24), STEP, WALK, (), MORE),
    (minutes("24.5"), STEP, WALK, TOO_MUCH, MORE),
    (minutes(30), minutes(30), WALK, (), ()),  # the end of a lighter week restores more
    (minutes(31), minutes(30), WALK, TOO_MUCH, MORE),
    (minutes(9), minutes(8), None, (), MORE), (minutes("9.5"), minutes(8), None, (), MORE),
    (minutes(10), minutes(8), None, ("walking: more than 1.20 times the drafted dose",), MORE),
    (minutes(10), None, None, (), MORE),
]  # fmt: skip


@pytest.mark.parametrize(("approved", "drafted", "current", "forbids", "explain"), DOSES)
def test_doses(
    approved: Dose | None,
    drafted: Dose | None,
    current: Dose | None,
    forbids: tuple[str, ...],
    explain: tuple[str, ...],
) -> None:
    """Up to the draft no reason is needed, up to 1.20 of the dose in force one is; above that no reason suffices."""
    found = to(Case(), approved, drafted, current)
    assert (texts(found.forbids), texts(found.explain)) == (forbids, explain)


@pytest.mark.parametrize(("load", "forbidden"), [(48, False), (49, True)])
def test_loads(load: int, forbidden: bool) -> None:
    """The load is also limited to 1.20 of the load in force."""
    found = to(Case(), sets(3, 8, load), sets(3, 8, 42), sets(3, 10, 40), "leg-press")
    assert bool(found.forbids) is forbidden


def test_open_flags() -> None:
    """A flag that stops forbids every dose, but not the stop itself; a flag that holds needs a reason."""
    stopped = to(flag("rf01"), WALK)
    assert texts(stopped.forbids) == (
        "open flag RF01, cauda equina signs: no exercise until a clinician has cleared it",
    )
    assert stopped.explain == ()
    assert to(flag("rf01"), None).forbids == ()
    held = to(flag("rf25"), WALK)
    assert (held.forbids, texts(held.explain)) == ((), ("open flag RF25, new medicine that needs a look",))


def test_no_plan_for_a_patient_who_is_not_enrolled() -> None:
    """The approval is forbidden."""
    patient_readings, plan, at = Case().course()
    out = replace(patient_readings, person=replace(patient_readings.person, enrolled=False))
    found = objections(patient_record(out, plan, BOOK, at), {"walking": RequestedDose(WALK, STEP, STEP)})
    assert texts(found.forbids) == ("the patient is not enrolled",)


def test_bounds() -> None:
    """A clinician's limit and another author's plan are upper bounds; a clinician's edit of the own plan is not."""
    above = ("walking: above a limit that a clinician or another plan sets",)
    edited = UpperBound("walking", minutes(21), "CarePlan/2")
    assert texts(to(Case(plan={"bounds": (edited,)}), STEP).forbids) == above
    assert to(Case(plan={"bounds": (edited,)}), minutes(21)).forbids == ()
    generated = replace(edited, plan="CarePlan/1")
    changed = Override("ServiceRequest/1", EditedElement.DOSE, "22 min", "20 min", "walking")
    assert to(Case(plan={"bounds": (generated,), "overrides": (changed,)}), STEP).forbids == ()
    heavy = UpperBound("leg-press", sets(3, 20, 41), "CarePlan/2")
    case = Case(plan={"bounds": (heavy,)})
    for load, forbids in ((42, 1), (41, 0)):
        found = to(case, sets(3, 8, load), sets(3, 8, 42), sets(3, 10, 40), "leg-press")
        assert len(found.forbids) == forbids
    assert to(case, sets(3, 10), sets(3, 10), sets(3, 10), "leg-press").forbids == ()


@pytest.mark.parametrize("rule", ["D1", "D2", "D3", "D4", "D5", "D7", "D9", "D10"])
def test_a_screen_that_is_outstanding(rule: str) -> None:
    """Drafts of D2 to D4 wait until the red-flag questions are answered (B6)."""
    patient_readings, plan, at = Case(screened=8).course()
    found = screen_objection(patient_record(patient_readings, plan, BOOK, at), rule)
    words = ("the safety screen is outstanding: safety screen 8 days old, more than the limit of 7",)
    assert texts(found) == (words if rule in ("D2", "D3", "D4") else ())
    patient_readings, plan, at = Case().course()
    assert screen_objection(patient_record(patient_readings, plan, BOOK, at), rule) == ()


LOWER: dict[str, Case] = {
    "D1": flag("rf01"), "D2": Case(more=(answered("flare-self-report", True, NOW),)), "D3": Case(sessions=bad_on(5,
    3)), "D4": Case(sessions=tuple(walks((14, 11, 8)))),
}  # fmt: skip


@pytest.mark.parametrize("rule", LOWER)
def test_lower_since_the_draft(rule: str) -> None:
    """If today's reports lower the dose, an earlier draft is reported as higher."""
    decision = LOWER[rule].run(BOOK).decision
    assert decision.rule == rule
    words = (f"walking: today's reports call for a lower dose (rule {BOOK.named(rule)})",)
    requested = {"walking": RequestedDose(WALK, STEP, STEP), "cycling": RequestedDose(None, None, WALK)}
    assert texts(lower_since(decision, requested, BOOK)) == words
    least = decision.doses[0].next
    assert lower_since(decision, {"walking": RequestedDose(WALK, STEP, least)}, BOOK) == ()


@pytest.mark.parametrize("case", [Case(screened=8), Case(), Case(plan={"loading_since": ago(21)})])
def test_a_hold_of_today_is_no_objection(case: Case) -> None:
    """Rules that lower no dose are no objection to a draft."""
    assert lower_since(case.run(BOOK).decision, {"walking": RequestedDose(WALK, STEP, minutes(24))}, BOOK) == ()


def test_one_dose_is_enough_to_be_stopped() -> None:
    """A flag that stops forbids the dose of one exercise, even if another has none."""
    patient_readings, plan, at = flag("rf01").course()
    both = {"walking": RequestedDose(WALK, WALK, WALK), "cycling": RequestedDose(None, None, None)}
    assert len(objections(patient_record(patient_readings, plan, BOOK, at), both).forbids) == 1


def test_no_dose_is_above_nothing() -> None:
    """An absent dose or load never exceeds a bound."""
    edited = UpperBound("walking", Dose(Decimal(10), "min", None, Decimal("0.5")), "CarePlan/2")
    case = Case(plan={"bounds": (edited,)})
    assert to(case, None).forbids == ()
    assert to(case, minutes(10), minutes(10)).forbids == ()
