"""The tolerance assessment: what the reports show, for clinicians. It decides nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture, mean_of
from titrate.clinical.rules.decision_table import proposed_ceiling
from titrate.clinical.values.decision import Assessment, PainTrend, SessionClass, ToleranceTier
from titrate.clinical.values.readings import Source
from titrate.messages import Message


def assess(picture: ClinicalPicture, missing: tuple[Message, ...]) -> Assessment:
    """The assessment of a clinical picture, over `ASSESSMENT_DAYS` before the decision date and that date.

    `missing` is what rule D7 misses.
    """
    record = picture.record
    start = record.today - timedelta(days=int(record.rulebook.numbers.assessment_days))
    now, before = mean_of(record.last_week.finals), mean_of(record.week_before.finals)
    return Assessment(
        tier=_tier(picture, missing),
        usual_pain=picture.usual.pain,
        usual_fatigue=picture.usual.fatigue,
        ceiling=picture.limits.ceiling.value,
        proposed_ceiling=proposed_ceiling(picture),
        rpe_cap=picture.limits.rpe_cap.value,
        mornings=len(record.last_week.finals),
        week_mean=now,
        previous_mean=before,
        sessions=picture.sessions,
        cautious=bool(picture.cautious),
        cautious_reasons=picture.cautious,
        conflicts=picture.conflicts,
        missing=missing,
        window_start=start,
        window_end=record.today,
        trend=_trend(picture, now, before),
        sources=_sources(picture, start),
    )


def _tier(picture: ClinicalPicture, missing: tuple[Message, ...]) -> ToleranceTier:
    """`low` in a flare or when sessions are not tolerated, `good` when the last are, `unknown` without data.

    It counts the sessions that a deload counts.
    """
    numbers = picture.record.rulebook.numbers
    last = [s.session_class for s in picture.evaluable()][-int(numbers.deload_of) :]
    if picture.flare is not None or last.count(SessionClass.X) >= numbers.deload_x:
        return ToleranceTier.LOW
    if missing or not last:
        return ToleranceTier.UNKNOWN
    return ToleranceTier.GOOD if all(k is SessionClass.T for k in last) else ToleranceTier.MODERATE


def _trend(picture: ClinicalPicture, now: Decimal | None, before: Decimal | None) -> PainTrend:
    """`worse`, `better`, `steady` or `unknown`: morning pain of the last week against the one before."""
    if now is None or before is None:
        return PainTrend.UNKNOWN
    noise = picture.record.rulebook.numbers.week_rise_hold
    if now - before > noise:
        return PainTrend.WORSE
    return PainTrend.BETTER if before - now > noise else PainTrend.STEADY


def _sources(picture: ClinicalPicture, start: date) -> tuple[Source, ...]:
    """The sources of the window, newest first."""
    record = picture.record
    dated = [(s.day, s.sources[0]) for s in picture.sessions if s.day >= start]
    dated += [(d, source) for d, day in record.pain.items() if d >= start for source in day.sources]
    dated += [(d, source) for d, day in record.fatigue.items() if d >= start for source in day.sources]
    dated.sort(key=lambda item: (item[0], item[1].reference), reverse=True)
    return tuple(dict.fromkeys(source for _, source in dated))
