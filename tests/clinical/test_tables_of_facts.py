"""Every red flag in every phase; eligibility; classes, conflicts and flags of single facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import in_phase, two_weeks
from tests.clinical.thresholds.probe import (
    AT,
    Case,
    ago,
    flags,
    minutes_of,
    on_course,
    pain,
)
from tests.courses.build import answered, limit, measured, on, stamp
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import (
    Comment,
    Diagnosis,
    DiagnosisKind,
    Measurement,
    Medication,
    PatientDetails,
    Reading,
    Refusal,
    RefusalReason,
    SessionReported,
    Source,
)
from titrate.clinical.values.rulebook import Urgency
from titrate.messages.refused_values import ValueMissing
from titrate.rulebook import load

BOOK = load()
PHASES = tuple(phase for phase in Phase if phase is not Phase.INTAKE)
NOW = on(AT)
HARD: dict[str, object] = {"rpe": Decimal(5)}


def _preliminary(reading: SessionReported) -> SessionReported:
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def _late(reading: SessionReported) -> SessionReported:
    return replace(reading, stamp=replace(reading.stamp, entered=reading.stamp.end + timedelta(hours=49)))


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("flag", BOOK.flags)
def test_flag_in_every_phase(flag: str, phase: Phase) -> None:
    """A flag answered yes stops the programme, or holds it where it is E2 alone; no dose rises (H01)."""
    case = replace(in_phase(phase), more=(answered(flag, True, on(ago(1))),))
    result, urgency = case.run(BOOK), BOOK.flags[flag].urgency
    assert flag in {f.flag for f in result.flags}
    stopped = urgency is not Urgency.E2 or phase in (Phase.STOPPED, Phase.DISCHARGED)
    assert result.decision.rule == ("D1" if stopped else "D5")
    for change in result.decision.doses:
        assert change.next is None or (not stopped and change.next == change.current)


@pytest.mark.parametrize("flag", BOOK.flags)
def test_unanswered_question_is_no_negative(flag: str) -> None:
    """A question left open after its last answer keeps every dose unchanged (H02)."""
    result = Case(more=(answered(flag, None, on(ago(1))),)).run(BOOK)
    assert (result.decision.rule, minutes_of(result)) == ("D7", "20")


PEOPLE: dict[str, dict[str, object]] = {
    "deceased": {"deceased": True}, "merged": {"merged_into": "Patient/2"}, "opted out": {"opted_out": True},
    "not enrolled": {"enrolled": False}, "under 18": {"birth_date": date(2007, 1, 21)},
}  # fmt: skip
ELIGIBLE: dict[str, dict[str, object]] = {
    "birth date unknown": {"birth_date": None},
    "enrolment unknown": {"enrolled": None},
}


@pytest.mark.parametrize("name", [*PEOPLE, *ELIGIBLE])
def test_who_is_eligible(name: str) -> None:
    """D0 needs a stated reason; unknown facts exclude no one."""
    patient_readings, plan, at = Case(more=(answered("rf01", True, NOW),)).course()
    adult = PatientDetails("p1", patient_readings.person.zone, date(1965, 1, 1), enrolled=True)
    person = replace(adult, **(PEOPLE | ELIGIBLE)[name])  # type: ignore[arg-type]
    decision = on_course(BOOK, (replace(patient_readings, person=person), plan, at)).decision
    assert decision.rule == ("D0" if name in PEOPLE else "D1")
    assert bool(decision.doses) is (name in ELIGIBLE)


CLASSES: dict[str, tuple[dict[str, object], str]] = {
    "tolerated": ({}, "T"), "peak unknown": ({"pain_peak": None}, "N"), "effort unknown": ({"rpe": None}, "M"),
    "done unknown": ({"done": None}, "M"), "prescribed unknown": ({"prescribed": None}, "M"), "hard": (HARD, "M"),
    "stopped for pain": ({"stop_reason": "pain"}, "M"), "stopped for time": ({"stop_reason": "time"}, "T"),
    "sharp": ({"pain_quality": "sharp"}, "M"), "peak unknown, hard": ({"pain_peak": None} | HARD, "M"),
    "talk test": ({"talk_test": "equivocal"}, "T"),
    "form": ({"form": "compensating"}, "T"),
    "more than asked": ({"prescribed": Decimal(22)}, "M"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_class(name: str) -> None:
    """One changed or unknown fact in a session that went well (B1, B11.21, B11.29)."""
    changes, session_class = CLASSES[name]
    assert Case(sessions=two_weeks(**changes)).run(BOOK).assessment.sessions[-1].session_class.value == session_class


@pytest.mark.parametrize("change", [_late, _preliminary])
def test_doubtful_session_is_never_tolerated(change: object) -> None:
    """A recalled or preliminary session is marginal at best, and not tolerated if it was bad."""
    assert callable(change)
    for peak, session_class in ((3, SessionClass.M), (6, SessionClass.X)):
        sessions = (*two_weeks()[:-1], change(two_weeks(pain_peak=Decimal(peak))[-1]))
        result = Case(sessions=sessions).run(BOOK)
        assert result.assessment.sessions[-1].session_class is session_class
        assert result.decision.rule == "D11"


def _odd(reason: RefusalReason, what: str) -> Refusal:
    return Refusal(Source("Observation/odd"), "value", reason, ValueMissing(), what, ago(3))


CONFLICTS: dict[str, tuple[Reading, ...]] = {
    "two mornings": (measured("pain-morning", 4, on(ago(2)) + timedelta(hours=1)),),
    "zero and agony": (pain(0, 0), Comment("Agony all night", stamp("comment", NOW))),
    "in bed and a session": (Comment("Bed-bound", stamp("comment", on(ago(3)))),),
    "no minutes and a session": (
        Measurement("exercise-duration", Decimal(0), stamp("watch", on(ago(3), time(0)), until=on(ago(2), time(0)))),
    ),
    "two ceilings": (limit("pain-ceiling", 4, ago(5)), limit("pain-ceiling", 6, ago(5))),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
def test_conflict_holds(name: str) -> None:
    """Contradictory facts hold the plan and raise nothing (D5)."""
    result = Case(more=CONFLICTS[name]).run(BOOK)
    assert (result.decision.rule, minutes_of(result)) == ("D5", "20")


@pytest.mark.parametrize(
    ("what", "rule"), [("glucose", "D5"), ("pain-morning", "D10"), ("mood-nrs", "D10"), ("session.talk-test", "D5")]
)
def test_implausible_value_holds_where_it_decides(what: str, rule: str) -> None:
    """An implausible value holds the plan if a rule uses it."""
    patient_readings, plan, at = Case().course()
    odd = replace(patient_readings, refusals=(_odd(RefusalReason.IMPLAUSIBLE, what),))
    assert on_course(BOOK, (odd, plan, at)).decision.rule == rule


DATA: dict[str, tuple[tuple[Reading, ...], str]] = {
    "rf04": ((Diagnosis(DiagnosisKind.CONDITION, "cancer", "", stamp("dx", on(ago(30)))),), "rf04 E1"),
    "rf09": ((), "rf09 E0"),
    "rf16": ((Diagnosis(DiagnosisKind.CONDITION, "me-cfs", "", stamp("dx", on(ago(30)))),), "rf16 B"),
    "rf19": ((Comment("I think of suicide", stamp("comment", NOW)),), "rf19 E0"),
    "rf25": ((Medication("anticoagulant", "", True, stamp("rx", on(ago(3)))),), "rf25 E2"),
    "rf27": ((Diagnosis(DiagnosisKind.CONDITION, "crps", "", stamp("dx", on(ago(30)))),), "rf27 E2"),
}
LAST: dict[str, dict[str, object]] = {
    "rf04": {"pain_quality": "night-unremitting"}, "rf09": {"stop_reason": "chest-symptom"},
}  # fmt: skip


@pytest.mark.parametrize("flag", DATA)
def test_flag_from_data(flag: str) -> None:
    """A finding in the record opens a flag, with its urgency."""
    more, expected = DATA[flag]
    assert flags(Case(sessions=two_weeks(**LAST.get(flag, {})), more=more).run(BOOK)) == expected


def test_old_medicine_opens_nothing() -> None:
    """A medicine from before the programme is not new; a value during exercise is not a resting one."""
    old = Medication("anticoagulant", "", True, stamp("rx", on(ago(15))))
    moving = Measurement("heart-rate", Decimal(150), stamp("hr", on(ago(2))), exercising=True)
    assert flags(Case(more=(old, moving)).run(BOOK)) == ""
