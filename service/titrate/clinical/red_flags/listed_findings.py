"""Red flags from what the EHR lists: diagnoses, operations, falls, injuries, and new medicines (section C, RF25).

A diagnosis opens a flag while it is active, or when it is new: since the programme began or, before a programme, in
recent days. A diagnosis without a date may be new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, DoseLimit, Medication, Reporter, SessionReported
from titrate.clinical.values.rulebook import Urgency
from titrate.messages import Message
from titrate.messages import red_flags as messages

Days = Callable[[ClinicalNumbers], Decimal]
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_FRAGILE_BONES = frozenset({"osteoporosis", "weak-spine"})
NEW_MEDICINES = frozenset({"anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"})
# Groups in which a renewal counts as new unless its daily dose is known not to have risen.
# Fluoroquinolones are in neither set: each course is a new one.
_RENEWED_BY_DOSE = frozenset({"opioid", "sedative", "steroid"})
_RENEWED_BY_NAME = frozenset({"anticoagulant"})


def days_as_new(numbers: ClinicalNumbers) -> Decimal:
    """The days for which a diagnosis of most groups is new."""
    return numbers.diagnosis_new_days


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """A group of diagnoses that opens a flag.

    `days` gives the number of days for which a diagnosis is new; None opens the flag while the diagnosis is active,
    with `past` also afterwards. `wait` names the constant of the earliest clearance where it is not the flag's own.
    """

    concept: str
    because: Message
    days: Days | None = None
    past: bool = False
    wait: str | None = None


CONDITION_GROUPS: Mapping[str, tuple[ConditionGroup, ...]] = {
    "rf01": (ConditionGroup("cauda-equina", messages.CaudaEquinaListed()),),
    "rf02": (ConditionGroup("foot-drop", messages.FootDropListed(), days_as_new),),
    "rf03": (ConditionGroup("fracture", messages.FractureListed(), days_as_new),),
    "rf05": (ConditionGroup("spine-or-joint-infection", messages.SpineInfectionListed()),),
    "rf06": (ConditionGroup("myelopathy", messages.MyelopathyListed()),),
    "rf07": (ConditionGroup("inflammatory-back-pain", messages.InflammatoryBackPainListed(), days_as_new),),
    "rf09": (ConditionGroup("unstable-heart", messages.UnstableHeartListed(), days_as_new),),
    "rf10": (
        ConditionGroup(
            "myocardial-infarction",
            messages.HeartAttackListed(),
            lambda numbers: numbers.infarction_days,
            wait="CLEAR_AFTER_RF10_INFARCTION",
        ),
        ConditionGroup("thromboembolism", messages.ThromboembolismListed(), lambda numbers: numbers.embolism_days),
        ConditionGroup("heart-inflammation", messages.HeartInflammationListed()),
        ConditionGroup("aortic-stenosis", messages.AorticStenosisListed()),
        ConditionGroup("decompensated-heart-failure", messages.HeartFailureListed()),
        ConditionGroup("atrial-fibrillation", messages.NewAtrialFibrillation(), days_as_new),
    ),
    "rf15": (ConditionGroup("acute-infection", messages.AcuteInfectionListed(), days_as_new),),
    "rf16": (ConditionGroup("me-cfs", messages.FatigueSyndromeListed()),),
    "rf19": (ConditionGroup("self-harm", messages.SelfHarmListed(), days_as_new),),
    "rf21": (ConditionGroup("muscle-breakdown", messages.MuscleBreakdownListed(), days_as_new),),
    "rf22": (ConditionGroup("neck-artery", messages.NeckArteryListed(), days_as_new),),
    "rf23": (ConditionGroup("repeated-falls", messages.RepeatedFallsListed(), days_as_new),),
    "rf24": (ConditionGroup("pregnancy-complication", messages.PregnancyComplicationListed(), days_as_new),),
    "rf26": (ConditionGroup("weak-spine", messages.WeakSpineListed(), past=True),),
    "rf27": (ConditionGroup("crps", messages.CrpsListed()),),
}


# Groups that open a flag or a question; an exercise is never ordered for one of them.
FLAGGED_CONCEPTS = frozenset({"cancer", "fall", "injury", "long-covid"}) | {
    x.concept for row in CONDITION_GROUPS.values() for x in row
}


def condition_findings(record: PatientRecord, flag: str) -> Iterable[Finding]:
    """The diagnoses that open this flag, with the stricter urgency of its row."""
    urgency = record.rulebook.flags[flag].urgency
    for group in CONDITION_GROUPS.get(flag, ()):
        for d in record.diagnoses:
            if d.concept == group.concept and _opens(record, d, group):
                yield Finding(_listed_at(d), d.stamp.source, group.because, urgency, group.wait)


def _opens(record: PatientRecord, d: Diagnosis, group: ConditionGroup) -> bool:
    if group.days is None:
        return d.active or (group.past and d.kind is DiagnosisKind.PAST_CONDITION)
    return is_new(record, d, group.days)


def is_new(record: PatientRecord, d: Diagnosis, days: Days = days_as_new) -> bool:
    """Whether a diagnosis is new, for as many days as the rulebook says; without a date, while it is active."""
    if not d.stamp.dated:
        return d.active
    return is_recent(record, d.stamp.day, int(days(record.rulebook.numbers)))


def is_recent(record: PatientRecord, day: date, days: int) -> bool:
    """Whether a date is less than `days` ago, or after the programme began."""
    begun = record.plan.started
    return record.days_ago(day) < days or (begun is not None and day >= begun)


def _listed_at(d: Diagnosis) -> datetime | None:
    """When the diagnosis was listed; None without a date."""
    return d.stamp.when if d.stamp.dated else None


def last_listed(record: PatientRecord, concept: str) -> datetime | None:
    """When a diagnosis of this group was last listed; one without a date counts as older than any other."""
    return _newest(d for d in record.diagnoses if d.concept == concept)


def _newest(found: Iterable[Diagnosis]) -> datetime | None:
    """The newest time of these diagnoses, or None."""
    return max((_listed_at(d) or _BEFORE_ALL for d in found), default=None)


def cancer_pain(record: PatientRecord) -> Iterable[Finding]:
    """Unremitting night pain in a patient who has or had cancer."""
    known = any(d.concept in ("cancer", "weak-spine") for d in record.diagnoses)
    return (
        Finding(s.stamp.when, s.stamp.source, messages.NightPainWithCancer(), Urgency.E1)
        for s in record.sessions
        if known and s.pain_quality == "night-unremitting"
    )


def has_weak_spine(record: PatientRecord) -> bool:
    """Whether a weakened spine is known (RF26), cleared or not: from a diagnosis of any date, or an answer."""
    answered_yes = any(a.value is True for a in record.answered.get("rf26", ()))
    return answered_yes or any(d.concept == "weak-spine" for d in record.diagnoses)


def exceeded_limits(record: PatientRecord) -> Iterable[Finding]:
    """Sessions after an operation that exceed the limit a clinician has set for the exercise since."""
    operations = [d for d in record.diagnoses if d.concept == "orthopaedic-surgery"]
    if not operations:
        return
    began = min(d.stamp.day if d.stamp.dated else date.min for d in operations)
    for s in record.sessions:
        for load in (False, True):
            limit, done = _limit_at(record, s, began, load=load), s.load if load else s.done
            if limit is not None and done is not None and done > limit.amount:
                because = messages.LimitExceededAfterSurgery(done=done, unit=limit.unit, limit=limit.amount)
                yield Finding(s.stamp.when, s.stamp.source, because, Urgency.E1)


def _limit_at(record: PatientRecord, s: SessionReported, since: date, *, load: bool) -> DoseLimit | None:
    """The clinician's limit in force when the session began; of several on its date, and preliminary ones, the
    strictest.
    """
    known = [
        x
        for x in record.dose_limits
        if x.exercise == s.exercise
        and x.unit == ("kg" if load else s.unit)
        and x.stamp.day >= since
        and x.stamp.when <= s.stamp.when
        and x.stamp.reporter is Reporter.PRACTITIONER
    ]
    newest = max((x.stamp.day for x in known if not x.stamp.preliminary), default=None)
    in_force = (x for x in known if x.stamp.preliminary or x.stamp.day == newest)
    return min(in_force, key=lambda x: x.amount, default=None)


def fall_findings(record: PatientRecord) -> Iterable[Finding]:
    """Repeated falls within the rulebook's window, or a fall on the same date as an injury."""
    fallen = [d for d in record.diagnoses if d.concept == "fall" and d.stamp.dated]
    hurt = {d.stamp.day for d in record.diagnoses if d.concept in ("injury", "fracture") and d.stamp.dated}
    numbers = record.rulebook.numbers
    days, least = int(numbers.falls_days), int(numbers.falls_count)
    for d in fallen:
        if not is_recent(record, d.stamp.day, days):
            continue
        near = {other.stamp.day for other in fallen if 0 <= (d.stamp.day - other.stamp.day).days < days}
        if d.stamp.day in hurt or len(near) >= least:
            injured = d.stamp.day in hurt
            because = messages.FallWithInjury() if injured else messages.FallsWithin(falls=len(near), days=days)
            yield Finding(d.stamp.when, d.stamp.source, because, Urgency.E2)


def last_minor_trauma(record: PatientRecord) -> datetime | None:
    """When a patient with fragile bones last had a new injury or fall: the question of RF03 reopens after it."""
    return _newest(
        d
        for d in record.diagnoses
        if d.concept in ("fall", "injury") and is_new(record, d) and _fragile_bones(record, d)
    )


def _fragile_bones(record: PatientRecord, d: Diagnosis) -> bool:
    """Fragile bones: by age on that day (unknown counts as old), osteoporosis at any time, or a present steroid."""
    age = record.person.age_on(d.stamp.day)
    old = age is None or age > record.rulebook.numbers.minor_trauma_age
    fragile = any(d.concept in _FRAGILE_BONES for d in record.diagnoses)
    return old or fragile or any(m.group == "steroid" and m.active for m in record.medicines)


CONDITION_FINDERS: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf04": cancer_pain,
    "rf20": exceeded_limits,
    "rf23": fall_findings,
}


def new_medicine_findings(record: PatientRecord) -> Iterable[Finding]:
    """New medicines of the listed groups."""
    for m in record.medicines:
        if m.group in NEW_MEDICINES and _is_new(record, m) and not _is_renewal(record, m):
            since = m.stamp.when if m.stamp.dated else None
            yield Finding(since, m.stamp.source, messages.NewMedicine(group=str(m.group)), Urgency.E2)


def _is_new(record: PatientRecord, medicine: Medication) -> bool:
    """Listed since the programme began or, before a programme, in recent days; without a date, while it is active."""
    if not medicine.stamp.dated:
        return medicine.active
    if record.plan.started is not None:
        return medicine.stamp.day >= record.plan.started
    return record.days_ago(medicine.stamp.day) <= record.rulebook.numbers.medicine_new_days


def _is_renewal(record: PatientRecord, medicine: Medication) -> bool:
    """Whether the same medicine was listed before, was not halted since, and its dose has not risen.

    It must be one by the firm entries alone and with the doubtful ones: what these say downward counts.
    """
    before = _earlier_entries(record, medicine)
    firm = [m for m in before if not m.stamp.preliminary]
    return _renews(record, medicine, firm) and _renews(record, medicine, before)


def _renews(record: PatientRecord, medicine: Medication, before: list[Medication]) -> bool:
    """Whether these earlier entries make a medicine a renewal."""
    if not any(not _is_new(record, m) for m in before):
        return False
    newest = max(m.stamp.day for m in before)
    last = [m for m in before if m.stamp.day == newest]
    if any(m.halted for m in last):
        return False
    return medicine.group in _RENEWED_BY_NAME or (
        medicine.group in _RENEWED_BY_DOSE and all(_not_increased(medicine, m) for m in last)
    )


def _earlier_entries(record: PatientRecord, medicine: Medication) -> list[Medication]:
    """Earlier entries of the same medicine, by a code or an ingredient."""
    if not medicine.stamp.dated:
        return []
    return [
        m for m in record.medicines
        if m.group == medicine.group and m.stamp.dated and m.stamp.day < medicine.stamp.day
        and not {*m.names}.isdisjoint(medicine.names)
    ]  # fmt: skip


def _not_increased(now: Medication, before: Medication) -> bool:
    """Whether a course continues at no higher dose; an unknown dose may have risen."""
    return before.active and now.daily is not None and before.daily is not None and now.daily <= before.daily


MEDICINE_FINDERS: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {"rf25": new_medicine_findings}
