"""What the gates are asked about, and how a verdict is given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict, Unpack

from service.clinical.decision import ClassedSession, Gate, TraceEntry
from service.clinical.dosing import Form
from service.clinical.plan import Dose, ExerciseState
from service.clinical.readings import SessionReported, Source
from service.clinical.situation import Situation


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gates are asked about: one exercise, the dose it has and the dose it would rise to (None: no step)."""

    situation: Situation
    state: ExerciseState
    form: Form
    step: Dose | None

    @property
    def starting(self) -> bool:
        """Whether the exercise waits for its first dose: gates about sessions then do not apply."""
        return self.state.dose is None

    @property
    def at_dose(self) -> list[ClassedSession]:
        """Sessions of the exercise at the dose in force, any class, oldest first."""
        return [s for s in self.situation.sessions if s.exercise == self.state.exercise and s.at_dose]

    @property
    def run(self) -> list[ClassedSession]:
        """The last sessions that rule G4 looks at: evaluable, since the dose began."""
        since = self.state.dose_since
        last = [s for s in self.situation.evaluable(self.state.exercise) if since is None or s.day >= since]
        return last[-int(self.number("N_SESS")) :]

    def number(self, name: str) -> Decimal:
        """A constant of the rulebook."""
        return self.situation.record.rulebook.number(name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate's answer with the condition as it was evaluated."""

    gate: Gate
    entry: TraceEntry


class Seen(TypedDict, total=False):
    """What a condition compared: the value, how, with which limit, in which unit, and the sources of the value."""

    value: object
    operator: str
    limit: object
    unit: str
    sources: tuple[Source, ...]


def verdict(asked: Asked, name: str, held: bool | None, text: str, **seen: Unpack[Seen]) -> Verdict:
    """A gate's verdict with its trace; `held` None says that the gate does not apply."""
    gate = Gate.NOT_APPLICABLE if held is None else Gate.PASS if held else Gate.FAIL
    value, limit = seen.get("value"), seen.get("limit")
    entry = TraceEntry(
        rule=name,
        text=text,
        held=bool(held),
        value=None if value is None else str(value),
        operator=seen.get("operator"),
        limit=None if limit is None else str(limit),
        unit=seen.get("unit"),
        exercise=asked.state.exercise,
        sources=seen.get("sources", ()),
    )
    return Verdict(gate, entry)


def last_reports(asked: Asked) -> list[SessionReported]:
    """The reports behind the last two sessions at dose, of any class."""
    wanted = {(s.end, s.exercise) for s in asked.at_dose[-int(asked.number("TWO_FOR_TWO_SESSIONS")) :]}
    return [r for r in asked.situation.record.sessions if (r.stamp.end, r.exercise) in wanted]
