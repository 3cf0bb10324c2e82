"""Which symptoms are worse, from an assessment: what a reader has to know beside a dose that goes up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.decision import Assessment, ClassedSession, SessionClass
from titrate.clinical.values.plan import Phase

# Days before the decision whose sessions tell of the present state: the evidence week (B11.1).
WEEK = timedelta(days=7)
_UNWELL = (Phase.FLARE, Phase.RETURN)


def worse_symptoms(result: Evaluation) -> tuple[str, ...]:
    """Every sign of worsening that the assessment shows, in words with the numbers compared."""
    found = result.assessment
    flags = [f"{flag.flag.upper()} is open" for flag in result.flags]
    flare = ["a flare, or the return from one"] if result.decision.phase in _UNWELL else []
    disagreeing = [f"reports disagree: {conflict}" for conflict in found.conflicts]
    return (*flags, *flare, *disagreeing, *_mornings(found), *_sessions(found))


def _mornings(found: Assessment) -> Iterator[str]:
    week = found.week_mean
    if week is None:
        return
    for other, name in ((found.previous_mean, "the week before"), (found.usual_pain, "usual")):
        if other is not None and week > other:
            yield f"mean morning pain {_number(week)}, {name} {_number(other)}"


def _sessions(found: Assessment) -> Iterator[str]:
    recent = [one for one in found.sessions if one.day >= found.window_end - WEEK]
    for one in sorted(recent, key=lambda session: (session.day, session.exercise)):
        signs = tuple(_signs(one, found))
        if signs:
            yield f"{one.exercise} on {one.day.isoformat()}: {', '.join(signs)}"


def _signs(session: ClassedSession, found: Assessment) -> Iterator[str]:
    if session.session_class is SessionClass.X:
        yield "not tolerated"
    if session.peak is not None and session.peak > found.ceiling:
        yield f"peak pain {_number(session.peak)} above {_number(found.ceiling)}"
    if session.carry is not None and session.carry > 0:
        yield f"next morning {_number(session.carry)} above usual"
    if session.fatigue is not None and found.usual_fatigue is not None and session.fatigue > found.usual_fatigue:
        yield f"fatigue {_number(session.fatigue)}, usual {_number(found.usual_fatigue)}"


def _number(value: Decimal) -> str:
    """At most two decimals, without zeros at the end."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
