"""What the gates read, and the verdict of a gate with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypedDict, Unpack

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.decision import ClassedSession, Gate, TraceEntry
from titrate.clinical.values.dose_math import DoseForm
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import SessionReported, Source
from titrate.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientGateContext:
    """What gates read about the patient, the same for every exercise and computed once.

    `missing` is what rule D7 misses; `holds` what prevents an increase outside the exercise; `last_increase` the day
    the newest increase of any exercise was taken, None where it is not known.
    """

    missing: tuple[Message, ...]
    holds: tuple[Message, ...]
    last_increase: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """What the gates read about one exercise: its dose, and the dose after an increase (None: no step).

    `at_dose` are its sessions at the dose in force, any class, oldest first. `recent` are the last sessions that rule
    G4 counts: evaluable, since the dose began, on enough dates. `reports` are all its reports, `last_reports` those of
    the last sessions at dose.
    """

    picture: ClinicalPicture
    state: ExerciseState
    step: Dose | None
    patient: PatientGateContext
    form: DoseForm
    at_dose: tuple[ClassedSession, ...]
    recent: tuple[ClassedSession, ...]
    reports: tuple[SessionReported, ...]
    last_reports: tuple[SessionReported, ...]

    @property
    def starting(self) -> bool:
        """Whether the exercise waits for its first dose: gates about sessions then do not apply."""
        return self.state.dose is None

    @property
    def numbers(self) -> ClinicalNumbers:
        """The numbers of the rulebook."""
        return self.picture.record.rulebook.numbers


def gate_context(
    picture: ClinicalPicture, state: ExerciseState, step: Dose | None, patient: PatientGateContext
) -> GateContext:
    """Everything that the gates read about one exercise."""
    numbers, code = picture.record.rulebook.numbers, state.exercise
    at_dose = tuple([s for s in picture.sessions_of(code) if s.at_dose])
    reports = tuple([r for r in picture.record.sessions if r.exercise == code])
    ends = [s.end for s in at_dose[-int(numbers.two_for_two_sessions) :]]
    return GateContext(
        picture=picture,
        state=state,
        step=step,
        patient=patient,
        form=picture.form(state),
        at_dose=at_dose,
        recent=picture.last_of_dose(state, int(numbers.n_sess)),
        reports=reports,
        last_reports=tuple([r for r in reports if r.stamp.end in ends]),
    )


class GateResult(NamedTuple):
    """The verdict of a gate with the condition as it was evaluated."""

    gate: Gate
    entry: TraceEntry


class Comparison(TypedDict, total=False):
    """What a condition compared: the value, how, with which limit, in which unit, and the sources of the value."""

    value: object
    operator: str
    limit: object
    unit: str
    sources: tuple[Source, ...]


def gate_result(
    context: GateContext, name: str, held: bool | None, text: Message, **comparison: Unpack[Comparison]
) -> GateResult:
    """The verdict of a gate with its trace; `held` None means that the gate does not apply."""
    gate = Gate.NOT_APPLICABLE if held is None else Gate.PASS if held else Gate.FAIL
    value, limit = comparison.get("value"), comparison.get("limit")
    entry = TraceEntry(
        rule=name,
        text=text,
        held=bool(held),
        value=None if value is None else str(value),
        operator=comparison.get("operator"),
        limit=None if limit is None else str(limit),
        unit=comparison.get("unit"),
        exercise=context.state.exercise,
        sources=comparison.get("sources", ()),
    )
    return GateResult(gate, entry)
