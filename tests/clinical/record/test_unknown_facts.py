"""Facts that decide and are not known: they hold until they are corrected, however old they are (B13.4, B13.15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.clinical.pictures import BOOK, record_of
from tests.clinical.record.test_conflicts import odd
from tests.clinical.record.test_limits import dose_limit, early
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import limit, measured, on
from titrate.clinical.record.limits import dose_cap
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.unknown_facts import unknown_facts
from titrate.clinical.values.readings import DoseLimit, Reading, Refusal, RefusalReason, Reporter

LIMITS = ("pain-ceiling", "rpe-cap", "heart-rate-limit", "dose-limit.exercise", "dose-limit.amount")
# A refused record with one of these reasons sets no limit for this patient.
WITHOUT_EFFECT = (
    RefusalReason.STATUS, RefusalReason.DUPLICATE, RefusalReason.WRONG_PATIENT, RefusalReason.NOT_A_PRACTITIONER,
)  # fmt: skip


def holds(*more: Reading, refused: tuple[Refusal, ...] = ()) -> bool:
    """Whether a record with these readings and refusals holds."""
    return bool(unknown_facts(record_of(Case(more=more), *refused)))


def at(reading: DoseLimit, minutes: int) -> DoseLimit:
    """The same, minutes later."""
    return replace(reading, stamp=replace(reading.stamp, when=reading.stamp.when + timedelta(minutes=minutes)))


def test_a_known_patient_holds_nothing() -> None:
    """The course that these tests start from."""
    assert not holds()


def test_a_limit_in_another_unit_names_the_unit_of_the_dose() -> None:
    """A clinician reads which record to correct."""
    (found,) = unknown_facts(record_of(Case(more=(dose_limit(1000, "m", 5),))))
    assert "walking is dosed in min" in str(found)
    assert "dose-limit-1000" in str(found)


@pytest.mark.parametrize("exercise", sorted(BOOK.exercises))
@pytest.mark.parametrize("unit", ["min", "s", "m", "{repetitions}", "kg"])
def test_a_limit_holds_in_every_unit_but_that_of_the_dose(exercise: str, unit: str) -> None:
    """The exercise's own unit and that of a load can be applied, and nothing else is compared with a dose."""
    fits = unit in (BOOK.exercises[exercise].amount_unit, "kg")
    limited = dose_limit(1, unit, 400, exercise=exercise)
    assert holds(limited) is not fits
    caps = dose_cap(record_of(Case(more=(limited,))), exercise)
    assert any(cap is not None for cap in caps) is fits


METRES, MINUTES = dose_limit(1000, "m", 9), dose_limit(18, "min", 9)
LATER: list[tuple[tuple[DoseLimit, ...], bool]] = [
    ((METRES, at(MINUTES, -1)), True),
    ((METRES, MINUTES), True),
    ((METRES, at(MINUTES, 1)), False),
    ((METRES, dose_limit(18, "min", 8)), False),
    ((METRES, dose_limit(18, "min", 8, preliminary=True)), True),
    ((METRES, dose_limit(18, "min", 8, exercise="cycling")), True),
    ((METRES, dose_limit(5, "kg", 8)), True),
    ((METRES, dose_limit(900, "m", 8)), True),
    ((dose_limit(1000, "m", 9, preliminary=True),), True),
    ((dose_limit(18, "min", 10), METRES), True),
]


@pytest.mark.parametrize(("limits", "held"), LATER)
def test_only_a_later_limit_that_can_be_applied_replaces_one(limits: tuple[DoseLimit, ...], held: bool) -> None:
    """A later moment, the same exercise, final, and of the amount."""
    assert holds(*limits) is held


def test_an_earlier_limit_that_can_be_applied_still_binds() -> None:
    """The newer one that cannot be applied does not lift it."""
    assert dose_cap(record_of(Case(more=(dose_limit(18, "min", 10), METRES))), "walking")[0] == 18


@pytest.mark.parametrize("what", LIMITS)
@pytest.mark.parametrize("reason", sorted(set(RefusalReason)))
@pytest.mark.parametrize("day", [0, 14, 15, 400, None])
def test_a_refused_limit_holds_however_old_it_is(what: str, reason: RefusalReason, day: int | None) -> None:
    """Unless it was withdrawn or is no clinician's."""
    assert holds(refused=(odd(reason, what, day),)) is (reason not in WITHOUT_EFFECT)


@pytest.mark.parametrize("what", ["usual-pain", "glucose", "session.done", "trial.done", None])
def test_other_refused_values_are_no_limits(what: str | None) -> None:
    """Conflicts judge those, for a time."""
    assert not holds(refused=(odd(RefusalReason.WRONG_VALUE, what, 3),))


@pytest.mark.parametrize(("day", "held"), [(6, True), (5, True), (4, False)])
def test_a_limit_of_a_later_day_replaces_a_refused_one(day: int, held: bool) -> None:
    """The time of a refused record is not known, so the same day is not enough."""
    assert holds(limit("rpe-cap", 4, ago(day)), refused=(odd(RefusalReason.WRONG_UNIT, "rpe-cap", 5),)) is held


def test_what_does_not_replace_a_refused_limit() -> None:
    """Another limit, a patient's, a preliminary one; and nothing replaces one without a day."""
    refused = odd(RefusalReason.WRONG_UNIT, "rpe-cap", 5)
    for other in (
        limit("pain-ceiling", 4, ago(4)),
        measured("rpe-cap", 4, on(ago(4))),
        early(limit("rpe-cap", 4, ago(4))),
    ):
        assert holds(other, refused=(refused,))
    assert holds(limit("rpe-cap", 4, ago(0)), refused=(odd(RefusalReason.NO_TIME, "rpe-cap", None),))


@pytest.mark.parametrize(
    ("exercise", "other", "held"),
    [
        ("walking", dose_limit(18, "min", 4), False),
        ("walking", dose_limit(18, "min", 5), True),
        ("walking", dose_limit(5, "kg", 4), False),
        ("walking", dose_limit(18, "m", 4), True),
        ("walking", dose_limit(18, "min", 4, exercise="cycling"), True),
        ("walking", dose_limit(18, "min", 4, preliminary=True), True),
        ("walking", dose_limit(18, "min", 4, by=Reporter.PRACTITIONER), False),
        (None, dose_limit(18, "min", 4), True),
    ],
)
def test_a_later_limit_of_the_exercise_replaces_a_refused_one(
    exercise: str | None, other: DoseLimit, held: bool
) -> None:
    """Where it is known which exercise the refused one is for."""
    refused = replace(odd(RefusalReason.WRONG_VALUE, "dose-limit.amount", 5), exercise=exercise)
    assert holds(other, refused=(refused,)) is held


@pytest.mark.parametrize(("day", "held"), [(None, True), (0, True), (7, True), (8, False)])
def test_a_record_that_nothing_identifies_holds_for_a_week(day: int | None, held: bool) -> None:
    """Without a day it holds until it is corrected; one that is only refused holds nothing."""
    refused = odd(RefusalReason.MALFORMED, None, day)
    assert holds(refused=(replace(refused, unidentified=True),)) is held
    assert not holds(refused=(refused,))


def person(**changes: object) -> PatientRecord:
    """A record with other details of the patient."""
    record = record_of(Case())
    return replace(record, person=replace(record.person, **changes))  # type: ignore[arg-type]


def test_eligibility() -> None:
    """A missing birth date, and each element that cannot be read, is named once."""
    assert [str(one) for one in unknown_facts(person(birth_date=None))] == [
        "the birth date is missing: enter it; no dose rises"
    ]
    unreadable = unknown_facts(person(birth_date=None, unreadable=("Consent/c", "Patient.birthDate")))
    assert [str(one).split()[0] for one in unreadable] == ["Consent/c", "Patient.birthDate"]
    both = unknown_facts(person(birth_date=None, unreadable=("Patient.link",)))
    assert [str(one).split()[0] for one in both] == ["the", "Patient.link"]


def named(*more: Reading, refused: tuple[Refusal, ...] = ()) -> list[str]:
    """The sentences of a record with these readings and refusals."""
    return [str(one) for one in unknown_facts(record_of(Case(more=more), *refused))]


def test_another_refusal_hides_no_refused_limit() -> None:
    """A value that is no limit, before one that is."""
    assert named(refused=(odd(RefusalReason.WRONG_VALUE, "glucose", 3), odd(RefusalReason.WRONG_VALUE, "rpe-cap", 3)))


def test_a_limit_that_cannot_be_applied_replaces_none() -> None:
    """Neither a refused one nor an earlier one in another unit: both are named beside it."""
    refused = replace(odd(RefusalReason.WRONG_VALUE, "dose-limit.amount", 5), exercise="walking")
    assert len(named(dose_limit(900, "m", 4), refused=(refused,))) == 2
    assert len(named(METRES, dose_limit(900, "m", 8))) == 2


@pytest.mark.parametrize(
    ("what", "reason", "day", "held"),
    [
        ("session.exercise", RefusalReason.NO_VALUE, 6, True), ("session.exercise", RefusalReason.NO_VALUE, 7, False),
        ("session.exercise", RefusalReason.NO_VALUE, None, True), ("glucose", RefusalReason.NO_VALUE, 6, False),
        ("session.exercise", RefusalReason.STATUS, 6, False),
    ],
)  # fmt: skip
def test_a_session_without_an_exercise(what: str, reason: RefusalReason, day: int | None, held: bool) -> None:
    """It holds until it is seven days old (B13.15); a missing value of anything else does not."""
    assert holds(refused=(odd(reason, what, day),)) is held
