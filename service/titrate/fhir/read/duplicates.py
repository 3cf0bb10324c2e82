"""The same thing said twice is one reading: in a form and in an Observation made from it, or sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from titrate.clinical.values.readings import (
    Comment,
    Measurement,
    Reading,
    ReadingSource,
    Refusal,
    RefusalReason,
    SafetyAnswer,
    SessionReported,
    TrialReported,
)
from titrate.fhir.elements import utc
from titrate.fhir.read.read_context import Fault, refusal

_TOLD = (Measurement, SafetyAnswer, Comment, SessionReported, TrialReported)
_TWICE = Fault(RefusalReason.DUPLICATE, "The same was said elsewhere already: it counts once")


def without_duplicates(
    readings: Iterable[Reading], derived: Mapping[str, frozenset[str]]
) -> tuple[tuple[Reading, ...], tuple[Refusal, ...]]:
    """The readings in a fixed order, each once. `derived` leads from an Observation to the forms it was made from.

    An Observation that says something else than its form is kept: two values in one slot are a conflict to be seen.
    """
    ordered = sorted(readings, key=_order)
    kept = [reading for reading in ordered if not derived.get(reading.stamp.source.reference)]
    again: list[Reading] = []
    for reading in ordered:
        origins = derived.get(reading.stamp.source.reference)
        if not origins:
            continue
        place = next((at for at, form in enumerate(kept) if _same(reading, form, origins)), None)
        if place is None:
            kept.append(reading)
        else:
            kept[place] = _completed(kept[place], reading)
            again.append(reading)
    once, twice = _once(sorted(kept, key=_order))
    refusals = (refusal(one.stamp.source, "", _TWICE, _what(one), one.stamp.day) for one in (*again, *twice))
    return tuple(once), tuple(refusals)


def _once(ordered: Iterable[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Of readings that say the same of the same moment the first, and the others."""
    seen: set[tuple[object, ...]] = set()
    first: list[Reading] = []
    again: list[Reading] = []
    for reading in ordered:
        moment = (_content(reading), utc(reading.stamp.when), utc(reading.stamp.end))
        (again if isinstance(reading, _TOLD) and moment in seen else first).append(reading)
        seen.add(moment)
    return first, again


def _same(made: Reading, form: Reading, origins: frozenset[str]) -> bool:
    """Whether `made` repeats what the form said: the same values, or for a session none that contradicts."""
    if form.stamp.source.reference not in origins or type(made) is not type(form):
        return False
    pairs = [(getattr(made, name), getattr(form, name)) for name in _names(form)]
    if isinstance(form, SessionReported):
        return all(one is None or other is None or one == other for one, other in pairs)
    return isinstance(form, _TOLD) and all(_unhurried(one) == _unhurried(other) for one, other in pairs)


def _unhurried(value: object) -> object:
    """Morning or not is a matter of when, and an Observation made from a form may have another time."""
    return value.replace("-other", "-morning") if isinstance(value, str) else value


def _completed(form: Reading, made: Reading) -> Reading:
    """The form's session with what only the Observation knows."""
    if not isinstance(form, SessionReported):
        return form
    missing = {name: getattr(made, name) for name in _names(form) if getattr(form, name) is None}
    return replace(form, **missing)


def _names(reading: Reading) -> tuple[str, ...]:
    return tuple(field.name for field in fields(reading) if field.name != "stamp")


def _order(reading: Reading) -> tuple[object, ...]:
    """By time; of equals the firm one first, then the one that was entered first, then by name."""
    stamp: ReadingSource = reading.stamp
    entered = utc(stamp.entered).isoformat() if stamp.entered is not None else "~"
    kind = type(reading).__name__
    return (utc(stamp.when), kind, stamp.preliminary, entered, stamp.source.reference, repr(reading))


def _content(reading: Reading) -> tuple[object, ...]:
    """What a reading says, without who said it and when."""
    return (type(reading).__name__, *(getattr(reading, name) for name in _names(reading)))


def _what(reading: Reading) -> str | None:
    return reading.what if isinstance(reading, Measurement | SafetyAnswer) else None
