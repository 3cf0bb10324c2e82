"""Progress on a programme's pathway: education topics that are due (C24), and the current stage (C48). No dose rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.education_content import EducationModule, ExitGate, Pathway, Stage
from titrate.clinical.values.plan import Phase

DIAGNOSES = frozenset({"condition"})


@dataclass(frozen=True, slots=True)
class EducationTopic:
    """One education module: whether the teach-back was understood, and the local date of the newest teach-back."""

    module: EducationModule
    understood: bool
    teach_back: date | None


def education_topics(picture: ClinicalPicture, pathway: Pathway) -> tuple[EducationTopic, ...]:
    """The modules of the programme in the order in which they are due: current phase first, understood ones last."""
    modules = picture.record.rulebook.guidance.modules
    topics = [_topic(picture, modules[name]) for name in pathway.modules]
    return tuple(sorted(topics, key=lambda topic: (topic.understood, picture.phase.value not in topic.module.phases)))


def _topic(picture: ClinicalPicture, module: EducationModule) -> EducationTopic:
    record, question = picture.record, f"understood-{module.name}"
    answered = [a.stamp.day for a in record.answered.get(question, ()) if not a.stamp.preliminary]
    return EducationTopic(module, record.is_confirmed(question), max(answered, default=None))


@dataclass(frozen=True, slots=True)
class ExitGateStatus:
    """One exit gate and whether it is met; None where a clinician must judge, or nothing is recorded."""

    text: str
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStatus:
    """The current stage: its number (from 1) of `stages`, and its gates.

    `fits` are diagnoses of the patient that the programme is designed for. `entry` are the entry criteria, shown until
    a first plan is in force.
    """

    stage: Stage
    number: int
    stages: int
    gates: tuple[ExitGateStatus, ...]
    fits: tuple[str, ...]
    precautions: tuple[str, ...]
    entry: tuple[str, ...]


def current_stage(picture: ClinicalPicture, pathway: Pathway) -> StageStatus | None:
    """The first stage with a gate that is not met; in maintenance the last. None: the programme has no stages."""
    if not pathway.stages:
        return None
    gates = [tuple(_gate_status(picture, gate) for gate in stage.exit) for stage in pathway.stages]
    last = len(gates) - 1
    unfinished = (index for index, statuses in enumerate(gates) if not all(status.met for status in statuses))
    number = last if picture.phase is Phase.MAINTENANCE else next(unfinished, last)
    entry = pathway.entry if picture.record.plan.reference is None else ()
    return StageStatus(
        stage=pathway.stages[number],
        number=number + 1,
        stages=len(gates),
        gates=gates[number],
        fits=_fits(picture, pathway),
        precautions=pathway.hard_precautions,
        entry=entry,
    )


def programmes_for_diagnoses(picture: ClinicalPicture, programme: str) -> tuple[str, ...]:
    """Names of other programmes that are designed for a diagnosis of this patient."""
    pathways = picture.record.rulebook.guidance.pathways
    return tuple(name for name in sorted(pathways) if name != programme and _fits(picture, pathways[name]))


def _fits(picture: ClinicalPicture, pathway: Pathway) -> tuple[str, ...]:
    found = (d.concept for d in picture.record.diagnoses if d.kind in DIAGNOSES and d.concept in pathway.conditions)
    return tuple(sorted({str(concept) for concept in found}))


def _gate_status(picture: ClinicalPicture, gate: ExitGate) -> ExitGateStatus:
    if gate.tolerated is not None:
        return ExitGateStatus(gate.text, _tolerated(picture, gate.tolerated))
    if gate.measure is not None:
        return ExitGateStatus(gate.text, _measured(picture, gate))
    if gate.ladder is not None:
        step = picture.record.latest(f"ladder-step-{gate.ladder}")
        return ExitGateStatus(gate.text, None if step is None else step.value >= (gate.step or 0))
    if gate.module is not None:
        question = f"understood-{gate.module}"
        answered = question in picture.record.answered
        return ExitGateStatus(gate.text, picture.record.is_confirmed(question) if answered else None)
    return ExitGateStatus(gate.text, None)


def _tolerated(picture: ClinicalPicture, needed: int) -> bool | None:
    """Whether the last sessions of every exercise with a dose were tolerated; None without a dose."""
    if not picture.dosed:
        return None
    last = [picture.evaluable(e.exercise)[-needed:] for e in picture.dosed]
    return all(len(run) == needed and all(s.session_class is SessionClass.T for s in run) for run in last)


def _measured(picture: ClinicalPicture, gate: ExitGate) -> bool | None:
    newest = picture.record.latest(str(gate.measure))
    if newest is None:
        return None
    above = gate.at_least is None or newest.value >= gate.at_least
    return above and (gate.at_most is None or newest.value <= gate.at_most)
