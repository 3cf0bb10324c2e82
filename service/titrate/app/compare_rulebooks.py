"""Two rulebooks on the same patients: who would be decided differently, the most worrying change first. Pure.

One decision each is compared, not a course: what a patient reports after another dose is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any

from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PlanningRules, plan_patient
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.completeness import Completeness
from titrate.clinical.values.decision import Assessment, ClassedSession, DoseChange, SessionClass
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.readings import Refusal
from titrate.messages import Message
from titrate.messages import rulebook_comparison as say
from titrate.messages.decisions import (
    FlagIsOpen,
)

# Sessions within this time before the decision describe the present state: the evidence week (B11.1).
WEEK = timedelta(days=7)
_UNWELL = (Phase.FLARE, Phase.RETURN)


class Concern(IntEnum):
    """What another rulebook changes for a patient, the most worrying first."""

    RISE_DESPITE_SYMPTOMS = 1
    FLAG_LOST = 2
    HIGHER_DESPITE_SYMPTOMS = 3
    RISE = 4
    HIGHER = 5
    OTHER = 6
    LOWER = 7


@dataclass(frozen=True, slots=True)
class ComparisonCase:
    """One patient of the population: a name to find it by, everything the EHR holds, and when to decide."""

    name: str
    resources: Sequence[Mapping[str, Any]]
    at: datetime
    refusals: tuple[Refusal, ...] = ()
    completeness: Completeness = field(default_factory=Completeness)


@dataclass(frozen=True, slots=True)
class DoseDifference:
    """One exercise whose next dose differs: the dose in force, and the next one under the first and second rulebook."""

    exercise: str
    current: Dose | None
    before: Dose | None
    after: Dose | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One patient who is decided differently.

    `symptoms` are worse under either rulebook; `marks` are notes, phases and flags that only one of them gives.
    """

    name: str
    concern: Concern
    before: Message
    after: Message
    doses: tuple[DoseDifference, ...]
    symptoms: tuple[Message, ...]
    flags_lost: tuple[str, ...]
    marks: tuple[Message, ...]


def compare(cases: Iterable[ComparisonCase], first: PlanningRules, second: PlanningRules) -> tuple[Difference, ...]:
    """The patients with different decisions, most worrying first. Raises NoPatient or SeveralPatients for a case."""
    found = (difference(case, first, second) for case in cases)
    return by_concern(one for one in found if one is not None)


def by_concern(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """The most worrying first, then by name."""
    return tuple(sorted(found, key=lambda one: (one.concern, one.name)))


def difference(case: ComparisonCase, first: PlanningRules, second: PlanningRules) -> Difference | None:
    """How one patient is decided differently; None where nothing that a clinician acts on changes."""
    before, after = _decided(case, first), _decided(case, second)
    doses = _moved(before, after)
    lost = tuple(sorted({f.flag for f in before.flags} - {f.flag for f in after.flags}))
    if not doses and not lost and _acted_on(before) == _acted_on(after):
        return None
    symptoms = tuple(dict.fromkeys((*worse_symptoms(before), *worse_symptoms(after))))
    concern = _concern(doses, bool(symptoms), bool(lost))
    return Difference(
        case.name, concern, _outcome(before), _outcome(after), doses, symptoms, lost, _marks(before, after)
    )


def _decided(case: ComparisonCase, rules: PlanningRules) -> Evaluation:
    """What a run would decide, with decisions made in the EHR and every red flag that is open there."""
    return plan_patient(FetchResult(case.resources, case.refusals, case.completeness), rules, case.at).evaluation


def _marks(before: Evaluation, after: Evaluation) -> tuple[Message, ...]:
    """Notes, phases and flags that only one of the two gives."""
    old, new = _notes(before), _notes(after)
    return (
        *(say.OnlyUnderA(mark=mark) for mark in sorted(old - new)),
        *(say.OnlyUnderB(mark=mark) for mark in sorted(new - old)),
    )


def _notes(result: Evaluation) -> frozenset[str]:
    named = result.picture.record.rulebook.named
    flags = (str(say.ComparedFlag(flag=named(flag.flag), urgency=named(flag.urgency.value))) for flag in result.flags)
    phase = str(say.ComparedPhase(phase=result.decision.phase.value))
    return frozenset((phase, *result.decision.notes, *flags))


def _acted_on(result: Evaluation) -> tuple[object, ...]:
    """What a clinician acts on: the rule, whether a review is needed, and the notes."""
    return result.decision.rule, result.decision.review, _notes(result)


def _outcome(result: Evaluation) -> Message:
    decision = result.decision
    rule = result.picture.record.rulebook.named(decision.rule)
    return say.ComparedOutcomeWithReview(rule=rule) if decision.review else say.ComparedOutcome(rule=rule)


def _moved(before: Evaluation, after: Evaluation) -> tuple[DoseDifference, ...]:
    old, new = _changes(before), _changes(after)
    rows = []
    for exercise in sorted(old.keys() | new.keys()):
        was, now = old.get(exercise), new.get(exercise)
        if (was and was.next) != (now and now.next):
            known = was or now
            current = known.current if known else None
            rows.append(DoseDifference(exercise, current, was.next if was else None, now.next if now else None))
    return tuple(rows)


def _changes(result: Evaluation) -> dict[str, DoseChange]:
    return {change.exercise: change for change in result.decision.doses}


def _concern(doses: tuple[DoseDifference, ...], symptoms: bool, lost: bool) -> Concern:
    higher = [one for one in doses if is_higher(one.after, one.before)]
    rises = any(is_higher(one.after, one.current) for one in higher)
    if rises and symptoms:
        return Concern.RISE_DESPITE_SYMPTOMS
    if lost:
        return Concern.FLAG_LOST
    if higher and symptoms:
        return Concern.HIGHER_DESPITE_SYMPTOMS
    if higher:
        return Concern.RISE if rises else Concern.HIGHER
    return Concern.LOWER if doses else Concern.OTHER


def is_higher(dose: Dose | None, other: Dose | None) -> bool:
    """Whether a dose is higher, by load and then by amount. Where units differ, it counts as higher."""
    if dose is None or other is None:
        return dose is not None
    if dose.unit != other.unit:
        return True
    return _height(dose) > _height(other)


def _height(dose: Dose) -> tuple[Decimal, Decimal]:
    return dose.load or Decimal(0), dose.amount


def worse_symptoms(evaluation: Evaluation) -> tuple[Message, ...]:
    """Every sign of worsening that the assessment shows, with the numbers compared."""
    found = evaluation.assessment
    named = evaluation.picture.record.rulebook.named
    flags = [FlagIsOpen(flag=named(flag.flag)) for flag in evaluation.flags]
    flare = [say.WorseningFlare()] if evaluation.decision.phase in _UNWELL else []
    conflicts = [say.WorseningReportsDisagree(conflict=conflict) for conflict in found.conflicts]
    return (*flags, *flare, *conflicts, *_mornings(found), *_sessions(found))


def _mornings(found: Assessment) -> Iterator[Message]:
    week, before, usual = found.week_mean, found.previous_mean, found.usual_pain
    if week is not None and before is not None and week > before:
        yield say.WorseningMorningsOverWeekBefore(mean=_rounded(week), before=_rounded(before))
    if week is not None and usual is not None and week > usual:
        yield say.WorseningMorningsOverUsual(mean=_rounded(week), usual=_rounded(usual))


def _sessions(found: Assessment) -> Iterator[Message]:
    recent = [one for one in found.sessions if one.day >= found.window_end - WEEK]
    for one in sorted(recent, key=lambda session: (session.day, session.exercise)):
        signs = tuple(_signs(one, found))
        if signs:
            yield say.WorseningSession(exercise=one.exercise, day=one.day, signs=signs)


def _signs(session: ClassedSession, found: Assessment) -> Iterator[Message]:
    if session.session_class is SessionClass.X:
        yield say.WorseningNotTolerated()
    if session.peak is not None and session.peak > found.ceiling:
        yield say.WorseningPeakPain(peak=_rounded(session.peak), ceiling=_rounded(found.ceiling))
    if session.carry is not None and session.carry > 0:
        yield say.WorseningNextMorning(rise=_rounded(session.carry))
    if session.fatigue is not None and found.usual_fatigue is not None and session.fatigue > found.usual_fatigue:
        yield say.WorseningFatigue(fatigue=_rounded(session.fatigue), usual=_rounded(found.usual_fatigue))


def _rounded(value: Decimal) -> Decimal:
    """At most two decimals, without trailing zeros."""
    return Decimal(f"{value:.2f}").normalize()
