"""The decision Observation as one typed record: what the next run starts from, written as components and read back.

Only this module and its parts for doses and flags know the component codes. They never change, because plans in EHRs
depend on them (docs/plan-shape.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from titrate.clinical.values.decision import LimitUsed
from titrate.clinical.values.plan import Dose, FlareGrade, Phase
from titrate.fhir.component_values import ComponentValues, by_code
from titrate.fhir.doses import dose_values, quantity, read_dose
from titrate.fhir.elements import Json, Resource, codes, part
from titrate.fhir.flag_record import FlagRecord, open_flags_in

PHASE_BEFORE = "phase-before"
UNCERTAIN = "state-uncertain"
WRITTEN = ".written"
ROLES = ("start", "reference", "before-flare", "before-deload", "rung", "override")
LIMITS = frozenset({"pain-ceiling", "rpe-cap", "heart-rate-limit"})
# The first part of every code that belongs to one exercise.
OF_AN_EXERCISE = frozenset(
    {
        "duration", "distance", "repetitions", "sets", "load",
        "weekly-frequency", "dose-since", "last-raised", "instruction",
    }
)  # fmt: skip

Component = tuple[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseRecord:
    """One exercise of the plan. The roles are doses that later steps return to; `override` is one that a clinician set.

    `instruction` holds a clinician's own words. The last four are present only where they differ from the library.
    """

    dose: Dose | None = None
    weekly_frequency: int | None = None
    start: Dose | None = None
    reference: Dose | None = None
    before_flare: Dose | None = None
    before_deload: Dose | None = None
    rung: Dose | None = None
    override: Dose | None = None
    dose_since: date | None = None
    last_raised: date | None = None
    instruction: str | None = None
    increment: Decimal | None = None
    range_low: int | None = None
    range_high: int | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """Everything that one decision carries for the next run. Empty where there is no decision.

    `uncertain` are parts of the plan or its state that could not be read; the state that they belong to stays in force.
    `written` holds a digest of the plan, the goal and each order as they were written, to detect manual edits.
    `reference` and `day` name the Observation that it was read from and its local date.
    """

    phase: Phase | None = None
    phase_before: Phase | None = None
    phase_since: date | None = None
    loading_since: date | None = None
    flare_first_day: date | None = None
    flare_grade: FlareGrade | None = None
    usual_pain: Decimal | None = None
    usual_fatigue: Decimal | None = None
    open_flags: tuple[FlagRecord, ...] = ()
    rulebook: str | None = None
    limits: tuple[LimitUsed, ...] = ()
    exercises: Mapping[str, ExerciseRecord] = field(default_factory=dict)
    uncertain: str | None = None
    review: bool | None = None
    refusals: int | None = None
    fingerprint: str | None = None
    goal_identifier: str | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    day: date | None = None

    def exercise(self, code: str) -> ExerciseRecord:
        """The record of one exercise, empty if the decision has none."""
        return self.exercises.get(code) or ExerciseRecord()


def to_components(record: DecisionRecord, system: str) -> list[Json]:
    """One component for each value, in a fixed order. `system` is the site's code system."""
    found = [
        *_course(record, system),
        *_limits(record.limits),
        *(item for code, exercise in record.exercises.items() for item in _exercise(code, exercise)),
        *_run(record),
    ]
    return [{"code": _concept(code, system), **value} for code, value in found]


def from_components(
    components: Iterable[Resource], system: str, zone: str, *, reference: str | None = None, day: date | None = None
) -> DecisionRecord:
    """The record that components carry. What is absent or unreadable stays empty; of two alike the first counts."""
    listed = tuple(components)
    found = _Values.of(listed, system, zone)
    return DecisionRecord(
        phase=found.member("phase", Phase),
        phase_before=found.member(PHASE_BEFORE, Phase),
        phase_since=found.date("phase-since"),
        loading_since=found.date("loading-since"),
        flare_first_day=found.date("flare-first-day"),
        flare_grade=found.member("flare-grade", FlareGrade),
        usual_pain=found.number("usual-pain"),
        usual_fatigue=found.number("usual-fatigue"),
        open_flags=open_flags_in(listed, system, zone),
        rulebook=found.word("rulebook"),
        limits=found.limits(),
        exercises={code: found.exercise(code) for code in found.exercises()},
        uncertain=found.word(UNCERTAIN),
        review=found.flag("review"),
        refusals=found.whole("refusals"),
        fingerprint=found.word("fingerprint"),
        goal_identifier=found.word("goal.identifier"),
        written=found.written(),
        reference=reference,
        day=day,
    )


def rewritten(components: Sequence[Resource], before: DecisionRecord, after: DecisionRecord, system: str) -> list[Json]:
    """The components of `after`, and those that no record holds, such as the trace, as they are."""
    new = to_components(after, system)
    held = {code for code, _ in by_code((*to_components(before, system), *new), system)}
    kept = [dict(item) for item in components if not held.intersection(codes(part(item, "code"), system))]
    return [*new, *kept]


def phase_before_in(components: Iterable[Resource], system: str) -> Phase | None:
    """The phase that a decision left. Looks for one component only, because every run reads a long history."""
    for code, component in by_code(components, system):
        if code == PHASE_BEFORE:
            found = codes(part(component, "valueCodeableConcept"), system)
            return Phase(found[0]) if found and found[0] in set(Phase) else None
    return None


def _course(record: DecisionRecord, system: str) -> Iterator[Component]:
    """The patient's phase, its dates, usual symptoms, open red flags, and the rulebook."""
    for code, phase in (("phase", record.phase), (PHASE_BEFORE, record.phase_before)):
        if phase is not None:
            yield code, {"valueCodeableConcept": _concept(phase.value, system)}
    yield from _day("phase-since", record.phase_since)
    yield from _day("loading-since", record.loading_since)
    yield from _day("flare-first-day", record.flare_first_day)
    if record.flare_grade is not None:
        yield "flare-grade", {"valueCodeableConcept": _concept(record.flare_grade.lower(), system)}
    for code, score in (("usual-pain", record.usual_pain), ("usual-fatigue", record.usual_fatigue)):
        if score is not None:
            yield code, {"valueQuantity": quantity(score, "{score}")}
    for flag in record.open_flags:
        yield f"{flag.flag}-open-since", {"valueDateTime": flag.since.isoformat(timespec="seconds")}
        if flag.urgency is not None:
            yield f"{flag.flag}-urgency", {"valueCodeableConcept": _concept(flag.urgency.value.lower(), system)}
    yield from _string("rulebook", record.rulebook)


def _limits(limits: tuple[LimitUsed, ...]) -> Iterator[Component]:
    """Each limit as used, with its owner and date where a clinician set it."""
    for limit in limits:
        yield limit.name, {"valueQuantity": quantity(limit.value, limit.unit)}
        yield from _string(f"{limit.name}.owner", limit.owner)
        yield from _day(f"{limit.name}.since", limit.since)


def _exercise(code: str, record: ExerciseRecord) -> Iterator[Component]:
    yield from dose_values(code, record.dose)
    if record.weekly_frequency is not None:
        yield f"{code}.weekly-frequency", {"valueQuantity": quantity(record.weekly_frequency, "/wk")}
    for role in ROLES:
        yield from dose_values(code, getattr(record, role.replace("-", "_")), role)
    yield from _day(f"{code}.dose-since", record.dose_since)
    yield from _day(f"{code}.last-raised", record.last_raised)
    yield from _string(f"{code}.instruction", record.instruction)
    if record.increment is not None:
        yield f"{code}.load.increment", {"valueQuantity": quantity(record.increment, "kg")}
    ranges = (("range-low", record.range_low), ("range-high", record.range_high), ("target", record.target))
    for name, value in ranges:
        if value is not None:
            yield f"{code}.repetitions.{name}", {"valueInteger": value}


def _run(record: DecisionRecord) -> Iterator[Component]:
    """The run itself: whether it needs review, what it could not use, and what it wrote."""
    yield from _string(UNCERTAIN, record.uncertain)
    if record.review is not None:
        yield "review", {"valueBoolean": record.review}
    if record.refusals is not None:
        yield "refusals", {"valueInteger": record.refusals}
    yield from _string("fingerprint", record.fingerprint)
    yield from _string("goal.identifier", record.goal_identifier)
    for key, digests in record.written.items():
        yield from _string(f"{key}{WRITTEN}", digests)


def _day(code: str, when: date | None) -> Iterator[Component]:
    if when is not None:
        yield code, {"valueDateTime": when.isoformat()}


def _string(code: str, words: str | None) -> Iterator[Component]:
    if words is not None:
        yield code, {"valueString": words}


def _concept(code: str, system: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


class _Values(ComponentValues):
    """Component values of a decision: doses, exercises and limits by their codes."""

    __slots__ = ()

    def exercises(self) -> tuple[str, ...]:
        """Every exercise that has a component of its own."""
        dotted = (code.split(".") for code in self.values if "." in code)
        return tuple(dict.fromkeys(head for head, *rest in dotted if rest[0] in OF_AN_EXERCISE))

    def exercise(self, code: str) -> ExerciseRecord:
        """The record of one exercise."""
        return ExerciseRecord(
            dose=read_dose(self, code),
            weekly_frequency=self.whole(f"{code}.weekly-frequency"),
            start=read_dose(self, code, "start"),
            reference=read_dose(self, code, "reference"),
            before_flare=read_dose(self, code, "before-flare"),
            before_deload=read_dose(self, code, "before-deload"),
            rung=read_dose(self, code, "rung"),
            override=read_dose(self, code, "override"),
            dose_since=self.date(f"{code}.dose-since"),
            last_raised=self.date(f"{code}.last-raised"),
            instruction=self.word(f"{code}.instruction"),
            increment=self.number(f"{code}.load.increment"),
            range_low=self.whole(f"{code}.repetitions.range-low"),
            range_high=self.whole(f"{code}.repetitions.range-high"),
            target=self.whole(f"{code}.repetitions.target"),
        )

    def limits(self) -> tuple[LimitUsed, ...]:
        """The limits that the plan showed, in the order they were written."""
        return tuple(
            LimitUsed(code, value, self.units.get(code, "1"), self.word(f"{code}.owner"), self.date(f"{code}.since"))
            for code in self.values
            if self._is_limit(code) and (value := self.number(code)) is not None
        )

    def _is_limit(self, code: str) -> bool:
        known = code in LIMITS or code.startswith("dose-limit")
        return known or f"{code}.owner" in self.values or f"{code}.since" in self.values

    def written(self) -> Mapping[str, str]:
        """The digests of what was written, by what they are of."""
        return {
            code.removesuffix(WRITTEN): value
            for code, value in self.values.items()
            if code.endswith(WRITTEN) and isinstance(value, str)
        }
