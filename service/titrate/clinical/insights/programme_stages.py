"""The programme's stages (C48): which one a patient is in by its exit gates, as a reader sees it. No dose follows."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.education_content import ExitGate, Pathway, Stage
from titrate.clinical.values.plan import Phase

DIAGNOSES = frozenset({"condition"})


@dataclass(frozen=True, slots=True)
class ExitGateStatus:
    """One exit gate and whether it is met; None where a clinician has to say, or nothing is recorded."""

    text: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class StageStatus:
    """The stage: its number from 1 of `stages`, its gates. `fits`: diagnoses of the patient that it is made for.

    `entry` is for whom the programme is, told until a first plan stands.
    """

    stage: Stage
    number: int
    stages: int
    gates: tuple[ExitGateStatus, ...]
    fits: tuple[str, ...]
    precautions: tuple[str, ...]
    entry: tuple[str, ...]


def current_stage(picture: ClinicalPicture, pathway: Pathway) -> StageStatus | None:
    """The first stage with a gate that is not known to be met; in maintenance the last. None: there are no stages."""
    if not pathway.stages:
        return None
    seen = [tuple(_seen(picture, gate) for gate in stage.exit) for stage in pathway.stages]
    last = len(seen) - 1
    open_ones = (index for index, gates in enumerate(seen) if not all(gate.met for gate in gates))
    number = last if picture.phase is Phase.MAINTENANCE else min(next(open_ones, last), last)
    entry = pathway.entry if picture.record.plan.reference is None else ()
    fits = _fits(picture, pathway)
    return StageStatus(
        pathway.stages[number], number + 1, len(seen), seen[number], fits, pathway.hard_precautions, entry
    )  # fmt: skip


def programmes_for_diagnoses(picture: ClinicalPicture, programme: str) -> tuple[str, ...]:
    """Other programmes that are made for a diagnosis of this patient, by name."""
    pathways = picture.record.rulebook.guidance.pathways
    return tuple(name for name in sorted(pathways) if name != programme and _fits(picture, pathways[name]))


def _fits(picture: ClinicalPicture, pathway: Pathway) -> tuple[str, ...]:
    found = (d.concept for d in picture.record.diagnoses if d.kind in DIAGNOSES and d.concept in pathway.conditions)
    return tuple(sorted({str(concept) for concept in found}))


def _seen(picture: ClinicalPicture, gate: ExitGate) -> ExitGateStatus:
    if gate.tolerated is not None:
        return ExitGateStatus(gate.text, _tolerated(picture, gate.tolerated))
    if gate.measure is not None:
        return ExitGateStatus(gate.text, _measured(picture, gate))
    if gate.ladder is not None:
        set_last = picture.record.latest(f"ladder-step-{gate.ladder}")
        return ExitGateStatus(gate.text, None if set_last is None else set_last.value >= (gate.step or 0))
    if gate.module is not None:
        asked = f"understood-{gate.module}" in picture.record.answered
        return ExitGateStatus(gate.text, picture.record.stands(f"understood-{gate.module}") if asked else None)
    return ExitGateStatus(gate.text, None)


def _tolerated(picture: ClinicalPicture, needed: int) -> bool | None:
    """Whether the last sessions of every exercise with a dose were tolerated."""
    if not picture.dosed:
        return None
    last = [picture.evaluable(e.exercise)[-needed:] for e in picture.dosed]
    return all(len(run) == needed and all(s.klass is SessionClass.T for s in run) for run in last)


def _measured(picture: ClinicalPicture, gate: ExitGate) -> bool | None:
    newest = picture.record.latest(str(gate.measure))
    if newest is None:
        return None
    above = gate.at_least is None or newest.value >= gate.at_least
    return above and (gate.at_most is None or newest.value <= gate.at_most)
