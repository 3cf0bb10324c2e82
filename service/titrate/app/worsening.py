"""Signs that a patient's symptoms are worse, which a reader must know beside a dose that rises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.decision import Assessment, ClassedSession, SessionClass
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages import rulebook_comparison as say
from titrate.messages.decisions import (
    FlagIsOpen,
)

# Sessions within this time before the decision describe the present state: the evidence week (B11.1).
WEEK = timedelta(days=7)
_UNWELL = (Phase.FLARE, Phase.RETURN)


def worse_symptoms(evaluation: Evaluation) -> tuple[Message, ...]:
    """Every sign of worsening that the assessment shows, with the numbers compared."""
    found = evaluation.assessment
    named = evaluation.picture.record.rulebook.named
    flags = [FlagIsOpen(flag=named(flag.flag)) for flag in evaluation.flags]
    flare = [say.WorseningFlare()] if evaluation.decision.phase in _UNWELL else []
    conflicts = [say.WorseningReportsDisagree(conflict=conflict) for conflict in found.conflicts]
    return (*flags, *flare, *conflicts, *_mornings(found), *_sessions(found))


def _mornings(found: Assessment) -> Iterator[Message]:
    week, before, usual = found.week_mean, found.previous_mean, found.usual_pain
    if week is not None and before is not None and week > before:
        yield say.WorseningMorningsOverWeekBefore(mean=_rounded(week), before=_rounded(before))
    if week is not None and usual is not None and week > usual:
        yield say.WorseningMorningsOverUsual(mean=_rounded(week), usual=_rounded(usual))


def _sessions(found: Assessment) -> Iterator[Message]:
    recent = [one for one in found.sessions if one.day >= found.window_end - WEEK]
    for one in sorted(recent, key=lambda session: (session.day, session.exercise)):
        signs = tuple(_signs(one, found))
        if signs:
            yield say.WorseningSession(exercise=one.exercise, day=one.day, signs=signs)


def _signs(session: ClassedSession, found: Assessment) -> Iterator[Message]:
    if session.session_class is SessionClass.X:
        yield say.WorseningNotTolerated()
    if session.peak is not None and session.peak > found.ceiling:
        yield say.WorseningPeakPain(peak=_rounded(session.peak), ceiling=_rounded(found.ceiling))
    if session.carry is not None and session.carry > 0:
        yield say.WorseningNextMorning(rise=_rounded(session.carry))
    if session.fatigue is not None and found.usual_fatigue is not None and session.fatigue > found.usual_fatigue:
        yield say.WorseningFatigue(fatigue=_rounded(session.fatigue), usual=_rounded(found.usual_fatigue))


def _rounded(value: Decimal) -> Decimal:
    """At most two decimals, without trailing zeros."""
    return Decimal(f"{value:.2f}").normalize()
