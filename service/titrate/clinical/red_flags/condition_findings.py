"""Red flags out of what the EHR lists: diagnoses and operations (section C).

A diagnosis opens a flag while it is active, or when it is new. New is what began since the programme did, or lately
where there is no programme; what nobody dated may be new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, DoseLimit, Reporter, SessionReported
from titrate.clinical.values.rulebook import Urgency

Days = Callable[[ClinicalNumbers], Decimal]


def days_as_new(numbers: ClinicalNumbers) -> Decimal:
    """The days for which a diagnosis of most groups is new."""
    return numbers.diagnosis_new_days


_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """A group of diagnoses that opens a flag.

    `days` gives the number of days for which a diagnosis is new; None: it opens as long as it is active. `past`: also
    when it is over. `wait` is the constant of the earliest clearance, where it is not the flag's own.
    """

    concept: str
    because: str
    days: Days | None = None
    past: bool = False
    wait: str | None = None


CONDITION_GROUPS: Mapping[str, tuple[ConditionGroup, ...]] = {
    "rf01": (ConditionGroup("cauda-equina", "cauda equina syndrome is listed"),),
    "rf02": (ConditionGroup("foot-drop", "a dropping foot or hand is newly listed", days_as_new),),
    "rf03": (ConditionGroup("fracture", "a fracture is newly listed", days_as_new),),
    "rf05": (ConditionGroup("spine-or-joint-infection", "an infection of spine or joint is listed"),),
    "rf06": (ConditionGroup("myelopathy", "a disease of the spinal cord is listed"),),
    "rf07": (
        ConditionGroup("inflammatory-back-pain", "an inflammatory disease of the spine is newly listed", days_as_new),
    ),
    "rf09": (ConditionGroup("unstable-heart", "a heart symptom or rhythm of this kind is newly listed", days_as_new),),
    "rf10": (
        ConditionGroup(
            "myocardial-infarction",
            "a heart attack is listed as recent",
            lambda numbers: numbers.infarction_days,
            True,
            "CLEAR_AFTER_RF10_INFARCTION",
        ),
        ConditionGroup(
            "thromboembolism", "thrombosis or embolism is listed as recent", lambda numbers: numbers.embolism_days, True
        ),
        ConditionGroup("heart-inflammation", "inflammation of the heart is listed"),
        ConditionGroup("aortic-stenosis", "aortic stenosis is listed, and not as mild or moderate"),
        ConditionGroup("decompensated-heart-failure", "acute or decompensated heart failure is listed"),
        ConditionGroup("atrial-fibrillation", "atrial fibrillation is newly listed", days_as_new),
    ),
    "rf15": (ConditionGroup("acute-infection", "an acute infection is newly listed", days_as_new),),
    "rf16": (ConditionGroup("me-cfs", "ME/CFS or a like diagnosis: no programme of fixed increments"),),
    "rf19": (ConditionGroup("self-harm", "self-harm or thoughts of it are newly listed", days_as_new),),
    "rf21": (
        ConditionGroup(
            "muscle-breakdown", "breakdown or compartment syndrome of a muscle is newly listed", days_as_new
        ),
    ),
    "rf22": (ConditionGroup("neck-artery", "a disease of this kind at neck or head is newly listed", days_as_new),),
    "rf23": (ConditionGroup("repeated-falls", "repeated falls are newly listed", days_as_new),),
    "rf24": (ConditionGroup("pregnancy-complication", "a complication of pregnancy is newly listed", days_as_new),),
    "rf26": (
        ConditionGroup("weak-spine", "a weakened spine is listed: fracture in osteoporosis, or metastasis", None, True),
    ),
    "rf27": (ConditionGroup("crps", "CRPS is listed"),),
}

# Groups that open a flag or a question: none of them is what an exercise is ordered for.
FLAGGED_CONCEPTS = frozenset({"cancer", "fall", "injury", "long-covid"}) | {
    x.concept for row in CONDITION_GROUPS.values() for x in row
}


def condition_findings(record: PatientRecord, flag: str) -> Iterable[Finding]:
    """Diagnoses that open this flag, with the row's stricter urgency."""
    urgency = record.rulebook.flags[flag].urgency
    for listing in CONDITION_GROUPS.get(flag, ()):
        for d in record.diagnoses:
            if d.concept == listing.concept and _opens(record, d, listing):
                yield Finding(since(d), d.stamp.source, listing.because, urgency, listing.wait)


def _opens(record: PatientRecord, d: Diagnosis, listing: ConditionGroup) -> bool:
    if listing.days is None:
        return d.active or (listing.past and d.kind is DiagnosisKind.PAST_CONDITION)
    return is_new(record, d, listing.days)


def is_new(record: PatientRecord, d: Diagnosis, days: Days = days_as_new) -> bool:
    """Whether a diagnosis is new, for a number of days of the rulebook; without a date, while it is active."""
    if not d.stamp.dated:
        return d.active
    return is_recent(record, d.stamp.day, int(days(record.rulebook.numbers)))


def is_recent(record: PatientRecord, day: date, days: int) -> bool:
    """Whether something of this date is new: less than so many days ago, or since the programme began."""
    begun = record.plan.started
    return record.days_ago(day) < days or (begun is not None and day >= begun)


def since(d: Diagnosis) -> datetime | None:
    """When it was listed; None where nobody said."""
    return d.stamp.when if d.stamp.dated else None


def last_listed(record: PatientRecord, concept: str) -> datetime | None:
    """When a diagnosis of this group was last listed; one without a date counts as listed before everything."""
    return newest(d for d in record.diagnoses if d.concept == concept)


def newest(found: Iterable[Diagnosis]) -> datetime | None:
    """The newest moment of these diagnoses, None where there are none."""
    return max((since(d) or _BEFORE_ALL for d in found), default=None)


def cancer_pain(record: PatientRecord) -> Iterable[Finding]:
    """Unremitting night pain in someone who has or had cancer."""
    known = any(d.concept in ("cancer", "weak-spine") for d in record.diagnoses)
    return (
        Finding(s.stamp.when, s.stamp.source, "unremitting night pain with cancer in the history", Urgency.E1)
        for s in record.sessions
        if known and s.pain_quality == "night-unremitting"
    )


def has_weak_spine(record: PatientRecord) -> bool:
    """Whether a weakened spine is known (RF26), cleared or not: by a diagnosis of any time, or an answer."""
    said = any(a.value is True for a in record.answered.get("rf26", ()))
    return said or any(d.concept == "weak-spine" for d in record.diagnoses)


def exceeded_limits(record: PatientRecord) -> Iterable[Finding]:
    """After an operation: a session above the limit that a clinician had set for the exercise since then."""
    operations = [d for d in record.diagnoses if d.concept == "orthopaedic-surgery"]
    if not operations:
        return
    began = min(d.stamp.day if d.stamp.dated else date.min for d in operations)
    for s in record.sessions:
        for load in (False, True):
            limit, done = _limit_at(record, s, began, load=load), s.load if load else s.done
            if limit is not None and done is not None and done > limit.amount:
                because = f"{done:f} {limit.unit} done, above the limit of {limit.amount:f} after surgery"
                yield Finding(s.stamp.when, s.stamp.source, because, Urgency.E1)


def _limit_at(record: PatientRecord, s: SessionReported, since: date, *, load: bool) -> DoseLimit | None:
    """The clinician's limit that held when the session began; of several on its date the strictest."""
    known = [
        x
        for x in record.dose_limits
        if x.exercise == s.exercise
        and x.unit == ("kg" if load else s.unit)
        and x.stamp.day >= since
        and x.stamp.when <= s.stamp.when
        and x.stamp.reporter is Reporter.PRACTITIONER
    ]
    newest = max((x.stamp.day for x in known), default=None)
    return min((x for x in known if x.stamp.day == newest), key=lambda x: x.amount, default=None)


RECORDED: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf04": cancer_pain,
    "rf20": exceeded_limits,
}


_FRAIL = frozenset({"osteoporosis", "weak-spine"})


def falls(record: PatientRecord) -> Iterable[Finding]:
    """Falls on several dates within three months, or one of the same date as an injury."""
    fallen = [d for d in record.diagnoses if d.concept == "fall" and d.stamp.dated]
    hurt = {d.stamp.day for d in record.diagnoses if d.concept in ("injury", "fracture") and d.stamp.dated}
    numbers = record.rulebook.numbers
    days, least = int(numbers.falls_days), int(numbers.falls_count)
    for d in fallen:
        if not is_recent(record, d.stamp.day, days):
            continue
        near = {other.stamp.day for other in fallen if 0 <= (d.stamp.day - other.stamp.day).days < days}
        if d.stamp.day in hurt or len(near) >= least:
            because = "a fall with an injury is listed" if d.stamp.day in hurt else f"{len(near)} falls in {days} days"
            yield Finding(d.stamp.when, d.stamp.source, because, Urgency.E2)


def last_minor_trauma(record: PatientRecord) -> datetime | None:
    """The newest injury or fall that is new, in someone whose bones may break by less: RF03 is asked again after it."""
    return newest(
        d for d in record.diagnoses if d.concept in ("fall", "injury") and is_new(record, d) and _frail(record, d)
    )


def _frail(record: PatientRecord, d: Diagnosis) -> bool:
    """By age on that day, osteoporosis at any time, or a steroid that is taken. An age that nobody said may be any."""
    age = record.person.age_on(d.stamp.day)
    old = age is None or age > record.rulebook.numbers.minor_trauma_age
    return old or _known(record) or any(m.group == "steroid" and m.active for m in record.medicines)


def _known(record: PatientRecord) -> bool:
    return any(d.concept in _FRAIL for d in record.diagnoses)


INJURED: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {"rf23": falls}
