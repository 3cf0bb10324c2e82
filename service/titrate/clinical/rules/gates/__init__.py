"""The fourteen gates of an increase (B6, B11.4-7, .23-24, .32, .35). A gate without the data it needs fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from titrate.clinical.rules.gates import intervals, safety_and_data, sessions, workload
from titrate.clinical.rules.gates.context import GateContext, GateResult, PatientGateContext, gate_context

__all__ = ["GATES", "GateContext", "GateResult", "PatientGateContext", "all_gates", "gate_context"]

GATES: Mapping[str, Callable[[GateContext], GateResult]] = {
    "G1": safety_and_data.g1,
    "G2": safety_and_data.g2,
    "G3": safety_and_data.g3,
    "G4": sessions.g4,
    "G5": intervals.g5,
    "G6": safety_and_data.g6,
    "G7": workload.g7,
    "G8": safety_and_data.g8,
    "G9": workload.g9,
    "G10": sessions.g10,
    "G11": sessions.g11,
    "G12": intervals.g12,
    "G13": sessions.g13,
    "G14": intervals.g14,
}


def all_gates(context: GateContext) -> dict[str, GateResult]:
    """All gates of one exercise, G1 to G14, in order."""
    return {name: gate(context) for name, gate in GATES.items()}
