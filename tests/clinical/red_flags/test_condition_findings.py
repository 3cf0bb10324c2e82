"""Diagnoses, falls, operations and weight: findings that open a flag, that reopen a question, or that do neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago, flags, lacks, next_dose, walks
from tests.courses.build import answered, dec, measured, minutes, on, session, sets, stamp, state
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.listed_findings import (
    CONDITION_GROUPS,
    FLAGGED_CONCEPTS,
    ConditionGroup,
    cancer_pain,
    exceeded_limits,
    fall_findings,
    last_listed,
    new_medicine_findings,
)
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import (
    Clearance,
    Diagnosis,
    DiagnosisKind,
    DoseLimit,
    Measurement,
    Medication,
    Reading,
    Reporter,
    SafetyAnswer,
    Source,
)
from titrate.rulebook import load_with_lookup

BOOK, LOOKUP = load_with_lookup()


def diagnosed(
    concept: str, days: int, kind: DiagnosisKind = DiagnosisKind.CONDITION, *, dated: bool = True
) -> Diagnosis:
    """A diagnosis of a given age in days."""
    return Diagnosis(kind, concept, concept, replace(stamp(concept, on(ago(days))), dated=dated))


def beside(*more: Reading, since: int = 14) -> Evaluation:
    """An uneventful course, on a programme for a number of days, with these additional readings."""
    return Case(more=more, since=since, screened=1).run(BOOK)


def cases() -> Iterator[tuple[str, ConditionGroup]]:
    return ((flag, listing) for flag, listings in CONDITION_GROUPS.items() for listing in listings)


CASES = list(cases())
NAMES = [f"{flag}-{listing.concept}" for flag, listing in CASES]


@pytest.mark.parametrize(("flag", "listing"), CASES, ids=NAMES)
def test_each_group_opens_its_flag_at_its_rows_urgency(flag: str, listing: ConditionGroup) -> None:
    """Listed since yesterday and active: the flag is open, as urgent as its row."""
    found = {f.flag: f for f in beside(diagnosed(listing.concept, 1)).flags}
    assert found[flag].urgency is BOOK.flags[flag].urgency
    assert str(listing.because) in str(found[flag].because)


@pytest.mark.parametrize(("flag", "listing"), CASES, ids=NAMES)
def test_a_past_diagnosis_opens_a_flag_only_where_the_mappings_say_so(flag: str, listing: ConditionGroup) -> None:
    """Before the programme only a weakened spine and a recent past diagnosis open a flag."""
    long_ago = beside(diagnosed(listing.concept, 400, DiagnosisKind.PAST_CONDITION))
    assert (flag in flags(long_ago)) is (listing.days is None and listing.past)
    yesterday = beside(diagnosed(listing.concept, 1, DiagnosisKind.PAST_CONDITION))
    assert (flag in flags(yesterday)) is (listing.days is not None or listing.past)


@pytest.mark.parametrize(("flag", "listing"), CASES, ids=NAMES)
def test_an_undated_diagnosis_may_be_new(flag: str, listing: ConditionGroup) -> None:
    """An active diagnosis without a date opens the flag, and any clearance closes it permanently."""
    undated = diagnosed(listing.concept, 0, dated=False)
    assert flag in flags(beside(undated))
    clearance = Clearance(flag, replace(stamp("cleared", on(ago(3))), reporter=Reporter.PRACTITIONER))
    assert flag not in flags(beside(undated, clearance))


@pytest.mark.parametrize(("flag", "listing"), CASES, ids=NAMES)
def test_a_diagnosis_during_the_programme_stays_new(flag: str, listing: ConditionGroup) -> None:
    """Sixty days old: it opens a flag if the programme began before it, and does not lapse."""
    assert flag in flags(beside(diagnosed(listing.concept, 60), since=61))


@pytest.mark.parametrize("concept", sorted({listing.concept for _, listing in CASES}))
def test_each_group_is_one_of_the_mappings(concept: str) -> None:
    """A name outside the mappings would match no diagnosis."""
    assert concept in {group.name for group in LOOKUP.conditions}


def test_one_fall_reopens_the_question_until_it_is_answered() -> None:
    """A single fall opens no flag; after an answer of no the plan continues."""
    fall = diagnosed("fall", 1)
    assert flags(beside(fall)) == ""
    assert lacks(Case(more=(fall,), screened=3).run(BOOK), "RF23")
    assert not lacks(Case(more=(fall, answered("rf23", False, on(ago(0)))), screened=3).run(BOOK), "RF23")


def test_one_fall_with_an_injury_opens_the_flag() -> None:
    """An injury on the same date is enough, one on another date is not."""
    assert flags(beside(diagnosed("fall", 2), diagnosed("injury", 2))) == "rf23 E2"
    assert flags(beside(diagnosed("fall", 2), diagnosed("injury", 1))) == ""


def aged(years: int | None, *more: Reading, since: int = 14) -> bool:
    """Whether the question of a fracture is open at this age, three days after the screen was answered."""
    reported, in_force, at = Case(more=more, since=since, screened=3).course()
    person = replace(reported.person, birth_date=None if years is None else date(2025 - years, 1, 1))
    return lacks(evaluate(replace(reported, person=person), in_force, BOOK, at), "RF03")


@pytest.mark.parametrize("concept", ["fall", "injury"])
def test_minor_trauma_reopens_the_fracture_question_at_risk(concept: str) -> None:
    """Above the age limit, with osteoporosis, or on a steroid RF03 is open until it is answered."""
    hurt, thin = diagnosed(concept, 1), diagnosed("osteoporosis", 4000, DiagnosisKind.PAST_CONDITION)
    steroid = Medication("steroid", "prednisolone", True, stamp("pill", on(ago(900))))
    assert not aged(60, hurt)
    assert aged(66, hurt)
    assert aged(None, hurt)
    assert aged(60, hurt, thin)
    assert aged(60, hurt, diagnosed("weak-spine", 400), Clearance("rf26", replace(
        stamp("cleared", on(ago(2))), reporter=Reporter.PRACTITIONER)))  # fmt: skip
    assert aged(60, hurt, steroid)
    assert not aged(60, hurt, replace(steroid, active=False))
    assert not aged(66, hurt, answered("rf03", False, on(ago(0))))


def test_only_a_new_injury_asks_again() -> None:
    """An injury before the programme does not; one during it does, and so does an active one without a date."""
    assert not aged(66)
    assert not aged(66, diagnosed("injury", 30), since=14)
    assert not aged(66, diagnosed("injury", 4), answered("rf03", False, on(ago(3))))
    assert aged(66, replace(diagnosed("injury", 1), kind=DiagnosisKind.PAST_CONDITION))
    assert not aged(66, diagnosed("injury", 0, dated=False)), "any answer is from after it"


def test_long_covid_asks_again() -> None:
    """The question about crashes needs an answer later than the diagnosis."""
    assert lacks(Case(more=(diagnosed("long-covid", 1),), screened=3).run(BOOK), "RF16")
    assert not lacks(Case(more=(diagnosed("long-covid", 4),), screened=3).run(BOOK), "RF16")


def test_lost_weight_asks_again() -> None:
    """A loss of a twentieth leaves the question about cancer open until it is answered; a gain does not."""
    lost = (measured("weight", 80, on(ago(60))), measured("weight", 76, on(ago(1))))
    assert lacks(Case(more=lost).run(BOOK), "RF04")
    assert not lacks(Case(more=(*lost, answered("rf04", False, on(ago(0))))).run(BOOK), "RF04")
    gained = (measured("weight", 76, on(ago(60))), measured("weight", 80, on(ago(1))))
    assert not lacks(Case(more=gained).run(BOOK), "RF04")


def test_weight_means_nothing_without_heart_failure() -> None:
    """Two kilograms in two days open RF18 only with active heart failure."""
    weights: tuple[Measurement, ...] = (measured("weight", 80, on(ago(3))), measured("weight", 82, on(ago(1))))
    assert flags(beside(*weights)) == ""
    assert flags(beside(*weights, diagnosed("heart-failure", 900, DiagnosisKind.PAST_CONDITION))) == ""
    assert flags(beside(*weights, diagnosed("heart-failure", 900))) == "rf18 E1"


@pytest.mark.parametrize(
    "known", [diagnosed("weak-spine", 400, DiagnosisKind.PAST_CONDITION), answered("rf26", True, on(ago(20)))]
)
def test_a_cleared_weak_spine_gets_no_loaded_bending(known: Reading) -> None:
    """After the clearance walking continues, and lifting and carrying have no dose; without a weak spine they do."""
    clearance = Clearance("rf26", replace(stamp("cleared", on(ago(10))), reporter=Reporter.PRACTITIONER))
    carry = state("lift-and-carry", minutes(5), 2, ago(14))
    states = (state("walking", minutes(20), 3, ago(14)), carry)
    for more in ((known, clearance), ()):
        result = Case(states=states, more=more, screened=1).run(BOOK)
        assert result.flags == ()
        assert next_dose(result) is not None
        assert (next_dose(result, "lift-and-carry") is None) is bool(more)
        assert ("RF26" in {entry.rule for entry in result.decision.trace}) is bool(more)


def limited(amount: int, day: date, unit: str = "min", by: Reporter = Reporter.PRACTITIONER) -> DoseLimit:
    """A limit for walking."""
    return DoseLimit("walking", dec(amount) or dec(0), unit, stamp("limit", on(day), by=by))  # type: ignore[arg-type]


def test_a_limit_passed_after_an_operation() -> None:
    """Only above a clinician's limit that was set since the operation."""
    operation = diagnosed("orthopaedic-surgery", 30, DiagnosisKind.PROCEDURE)
    planned = tuple(walks((14, 12, 10, 7, 5, 3), minutes(20)))

    def shown(*more: Reading) -> str:
        return flags(Case(more=more, sessions=planned).run(BOOK))

    assert shown(operation, limited(19, ago(16))) == "rf20 E1"
    assert shown(operation, limited(20, ago(16))) == ""
    assert shown(limited(19, ago(16))) == ""
    assert shown(operation, limited(19, ago(31))) == ""
    assert shown(operation, limited(19, ago(16), by=Reporter.PATIENT)) == ""
    assert shown(operation, limited(19, ago(2))) == ""
    assert shown(operation, limited(19, ago(16), "m")) == ""
    assert shown(operation, limited(15, ago(16)), limited(25, ago(15))) == ""


def test_leg_signs_are_less_urgent_only_after_a_later_no_about_the_chest() -> None:
    """B11.27: an earlier or preliminary no leaves the stricter urgency."""
    leg = answered("rf08", True, on(ago(0)))
    assert flags(beside(leg)) == "rf08 E0"
    no = answered("rf09", False, on(ago(0)))
    assert flags(beside(leg, no)) == "rf08 E1"
    assert flags(beside(leg, replace(no, stamp=replace(no.stamp, preliminary=True)))) == "rf08 E0"
    assert flags(beside(leg, no, SafetyAnswer("rf09", None, no.stamp))) == "rf08 E0"


def test_what_began_on_the_programmes_first_day_is_new() -> None:
    """The day before is not; and a weakened spine is known from a diagnosis, not from an operation."""
    assert flags(beside(diagnosed("fracture", 61), since=61)) == "rf03 E1"
    assert flags(beside(diagnosed("fracture", 62), since=61)) == ""
    assert flags(beside(diagnosed("weak-spine", 61, DiagnosisKind.PAST_CONDITION))) == "rf26 B"
    assert flags(beside(diagnosed("weak-spine", 61, DiagnosisKind.PROCEDURE))) == ""


def found(finder: Callable[[PatientRecord], Iterable[Finding]], *more: Reading, **case: object) -> list[str]:
    """The findings of an uneventful course with these readings."""
    return [str(sign.because) for sign in finder(record_of(Case(more=more, **case)))]  # type: ignore[arg-type]


def took(group: str, days: int, *, active: bool = True, dated: bool = True) -> Medication:
    """A medicine that was started a number of days ago."""
    return Medication(group, group, active, replace(stamp(group, on(ago(days))), dated=dated))


@pytest.mark.parametrize("group", ["anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"])
def test_each_of_these_medicines_needs_a_review(group: str) -> None:
    """From the first day of the programme on; another medicine does not."""
    assert found(new_medicine_findings, took(group, 14)) == [f"new medicine: {group}"]
    assert found(new_medicine_findings, took(group, 15)) == []
    assert found(new_medicine_findings, took("beta-blocker", 1)) == []


def test_a_medicine_without_a_date_may_be_new_while_it_is_taken() -> None:
    """It has no time; one with a date has its own."""
    undated, dated = took("opioid", 1, dated=False), took("opioid", 1)
    assert [sign.since for sign in new_medicine_findings(record_of(Case(more=(undated,))))] == [None]
    assert [sign.since for sign in new_medicine_findings(record_of(Case(more=(dated,))))] == [dated.stamp.when]
    assert found(new_medicine_findings, took("opioid", 1, active=False, dated=False)) == []


def test_two_falls_within_three_months() -> None:
    """On two dates; a fall or an injury without a date is on neither."""
    assert found(fall_findings, diagnosed("fall", 90), diagnosed("fall", 9)) == ["2 falls in 92 days"]
    assert found(fall_findings, diagnosed("fall", 101), diagnosed("fall", 9)) == []
    assert found(fall_findings, diagnosed("fall", 9), diagnosed("fall", 9)) == []
    assert found(fall_findings, diagnosed("fall", 20, dated=False), diagnosed("fall", 9)) == []
    assert found(fall_findings, diagnosed("fall", 9), diagnosed("injury", 9, dated=False)) == []
    assert found(fall_findings, diagnosed("fall", 9), diagnosed("fracture", 9)) == ["a fall with an injury is listed"]
    assert found(fall_findings, diagnosed("stroke", 20), diagnosed("fall", 9)) == []


def test_what_was_listed_last() -> None:
    """The newest of its own group; an undated one counts as the earliest."""
    reported = record_of(Case(more=(diagnosed("fall", 20), diagnosed("fall", 9), diagnosed("injury", 2))))
    assert last_listed(reported, "fall") == on(ago(9))
    assert last_listed(reported, "long-covid") is None
    undated = last_listed(record_of(Case(more=(diagnosed("fall", 9, dated=False),))), "fall")
    assert undated is not None
    assert undated < on(ago(90_000))


@pytest.mark.parametrize(
    ("listed_", "reported"),
    [
        ([diagnosed("cancer", 900)], True), ([diagnosed("weak-spine", 900)], True), ([diagnosed("stroke", 900)], False),
        ([diagnosed("cancer", 900), diagnosed("stroke", 900)], True), ([], False),
    ],
)  # fmt: skip
def test_night_pain_with_cancer_in_the_history(listed_: list[Diagnosis], reported: bool) -> None:
    """Pain at night that does not ease with rest; the screen asks about other kinds of pain."""
    at_night = tuple(walks((3,), pain_quality="night-unremitting"))
    assert bool(found(cancer_pain, *listed_, sessions=at_night)) is reported
    assert found(cancer_pain, *listed_, sessions=tuple(walks((3,), pain_quality="sharp"))) == []


def shown(limits: tuple[DoseLimit, ...], *operated: Diagnosis, done: int | None = 20) -> list[str]:
    """Sessions above a limit after an operation; `done` is the amount of the walk three days ago."""
    planned = tuple(replace(w, done=dec(done)) for w in walks((3,)))
    return found(exceeded_limits, *operated, *limits, sessions=planned)


def test_the_strictest_limit_of_the_newest_day_holds() -> None:
    """Set on or after the day of the operation; its unit is shown, and an unknown amount does not count."""
    operation = diagnosed("orthopaedic-surgery", 30, DiagnosisKind.PROCEDURE)
    other = replace(limited(12, ago(9)), stamp=replace(limited(12, ago(9)).stamp, source=Source("Observation/b")))
    assert shown((limited(19, ago(9)), other), operation) == ["20 min done, above the limit of 12 after surgery"]
    assert len(shown((limited(19, ago(30)),), operation)) == 1
    assert shown((limited(19, ago(31)),), operation) == []
    assert shown((limited(19, ago(9)),), operation, done=None) == []
    assert shown((replace(limited(19, ago(9)), exercise="cycling"),), operation) == []
    assert shown((limited(19, ago(9)),), diagnosed("stroke", 30)) == []


def test_a_preliminary_limit_replaces_no_final_one() -> None:
    """It holds where it is stricter."""
    operation = diagnosed("orthopaedic-surgery", 30, DiagnosisKind.PROCEDURE)
    final = limited(19, ago(9))
    for amount, limit_ in ((12, 12), (40, 19)):
        later = limited(amount, ago(8))
        early = replace(later, stamp=replace(later.stamp, preliminary=True))
        assert shown((final, early), operation) == [f"20 min done, above the limit of {limit_} after surgery"]


def test_of_two_operations_the_earlier_counts() -> None:
    """A limit set between them holds; for an operation without a date any limit does."""
    first, second = (diagnosed("orthopaedic-surgery", days, DiagnosisKind.PROCEDURE) for days in (60, 10))
    assert len(shown((limited(19, ago(31)),), first, second)) == 1
    assert shown((limited(19, ago(31)),), second) == []
    undated = replace(first, stamp=replace(first.stamp, dated=False))
    assert len(shown((limited(19, ago(400)),), undated)) == 1


def test_a_limit_of_load_is_passed_by_load() -> None:
    """In kilograms, whatever the amount; a limit set at the time of the session holds."""
    operation = diagnosed("orthopaedic-surgery", 30, DiagnosisKind.PROCEDURE)
    (press,) = (session("leg-press", ago(3), sets(3, 10, 42), (2, 3), 3),)
    for kilograms, above in ((40, True), (42, False)):
        at = stamp("limit", press.stamp.when, by=Reporter.PRACTITIONER)
        limit_ = DoseLimit("leg-press", Decimal(kilograms), "kg", at)
        assert bool(found(exceeded_limits, operation, limit_, sessions=(press,))) is above


@pytest.mark.parametrize("concept", ["cancer", "fall", "injury", "long-covid", "crps", "fracture"])
def test_groups_that_are_watched_are_no_reason_for_an_exercise(concept: str) -> None:
    """Groups that open a flag or reopen a question."""
    assert concept in FLAGGED_CONCEPTS
    assert "knee-osteoarthritis" not in FLAGGED_CONCEPTS


def test_a_group_without_a_word_about_the_past_opens_no_flag_for_it() -> None:
    """The default of a group, and the one group that says otherwise: a weakened spine."""
    assert not ConditionGroup("crps", CONDITION_GROUPS["rf27"][0].because).past
    assert [listing.concept for _, listing in CASES if listing.past] == ["weak-spine"]
