"""The fourteen gates of an increase (B6, B11.4-7, .23-24, .32, .35). A gate without the data it needs fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from titrate.clinical.rules.gates import adherence_and_load, intervals, patient_state, sessions
from titrate.clinical.rules.gates.context import GateContext, GateResult

GATES: Mapping[str, Callable[[GateContext], GateResult]] = {
    "G1": patient_state.g1,
    "G2": patient_state.g2,
    "G3": patient_state.g3,
    "G4": sessions.g4,
    "G5": intervals.g5,
    "G6": patient_state.g6,
    "G7": adherence_and_load.g7,
    "G8": patient_state.g8,
    "G9": adherence_and_load.g9,
    "G10": sessions.g10,
    "G11": sessions.g11,
    "G12": intervals.g12,
    "G13": sessions.g13,
    "G14": intervals.g14,
}


def all_gates(context: GateContext) -> dict[str, GateResult]:
    """All gates of one exercise, G1 to G14, in order."""
    return {name: gate(context) for name, gate in GATES.items()}
