"""Equal readings of several records count once: a form and the Observation made from it, or a record sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import groupby
from operator import itemgetter
from typing import get_args

from titrate.clinical.values.readings import (
    Comment,
    FreeText,
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
from titrate.messages.refused_records import ReadingDuplicated

_DEDUPLICATED = (Measurement, SafetyAnswer, Comment, FreeText, SessionReported, TrialReported)
# Names of the fields by kind of reading, without its source.
_CONTENT = {kind: tuple(one.name for one in fields(kind) if one.name != "stamp") for kind in get_args(Reading)}


def without_duplicates(
    readings: Iterable[Reading], derived: Mapping[str, frozenset[str]]
) -> tuple[tuple[Reading, ...], tuple[Refusal, ...]]:
    """The readings in a fixed order, each once. `derived`: for an Observation the forms that it was made from.

    An Observation that differs from its form is kept, so that the conflict shows.
    """
    ordered = _ordered(readings)
    kept = [reading for reading in ordered if not derived.get(reading.stamp.source.reference)]
    repeated: list[Reading] = []
    for reading in ordered:
        origins = derived.get(reading.stamp.source.reference)
        if not origins:
            continue
        index = next((at for at, form in enumerate(kept) if _repeats(reading, form, origins)), None)
        if index is None:
            kept.append(reading)
        else:
            kept[index] = _completed(kept[index], reading)
            repeated.append(reading)
    first, again = _first_and_repeated(_ordered(kept) if derived else kept)
    fault = Fault(RefusalReason.DUPLICATE, ReadingDuplicated())
    refusals = (refusal(one.stamp.source, "", fault, _what(one), one.stamp.day) for one in (*repeated, *again))
    return tuple(first), tuple(refusals)


def _first_and_repeated(ordered: Iterable[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Of readings with equal content and time the first, and the others."""
    known: set[tuple[object, ...]] = set()
    first: list[Reading] = []
    repeated: list[Reading] = []
    for reading in ordered:
        key = (_content(reading), utc(reading.stamp.when), utc(reading.stamp.end))
        (repeated if isinstance(reading, _DEDUPLICATED) and key in known else first).append(reading)
        known.add(key)
    return first, repeated


def _repeats(made: Reading, form: Reading, origins: frozenset[str]) -> bool:
    """Whether `made` repeats the form's reading: with equal values, or for a session without a contradiction."""
    if form.stamp.source.reference not in origins or type(made) is not type(form):
        return False
    pairs = [(getattr(made, name), getattr(form, name)) for name in _CONTENT[type(form)]]
    if isinstance(form, SessionReported):
        return all(one is None or other is None or one == other for one, other in pairs)
    return isinstance(form, _DEDUPLICATED) and all(_any_time_of_day(one) == _any_time_of_day(two) for one, two in pairs)


def _any_time_of_day(value: object) -> object:
    """The measure without its time of day: an Observation made from a form can have another time than the form."""
    return value.replace("-other", "-morning") if isinstance(value, str) else value


def _completed(form: Reading, made: Reading) -> Reading:
    """The form's session, completed with what only the Observation has."""
    if not isinstance(form, SessionReported):
        return form
    missing = {name: getattr(made, name) for name in _CONTENT[type(form)] if getattr(form, name) is None}
    return replace(form, **missing)


def _ordered(readings: Iterable[Reading]) -> list[Reading]:
    """By time; then final before preliminary, the earlier entry, the reference, and the content."""
    keyed = sorted(((_order(reading), reading) for reading in readings), key=itemgetter(0))
    same = ([reading for _, reading in group] for _, group in groupby(keyed, key=itemgetter(0)))
    return [reading for group in same for reading in (sorted(group, key=repr) if len(group) > 1 else group)]


def _order(reading: Reading) -> tuple[object, ...]:
    stamp: ReadingSource = reading.stamp
    entered = utc(stamp.entered).isoformat() if stamp.entered is not None else "~"
    return (utc(stamp.when), type(reading).__name__, stamp.preliminary, entered, stamp.source.reference)


def _content(reading: Reading) -> tuple[object, ...]:
    """The content of a reading, without its source."""
    return (type(reading).__name__, *(getattr(reading, name) for name in _CONTENT[type(reading)]))


def _what(reading: Reading) -> str | None:
    return reading.what if isinstance(reading, Measurement | SafetyAnswer) else None
