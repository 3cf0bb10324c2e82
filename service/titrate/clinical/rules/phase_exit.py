"""What ends a phase with a lower dose, as conditions of the trace (B11.5, B11.11, B11.17). It decides nothing.

A clinician who approves a lower dose reads here how long it applies, and how far the patient has come.
"""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.picture.clinical_picture import ClinicalPicture, deload_sessions
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose, Phase
from titrate.messages.gates import DeloadExit, FlareExit, LighterWeekExit


def phase_exit_entries(
    picture: ClinicalPicture, phase: Phase, doses: Mapping[str, Dose | None]
) -> tuple[TraceEntry, ...]:
    """What ends the phase that a decision leads to; empty for a phase without such a condition.

    For a lighter week in progress, D9 already reports the days.
    """
    if phase is Phase.DELOAD:
        return _deload(picture, doses)
    if phase is Phase.LIGHTER_WEEK and picture.phase is not Phase.LIGHTER_WEEK:
        return (_lighter_week(picture),)
    return _flare(picture) if phase is Phase.FLARE else ()


def _deload(picture: ClinicalPicture, doses: Mapping[str, Dose | None]) -> tuple[TraceEntry, ...]:
    """Sessions of each exercise that has a dose; a dose that is lowered today has none yet."""
    needed = int(picture.record.rulebook.numbers.deload_of)
    continues = picture.phase is Phase.DELOAD
    found = []
    for state in picture.dosed:
        dose = doses.get(state.exercise)
        if dose is None:
            continue
        done = len(deload_sessions(picture.sessions, state)) if continues and dose == state.dose else 0
        found.append(
            TraceEntry(
                rule="B11.11",
                text=DeloadExit(),
                held=done >= needed,
                value=str(done),
                operator=">=",
                limit=str(needed),
                unit="1",
                exercise=state.exercise,
            )
        )
    return tuple(found)


def _lighter_week(picture: ClinicalPicture) -> TraceEntry:
    days = picture.record.rulebook.numbers.light_week_days
    return TraceEntry(
        rule="B11.5", text=LighterWeekExit(), held=False, value="0", operator=">=", limit=str(days), unit="d"
    )


def _flare(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    if picture.usual.pain is None:
        return ()
    calm = picture.usual.pain + picture.record.rulebook.numbers.settled_above_usual
    return (TraceEntry(rule="B11.17", text=FlareExit(), held=False, value=f"{calm:f}", unit="{score}"),)
