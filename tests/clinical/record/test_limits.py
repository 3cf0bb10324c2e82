"""Whose limits count, and which of several (C11; D: the stricter of two)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of, walking
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import Number, limit, measured, minutes, on, sets, stamp, state
from titrate.clinical.record.limits import breaches, dose_cap, dose_caps, limits_of
from titrate.clinical.values.plan import EditedElement, Override, UpperBound
from titrate.clinical.values.readings import DoseLimit, Measurement, Reading, Reporter


def early(reading: Measurement) -> Measurement:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def patients(what: str, value: Number, day: int) -> Measurement:
    """A limit recorded by a patient."""
    return measured(what, value, on(ago(day)))


CEILINGS: dict[str, tuple[tuple[Reading, ...], str, int | None]] = {
    "none": ((), "5", None),
    "a clinician's": ((limit("pain-ceiling", 6, ago(5)),), "6", 5),
    "lower": ((limit("pain-ceiling", 3, ago(5)),), "3", 5),
    "the newest": ((limit("pain-ceiling", 3, ago(9)), limit("pain-ceiling", 6, ago(5))), "6", 5),
    "of two on a day the stricter": ((limit("pain-ceiling", 6, ago(5)), limit("pain-ceiling", 4, ago(5))), "4", 5),
    "the patient's own": ((patients("pain-ceiling", 6, 5),), "5", None),
    "at the end of the range": ((limit("pain-ceiling", 7, ago(5)),), "7", 5),
    "beyond the range": ((limit("pain-ceiling", "7.5", ago(5)),), "5", None),
    "not final, higher": ((early(limit("pain-ceiling", 6, ago(5))),), "5", None),
    "not final, lower": ((early(limit("pain-ceiling", 4, ago(5))),), "4", None),
    "not final, and of two the stricter": (
        (early(limit("pain-ceiling", 4, ago(5))), early(limit("pain-ceiling", 3, ago(4)))), "3", None),
    "not final, lower, after a final one": (
        (limit("pain-ceiling", 6, ago(5)), early(limit("pain-ceiling", "5.5", ago(4)))), "5.5", 5),
    "not final, lower, the day of the final one": (
        (limit("pain-ceiling", 6, ago(5)), early(limit("pain-ceiling", 4, ago(5)))), "4", 5),
    "not final, lower, before a final one": (
        (early(limit("pain-ceiling", 4, ago(6))), limit("pain-ceiling", 6, ago(5))), "6", 5),
    "not final in a patient's hand": ((early(patients("pain-ceiling", 3, 5)),), "5", None),
}  # fmt: skip


@pytest.mark.parametrize("name", CEILINGS)
def test_ceiling(name: str) -> None:
    """The newest of a clinician within the range, else the rulebook's; a preliminary one can only be stricter."""
    more, value, since = CEILINGS[name]
    ceiling = limits_of(record_of(Case(more=more))).ceiling
    assert (ceiling.value, ceiling.since) == (Decimal(value), None if since is None else ago(since))
    assert (ceiling.name, ceiling.unit) == ("pain-ceiling", "{score}")


def test_effort_and_heart_rate() -> None:
    """The cap of exertion is 4 unless a clinician sets another; there is no default heart-rate limit."""
    none = limits_of(record_of(Case()))
    assert (none.rpe_cap.value, none.rpe_cap.unit, none.heart_rate) == (Decimal(4), "{score}", None)
    assert [x.name for x in none.all] == ["pain-ceiling", "rpe-cap"]
    both = limits_of(record_of(Case(more=(limit("rpe-cap", 5, ago(3)), limit("heart-rate-limit", 120, ago(2))))))
    assert both.rpe_cap.value == 5
    assert both.heart_rate is not None
    assert (both.heart_rate.value, both.heart_rate.unit, both.heart_rate.since) == (Decimal(120), "/min", ago(2))
    assert [x.name for x in both.all] == ["pain-ceiling", "rpe-cap", "heart-rate-limit"]


def test_heart_rate_that_is_not_final() -> None:
    """Without a previous limit any limit is stricter."""
    found = limits_of(record_of(Case(more=(early(limit("heart-rate-limit", 120, ago(2))),)))).heart_rate
    assert found is not None
    assert (found.value, found.since) == (Decimal(120), None)


def dose_limit(
    amount: Number,
    unit: str,
    day: int,
    *,
    exercise: str = "walking",
    by: Reporter = Reporter.PRACTITIONER,
    preliminary: bool = False,
) -> DoseLimit:
    """An upper limit of a dose."""
    when = stamp(f"dose-limit-{amount}", on(ago(day)), by=by)
    return DoseLimit(exercise, Decimal(str(amount)), unit, replace(when, preliminary=preliminary))


def test_what_renews_the_limits() -> None:
    """The later of the newest limit of any kind and the approval; a patient's or a preliminary one renews nothing."""
    approved = {"approved": ago(30)}
    for more, day in (
        ((), 30), ((limit("pain-ceiling", 5, ago(9)),), 9), ((limit("rpe-cap", 4, ago(8)), limit("rpe-cap", 4,
        ago(9))), 8),
        ((limit("heart-rate-limit", 120, ago(7)),), 7), ((dose_limit(25, "min", 6),), 6),
        ((dose_limit(25, "min", 6, by=Reporter.PATIENT),), 30), ((dose_limit(25, "min", 6, preliminary=True),), 30),
        ((limit("pain-ceiling", 5, ago(40)),), 30),
    ):  # fmt: skip
        readings: tuple[Reading, ...] = more
        assert limits_of(record_of(Case(more=readings, plan=approved))).renewed == ago(day)
    assert limits_of(record_of(Case(plan={"approved": None}))).renewed is None


LIMITED: dict[str, tuple[tuple[DoseLimit, ...], str | None, str | None]] = {
    "none": ((), None, None),
    "amount": ((dose_limit(15, "min", 5),), "15", None),
    "load": ((dose_limit(8, "kg", 5),), None, "8"),
    "both": ((dose_limit(15, "min", 5), dose_limit(8, "kg", 6)), "15", "8"),
    "the newest": ((dose_limit(15, "min", 9), dose_limit(18, "min", 5)), "18", None),
    "of two on a day the stricter": ((dose_limit(15, "min", 5), dose_limit(18, "min", 5)), "15", None),
    "not final, stricter": ((dose_limit(18, "min", 5), dose_limit(15, "min", 9, preliminary=True)), "15", None),
    "not final alone": ((dose_limit(15, "min", 9, preliminary=True),), "15", None),
    "the patient's": ((dose_limit(15, "min", 5, by=Reporter.PATIENT),), None, None),
    "another exercise's": ((dose_limit(15, "min", 5, exercise="cycling"),), None, None),
}


@pytest.mark.parametrize("name", LIMITED)
def test_dose_limit(name: str) -> None:
    """The newest of a clinician, the stricter of two; only kilograms limit the load."""
    more, amount, load = LIMITED[name]
    expected = (None if amount is None else Decimal(amount), None if load is None else Decimal(load))
    assert dose_cap(record_of(Case(more=more)), "walking") == expected


def test_what_else_bounds_a_dose() -> None:
    """Another author's plan and a dose changed in the EHR are upper bounds; the lowest of all counts."""
    edited = UpperBound("walking", minutes(18), "CarePlan/2")
    others = UpperBound("leg-press", sets(3, 10, 30), "CarePlan/2")
    changed = Override("ServiceRequest/1", EditedElement.DOSE, "22 min", "20 min", "walking")

    def cap(exercise: str = "walking", *more: Reading, **plan: object) -> tuple[Decimal | None, Decimal | None]:
        return dose_cap(record_of(Case(more=more, plan=plan)), exercise)

    assert cap(bounds=(edited, others)) == (Decimal(18), None)
    assert cap("leg-press", bounds=(edited, others)) == (Decimal(30), Decimal(30))
    assert cap(overrides=(changed,)) == (Decimal(20), None)
    assert cap(overrides=(replace(changed, element=EditedElement.TIMING),)) == (None, None)
    assert cap(overrides=(replace(changed, exercise="cycling"),)) == (None, None)
    assert cap("walking", dose_limit(19, "min", 3), bounds=(edited,), overrides=(changed,)) == (Decimal(18), None)
    assert cap("walking", dose_limit(16, "min", 3), bounds=(edited,), overrides=(changed,)) == (Decimal(16), None)


def test_a_cap_names_who_set_it() -> None:
    """A clinician with day and record, another author's plan, or an edit of the plan or its order."""
    changed = Override("ServiceRequest/1", EditedElement.DOSE, "22 min", "20 min", "walking")

    def words(*more: Reading, **plan: object) -> str:
        amount, _ = dose_caps(record_of(Case(more=more, plan=plan)), "walking")
        return "" if amount is None else str(amount.message)

    limited = dose_limit(21, "min", 5)
    by = f"a clinician on {ago(5)} ({limited.stamp.source.reference})"
    assert words(limited) == f"the limit of 21 min set by {by}"
    edited = UpperBound("walking", minutes(18), "CarePlan/2")
    assert words(bounds=(edited,)) == "the limit of 18 min set by another author's plan, CarePlan/2"
    generated = replace(edited, plan="CarePlan/1")
    assert words(bounds=(generated,)) == "the limit of 18 min set by a clinician in CarePlan/1"
    assert words(overrides=(changed,)) == "the limit of 20 min set by a clinician in ServiceRequest/1"


def test_what_exceeds_a_cap() -> None:
    """Load, amount, or both; a value at the cap does not exceed it."""
    edited = UpperBound("leg-press", sets(3, 9, 35), "CarePlan/2")
    record = record_of(Case(plan={"bounds": (edited,)}))
    for dose, over in (((3, 10, 40), ["kg", "{repetitions}"]), ((3, 9, 40), ["kg"]), ((3, 10, 35), ["{repetitions}"]),
                       ((3, 9, 35), [])):  # fmt: skip
        assert [b.cap.unit for b in breaches(record, "leg-press", sets(*dose))] == over


def test_a_changed_load_is_a_bound_too() -> None:
    """An override of a loaded exercise bounds amount and load; an exercise without a dose bounds nothing."""
    press = state("leg-press", sets(3, 10, 40), 2, ago(14))
    changed = Override("ServiceRequest/1", EditedElement.DOSE, "", "", "leg-press")
    record = record_of(Case(states=(walking(), press), plan={"overrides": (changed,)}))
    assert dose_cap(record, "leg-press") == (Decimal(30), Decimal(40))
    without = record_of(Case(states=(walking(), replace(press, dose=None)), plan={"overrides": (changed,)}))
    assert dose_cap(without, "leg-press") == (None, None)


def test_limits_name_their_source() -> None:
    """A clinician's limit has its resource, a default has no source."""
    set_one = limit("pain-ceiling", 4, ago(5))
    found = limits_of(record_of(Case(more=(set_one,))))
    assert (found.ceiling.source, found.rpe_cap.source) == (set_one.stamp.source, None)


@pytest.mark.parametrize(("value", "hour", "doubted"), [(6, 0, True), (4, 1, True), (5, 0, False)])
def test_doubt(value: int, hour: int, doubted: bool) -> None:
    """Two values on one day are in doubt, even at different times; the same value twice is not."""
    when = stamp("again", on(ago(5)) + timedelta(hours=hour), by=Reporter.PRACTITIONER)
    second = replace(limit("pain-ceiling", value, ago(5)), stamp=when)
    found = limits_of(record_of(Case(more=(limit("pain-ceiling", 5, ago(5)), second))))
    assert found.set_twice == (("pain-ceiling",) if doubted else ())


@pytest.mark.parametrize("final", [(), (limit("pain-ceiling", 5, ago(9)),)])
def test_an_equal_preliminary_limit_replaces_nothing(final: tuple[Measurement, ...]) -> None:
    """Only a stricter one applies: the limit in force keeps its source, or stays the default of 5."""
    equal = early(limit("pain-ceiling", 5, ago(5)))
    found = limits_of(record_of(Case(more=(*final, equal)))).ceiling
    assert (found.value, found.source) == (Decimal(5), final[0].stamp.source if final else None)


def test_a_dose_without_a_load_exceeds_no_limit_of_load() -> None:
    """Nothing is lifted."""
    record = record_of(Case(more=(dose_limit(5, "kg", 5),)))
    assert breaches(record, "walking", minutes(20)) == ()
