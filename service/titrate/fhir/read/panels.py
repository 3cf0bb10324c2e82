"""Panels: Observations that hold their values in components or in members, such as the two blood pressures."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.readings import Measurement, ReadingSource, Refusal, RefusalReason
from titrate.fhir.elements import LIST, OBJECT, Element, coding_keys, part, parts
from titrate.fhir.read.components import Component
from titrate.fhir.read.read_context import UNREADABLE_CODE, Fault, Item, ReadContext, refusal
from titrate.fhir.read.reported_codes import ReportedCodes
from titrate.messages.refused_values import PressuresReversed, ValueTypeUnusable

_IN_WORDS = Fault(RefusalReason.WRONG_VALUE, ValueTypeUnusable())
_REVERSED = Fault(RefusalReason.IMPLAUSIBLE, PressuresReversed())
# Each of them can be the value that stops exercise.
_PRESSURES = ("systolic", "diastolic")


def has_value(resource: Element) -> bool:
    """Whether an Observation has a value of its own, or says why it has none."""
    return any(key.startswith("value") for key in resource) or "dataAbsentReason" in resource


def is_panel(resource: Element) -> bool:
    """Whether an Observation only names its members."""
    return bool(parts(resource, "hasMember")) and not has_value(resource) and not parts(resource, "component")


def lost_pressures(
    resource: Element, codes: ReportedCodes, found: tuple[Component, ...], stamp: ReadingSource, context: ReadContext
) -> tuple[Refusal, ...]:
    """The refusals of blood pressures that a panel should hold and that cannot be read.

    They stand in the value, in no component, or in one of another type or without a code.
    """
    panels = [context.lookup.panels.get(key, frozenset[str]()) for key in codes.keys]
    expected = [one for one in _PRESSURES if any(one in measures for measures in panels)]
    if not expected:
        return ()
    if has_value(resource):
        return () if found else (refusal(stamp.source, "Observation.value", _IN_WORDS, expected[0], stamp.day),)
    if parts(resource, "hasMember") or (found and all(_readable(resource))):
        return ()
    missing = [one for one in expected if one not in {component.what for component in found}]
    return tuple(refusal(stamp.source, "Observation.component", UNREADABLE_CODE, one, stamp.day) for one in missing)


def _readable(resource: Element) -> Iterator[bool]:
    """Whether each component is an object with a code."""
    listed = resource.get("component")
    members = listed if isinstance(listed, LIST) else (listed,)
    return (isinstance(one, OBJECT) and bool(coding_keys(part(one, "code"))) for one in members if one is not None)


def checked_pressure(items: tuple[Item, ...], stamp: ReadingSource) -> tuple[Item, ...]:
    """The items without both pressures if the diastolic one is not below the systolic one."""
    pressures = {item.what: item.value for item in items if isinstance(item, Measurement)}
    systolic, diastolic = pressures.get("systolic"), pressures.get("diastolic")
    if systolic is None or diastolic is None or diastolic < systolic:
        return items
    return tuple(_without_pressure(item, stamp) for item in items)


def _without_pressure(item: Item, stamp: ReadingSource) -> Item:
    if isinstance(item, Measurement) and item.what in {"systolic", "diastolic"}:
        return refusal(stamp.source, "Observation.component", _REVERSED, item.what, stamp.day)
    return item
