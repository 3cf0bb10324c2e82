"""The components of an Observation by code, whichever value type carries them. Knows no code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeVar

from titrate.fhir.elements import Resource, codes, local_date, number, part, stored_text, text, unit

Value = Decimal | str | bool
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ComponentValues:
    """Component values by code; quantities keep their unit beside them."""

    zone: str
    values: dict[str, Value] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, components: Iterable[Resource], system: str, zone: str) -> Self:
        """The readable values of components with a code in the system; of two alike the first counts."""
        found = cls(zone)
        for code, component in by_code(components, system):
            value = _value(component, system)
            if value is not None:
                found.values.setdefault(code, value)
                found.units.setdefault(code, unit(part(component, "valueQuantity")) or "1")
        return found

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
        return local_date(self.word(code), self.zone)

    def member(self, code: str, kind: type[Member]) -> Member | None:
        """A code of a closed set; an unknown one counts as absent."""
        found = self.word(code)
        return kind(found) if found in set(kind) else None

    def flag(self, code: str) -> bool | None:
        """A truth value."""
        found = self.values.get(code)
        return found if isinstance(found, bool) else None


def by_code(components: Iterable[Resource], system: str) -> Iterator[tuple[str, Resource]]:
    """Each component under every code that it has in the system."""
    return ((code, item) for item in components for code in codes(part(item, "code"), system))


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
        or stored_text(coded, "text")
        or text(component, "valueDateTime")
        or stored_text(component, "valueString")
    )
