"""The state that a decision Observation carries, read by its component codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from titrate.clinical.values.decision import LimitUsed
from titrate.clinical.values.plan import Dose, Phase
from titrate.fhir.elements import Resource, codes, day, name, number, part, parts, text, unit
from titrate.fhir.plan_state.plan_resources import PlanResources, decided_at

Value = Decimal | str | bool
LIMITS = frozenset({"pain-ceiling", "rpe-cap", "heart-rate-limit"})


@dataclass(frozen=True, slots=True)
class RecordedState:
    """Component values by code; quantities keep their unit beside them. Empty where nothing is remembered."""

    zone: str
    values: Mapping[str, Value] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    day: date | None = None

    def number(self, code: str) -> Decimal | None:
        """A number, whatever type carried it."""
        found = self.values.get(code)
        return found if isinstance(found, Decimal) else None

    def whole(self, code: str) -> int | None:
        """A whole number; a fraction is rounded down."""
        found = self.number(code)
        return None if found is None else int(found)

    def word(self, code: str) -> str | None:
        """A code or a text."""
        found = self.values.get(code)
        return found if isinstance(found, str) else None

    def date(self, code: str) -> date | None:
        """A local date."""
        return day(self.word(code), self.zone)

    def phase(self, code: str = "phase") -> Phase | None:
        """A phase of the programme; a word that is none counts as not said."""
        found = self.word(code)
        return Phase(found) if found in set(Phase) else None

    def dose(self, exercise: str, role: str = "") -> Dose | None:
        """The dose in a role (`start`, `reference`, ...); without a role the dose that was prescribed."""
        tail = f".{role}" if role else ""
        sets, load = self.whole(f"{exercise}.sets{tail}"), self.number(f"{exercise}.load{tail}")
        for parameter, default in (("duration", "min"), ("distance", "m")):
            code = f"{exercise}.{parameter}{tail}"
            amount = self.number(code)
            if amount is not None:
                return Dose(amount, self.units.get(code, default), sets, load)
        repetitions = self._repetitions(exercise, tail, sets)
        return None if repetitions is None else Dose(repetitions, "{repetitions}", sets, load)

    def _repetitions(self, exercise: str, tail: str, sets: int | None) -> Decimal | None:
        """The total of a session. Repetitions are stored for one set, except in the start dose."""
        total = self.number(f"{exercise}.repetitions.total{tail}")
        each = self.number(f"{exercise}.repetitions{tail}")
        if total is not None or each is None:
            return total
        return each if tail == ".start" else each * (sets or 1)

    def exercises(self) -> tuple[str, ...]:
        """Every exercise that has a component of its own."""
        return tuple(dict.fromkeys(code.split(".")[0] for code in self.values if "." in code))

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


def recorded_state(holdings: PlanResources, observation: Resource | None) -> RecordedState:
    """Read one decision Observation; none gives an empty memory."""
    zone = holdings.person.zone
    if observation is None:
        return RecordedState(zone)
    values: dict[str, Value] = {}
    units: dict[str, str] = {}
    for component in parts(observation, "component"):
        for code in codes(part(component, "code"), holdings.site.codes):
            value = _value(component, holdings.site.codes)
            if value is not None:
                values.setdefault(code, value)
                units.setdefault(code, unit(part(component, "valueQuantity")) or "1")
    recorded = holdings.local_day(decided_at(observation, zone))
    return RecordedState(zone, values, units, name(observation), recorded)


def _value(component: Resource, system: str) -> Value | None:
    """The value of a component, whichever type carries it."""
    for found in (component.get("valueInteger"), part(component, "valueQuantity").get("value")):
        amount = number(found)
        if amount is not None:
            return amount
    coded = part(component, "valueCodeableConcept")
    flag = component.get("valueBoolean")
    if isinstance(flag, bool):
        return flag
    return (
        next(iter(codes(coded, system)), None)
        or text(coded, "text")
        or text(component, "valueDateTime")
        or text(component, "valueString")
    )
