"""Exercises that a finding excludes whatever rule decides: balance after falls, loaded bending with a weak spine."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.red_flags.listed_findings import has_weak_spine
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.rulebook import Domain
from titrate.messages.gates import WeakSpine

# Falls: no balance exercise before a clinician has assessed the patient (B11.26).
FALLS_FLAG = "rf23"
# Exercises that bend or turn the trunk under load: never with a weakened spine, even after a clearance (RF26).
LOADED_BENDING = frozenset({"lift-and-carry"})


def within_restrictions(
    picture: ClinicalPicture, doses: dict[str, Dose | None]
) -> tuple[dict[str, Dose | None], tuple[TraceEntry, ...]]:
    """No balance exercise after falls, and no loaded bending with a weakened spine."""
    trace: tuple[TraceEntry, ...] = ()
    if any(f.flag == FALLS_FLAG for f in picture.safety.flags):
        doses = {e: None if picture.domain(e) is Domain.NEUROMOTOR else d for e, d in doses.items()}
    if LOADED_BENDING & doses.keys() and has_weak_spine(picture.record):
        doses = {e: None if e in LOADED_BENDING else d for e, d in doses.items()}
        trace = (TraceEntry(rule="RF26", text=WeakSpine(), held=True),)
    return doses, trace
