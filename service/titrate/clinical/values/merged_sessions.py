"""One bout of exercise is one session, however often and by whomever it was reported (B13.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from titrate.clinical.values.readings import Measurement, ReadingSource, SessionReported

_HIGHER = ("pain_before", "pain_peak", "rpe", "load", "heart_rate")
# Answers of a session in order of concern, the last of the greatest.
CONCERN: Mapping[str, tuple[str, ...]] = {
    "form": ("good", "compensating", "lost"),
    "talk_test": ("comfortable", "equivocal", "not-comfortable"),
    "stop_reason": ("completed", "time", "other", "fatigue", "pain", "breathless", "dizzy", "chest-symptom"),
    "pain_quality": ("usual", "sharp", "electric", "locking", "night-unremitting"),
    "tempo": ("as-planned", "slower", "unclear", "faster"),
}
Bout = tuple[SessionReported, ...]
"""The reports of one bout, in order of time."""


@dataclass(slots=True)
class _Group:
    """A bout in the making; `until` is the end of its last report."""

    reports: list[SessionReported]
    until: datetime


def bouts_of(sessions: Iterable[SessionReported], near: timedelta) -> tuple[Bout, ...]:
    """The sessions by bout. Reports of one exercise belong together if their periods overlap or their starts are at
    most `near` apart; bouts are connected by any report between them.
    """
    by_exercise: dict[str, list[SessionReported]] = defaultdict(list)
    for session in sessions:
        by_exercise[session.exercise].append(session)
    found = [bout for reports in by_exercise.values() for bout in _connected(reports, near)]
    return tuple(sorted(found, key=lambda bout: (bout[0].stamp.when, bout[0].exercise)))


def merged_sessions(bout: Bout, own_unit: str | None) -> tuple[SessionReported, ...]:
    """The final reports of a bout as one session, and each preliminary one, which may only make it worse.

    All get the start and end of the bout. Credit takes the least amount done, harm and load the greatest. Of amounts in
    several units those in `own_unit`, the unit of the exercise, count.
    """
    if len(bout) == 1:
        return bout
    timed = [one.stamp for one in bout if one.stamp.timed] or [one.stamp for one in bout]
    start, end = min(stamp.when for stamp in timed), max(stamp.end for stamp in timed)
    until = end if end > start or any(stamp.until for stamp in timed) else None
    finals = [one for one in bout if not one.stamp.preliminary]
    merged = [_merged(finals, own_unit)] if finals else []
    preliminary = [one for one in bout if one.stamp.preliminary]
    is_timed = timed[0].timed
    return tuple(
        replace(one, stamp=replace(one.stamp, when=start, until=until, timed=is_timed))
        for one in (*merged, *preliminary)
    )


def _connected(reports: Iterable[SessionReported], near: timedelta) -> list[Bout]:
    """The bouts of one exercise. A report links every open bout that has a report of the same session."""
    closed: list[_Group] = []
    groups: list[_Group] = []
    for report in sorted(reports, key=lambda one: _start(one.stamp)):
        start, members, until = _start(report.stamp), [report], _end(report.stamp)
        others: list[_Group] = []
        for group in groups:
            if group.until + near < start:
                closed.append(group)
            elif any(_same(one, report, near) for one in group.reports):
                members, until = [*group.reports, *members], max(until, group.until)
            else:
                others.append(group)
        groups = [*others, _Group(members, until)]
    return [tuple(sorted(group.reports, key=lambda one: _start(one.stamp))) for group in (*closed, *groups)]


def _start(stamp: ReadingSource) -> datetime:
    return stamp.when if stamp.timed else datetime.combine(stamp.when, time(0), stamp.when.tzinfo)


def _end(stamp: ReadingSource) -> datetime:
    """The end of the event; of one with a date only the end of that day."""
    return stamp.end if stamp.timed else stamp.end + timedelta(days=1)


def _same(first: SessionReported, later: SessionReported, near: timedelta) -> bool:
    """Whether two reports are of one bout; `first` does not start later."""
    start, end, next_start = _start(first.stamp), _end(first.stamp), _start(later.stamp)
    instant = start == end or next_start == _end(later.stamp)
    if next_start < end or (next_start == end and instant):
        return True
    return next_start - start <= near and not _kept_apart(first, later)


def _kept_apart(first: SessionReported, later: SessionReported) -> bool:
    """Whether reports that do not overlap are of single sets, or of bouts that one source tells apart."""
    periods = first.stamp.until is not None and later.stamp.until is not None
    if first.sets is not None and later.sets is not None and (periods or first.sets == later.sets == 1):
        return True
    names, others = dict(first.stamp.identifiers), dict(later.stamp.identifiers)
    return periods and any(system in others and others[system] != value for system, value in names.items())


def _merged(reports: Sequence[SessionReported], own_unit: str | None) -> SessionReported:
    first = reports[0]
    if len(reports) == 1:
        return first
    units = [one.unit for one in reports if one.unit is not None]
    unit = own_unit if own_unit in units else next(iter(units), None)
    comparable = [one for one in reports if one.unit in (None, unit)]
    done = _known(comparable, "done")
    changes: dict[str, Any] = {name: max(_known(reports, name), default=None) for name in _HIGHER}
    changes |= {name: _worst(reports, name, order) for name, order in CONCERN.items()}
    return replace(
        first,
        stamp=replace(first.stamp, entered=_entered(reports)),
        unit=unit,
        prescribed=max(_known(comparable, "prescribed"), default=None),
        done=min(done, default=None),
        done_at_most=max(done) if len(set(done)) > 1 else None,
        sets=max(_known(reports, "sets"), default=None),
        last_set=min(_known(reports, "last_set"), default=None),
        compensations=_compensations(reports),
        also=tuple(dict.fromkeys(one.stamp.source for one in reports[1:])),
        **changes,
    )


def _known(reports: Iterable[SessionReported], name: str) -> list[Any]:
    return [value for one in reports if (value := getattr(one, name)) is not None]


def _worst(reports: Iterable[SessionReported], name: str, order: tuple[str, ...]) -> str | None:
    """The answer of greatest concern; one that is not in the order is of greater concern than all that are."""
    return max(_known(reports, name), key=lambda one: order.index(one) if one in order else len(order), default=None)


def _compensations(reports: Iterable[SessionReported]) -> tuple[str, ...] | None:
    seen = {movement for movements in _known(reports, "compensations") for movement in movements}
    return tuple(sorted(seen - {"none"} or seen)) or None


def _entered(reports: Sequence[SessionReported]) -> datetime | None:
    """When the session was entered: the first report that states what a session is judged by, else the last one."""
    whole = [one for one in reports if None not in (one.pain_peak, one.rpe, one.done)]
    entries = [one.stamp.entered for one in whole or reports]
    times = [entered for entered in entries if entered is not None]
    if not whole:
        return max(times, default=None)
    return min(times) if len(times) == len(entries) else None


def with_heart_rates(session: SessionReported, rates: Iterable[Measurement]) -> SessionReported:
    """The session with the highest heart rate of its report and of the measurements within its period (B13.3)."""
    start, until = session.stamp.when, session.stamp.until
    if until is None:
        return session
    within = [m.value for m in rates if m.stamp.timed and start <= m.stamp.when and m.stamp.end <= until]
    known = [rate for rate in (session.heart_rate, *within) if rate is not None]
    return replace(session, heart_rate=max(known)) if within else session


def differ(amounts: Iterable[Decimal], part: Decimal) -> bool:
    """Whether the greatest amount exceeds the least by more than `part` of the least."""
    known = sorted(amounts)
    return len(known) > 1 and known[-1] > known[0] * (1 + part)
