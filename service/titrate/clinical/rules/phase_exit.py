"""What ends a phase in which the dose is lower, as conditions of the trace (B11.5, B11.11, B11.17). It decides nothing.

A clinician who approves a lower dose reads here how long it stays, and how far the patient has come.
"""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.picture.clinical_picture import ClinicalPicture, deload_sessions
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.rulebook import Rulebook


def phase_exit_entries(
    picture: ClinicalPicture, phase: Phase, doses: Mapping[str, Dose | None]
) -> tuple[TraceEntry, ...]:
    """What must be seen before the phase that a decision leaves is over; empty for a phase that asks for nothing.

    Of a lighter week that goes on rule D9 says the days.
    """
    if phase is Phase.DELOAD:
        return _deload(picture, doses)
    if phase is Phase.LIGHTER_WEEK and picture.phase is not Phase.LIGHTER_WEEK:
        return (_lighter_week(picture.record.rulebook),)
    return _flare(picture) if phase is Phase.FLARE else ()


def _deload(picture: ClinicalPicture, doses: Mapping[str, Dose | None]) -> tuple[TraceEntry, ...]:
    """Sessions of each exercise that has a dose; a dose that is lowered today has none yet."""
    needed = int(picture.record.rulebook.numbers.deload_of)
    goes_on = picture.phase is Phase.DELOAD
    found = []
    for state in picture.dosed:
        dose = doses.get(state.exercise)
        if dose is None:
            continue
        done = len(deload_sessions(picture.sessions, state)) if goes_on and dose == state.dose else 0
        text = "sessions at the lower dose, with their next mornings known, before anything rises"
        found.append(
            TraceEntry("B11.11", text, done >= needed, str(done), ">=", str(needed), "1", exercise=state.exercise)
        )
    return tuple(found)


def _lighter_week(book: Rulebook) -> TraceEntry:
    text = "days of the lighter week, before the dose from before it comes back"
    return TraceEntry("B11.5", text, False, "0", ">=", str(book.numbers.light_week_days), "d")


def _flare(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    if picture.usual.pain is None:
        return ()
    calm = picture.usual.pain + picture.record.rulebook.numbers.settled_above_usual
    text = "two mornings in a row at or below this end the flare"
    return (TraceEntry("B11.17", text, False, f"{calm:f}", unit="{score}"),)
