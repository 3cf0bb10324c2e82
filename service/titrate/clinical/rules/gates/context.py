"""What the gates are asked about, and how a verdict is given."""

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


@dataclass(frozen=True, slots=True)
class PatientGateContext:
    """What gates ask about the patient, the same for every exercise and worked out once.

    `lacking` is what rule D7 misses; `strain` what holds a rise outside the exercise; `upward` the day the newest rise
    of any exercise was taken, None where that is not known.
    """

    lacking: tuple[Message, ...]
    strain: tuple[Message, ...]
    upward: date | None


@dataclass(frozen=True, slots=True)
class GateContext:
    """What the gates are asked about: one exercise, the dose it has and the dose it would rise to (None: no step).

    `at_dose` are its sessions at the dose in force, any class, oldest first. `run` are the last sessions that rule G4
    looks at: evaluable, since the dose began. `reports` are all its reports, `last_reports` those behind the last two
    sessions at dose.
    """

    picture: ClinicalPicture
    state: ExerciseState
    step: Dose | None
    whole: PatientGateContext
    form: DoseForm
    at_dose: tuple[ClassedSession, ...]
    run: tuple[ClassedSession, ...]
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
    picture: ClinicalPicture, state: ExerciseState, step: Dose | None, whole: PatientGateContext
) -> GateContext:
    """Put together what the gates need to know about one exercise."""
    book, code, since = picture.record.rulebook, state.exercise, state.dose_since
    at_dose = tuple([s for s in picture.sessions_of(code) if s.at_dose])
    run = tuple([s for s in picture.evaluable(code) if since is None or s.day >= since])
    reports = tuple([r for r in picture.record.sessions if r.exercise == code])
    ends = [s.end for s in at_dose[-int(book.numbers.two_for_two_sessions) :]]
    return GateContext(
        picture,
        state,
        step,
        whole,
        picture.form(state),
        at_dose,
        run[-int(book.numbers.n_sess) :],
        reports,
        tuple([r for r in reports if r.stamp.end in ends]),
    )


class GateResult(NamedTuple):
    """A gate's answer with the condition as it was evaluated."""

    gate: Gate
    entry: TraceEntry


class GateSession(TypedDict, total=False):
    """What a condition compared: the value, how, with which limit, in which unit, and the sources of the value."""

    value: object
    operator: str
    limit: object
    unit: str
    sources: tuple[Source, ...]


def gate_result(asked: GateContext, name: str, held: bool | None, text: str, **seen: Unpack[GateSession]) -> GateResult:
    """A gate's verdict with its trace; `held` None says that the gate does not apply."""
    gate = Gate.NOT_APPLICABLE if held is None else Gate.PASS if held else Gate.FAIL
    value, limit = seen.get("value"), seen.get("limit")
    entry = TraceEntry(
        name,
        text,
        bool(held),
        None if value is None else str(value),
        seen.get("operator"),
        None if limit is None else str(limit),
        seen.get("unit"),
        asked.state.exercise,
        seen.get("sources", ()),
    )
    return GateResult(gate, entry)
