"""What needs a person after a run: one row for each thing to do, with the patient and the plan it is about. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from titrate.app.draft_lifecycle import Transition, has_expired
from titrate.app.fetch_and_deliver import needs_attention
from titrate.app.pipeline import PipelineResult
from titrate.ehr.receipt import Receipt

WRITES_DRAFT = frozenset({Transition.WRITE_DRAFT, Transition.REPLACE_DRAFT, Transition.STOP})


class WorkKind(StrEnum):
    """Why somebody has to look.

    `waiting`: a draft is to be approved or rejected. `flagged`: a red flag is open. `edited`: a person changed our
    draft or our plan, and their word holds. `rejected`: a clinician turned the proposal down and nothing new is known.
    `expired`: a draft waited for longer than DRAFT_VALID_DAYS. `undeliverable`: what was decided is not in the EHR.
    """

    FLAGGED = "flagged"
    UNDELIVERABLE = "undeliverable"
    WAITING = "waiting"
    EDITED = "edited"
    EXPIRED = "expired"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row: what kind of work, for which patient, about which plan. References are `Type/id` in the EHR."""

    work: WorkKind
    patient: str
    plan: str | None = None


def work_items(walked: PipelineResult, receipt: Receipt | None) -> tuple[WorkItem, ...]:
    """The rows of one patient. `receipt` is None where nothing was sent, as in a dry run."""
    patient = f"Patient/{walked.readings.person.id}"
    return tuple(WorkItem(work, patient, plan) for work, plan in _rows(walked, receipt))


def _rows(walked: PipelineResult, receipt: Receipt | None) -> Iterator[tuple[WorkKind, str | None]]:
    if walked.proposal is None:
        return
    draft = _open_draft(walked, receipt)
    if walked.evaluation.flags:
        yield WorkKind.FLAGGED, draft or walked.plan.reference
    if needs_attention(receipt):
        yield WorkKind.UNDELIVERABLE, None
    elif draft is not None or (walked.transition in WRITES_DRAFT and receipt is None):
        yield WorkKind.WAITING, draft
    yield from ((WorkKind.EDITED, plan) for plan in _edited(walked))
    yield from (
        (WorkKind.EXPIRED, old.reference)
        for old in walked.plan.drafts
        if has_expired(old, walked.plans.rulebook, walked.at)
    )
    if walked.transition is Transition.LEAVE_REJECTED:
        yield WorkKind.REJECTED, walked.rejected_plans[-1] if walked.rejected_plans else None


def _edited(walked: PipelineResult) -> Iterator[str | None]:
    """Drafts that a person touched, and the plan in force where a person changed what we wrote."""
    yield from (draft.reference for draft in walked.plan.drafts if draft.touched)
    if walked.plan.overrides:
        yield walked.plan.reference


def _open_draft(walked: PipelineResult, receipt: Receipt | None) -> str | None:
    """The untouched draft that stands after the run, if it has a place in the EHR."""
    if receipt is not None and walked.transition in WRITES_DRAFT:
        written = next((one.reference for one in receipt.entries if one.type == "CarePlan"), None)
        if written is not None:
            return written
    if walked.transition in (Transition.KEEP_DRAFT, Transition.STOP):
        return next((draft.reference for draft in walked.plan.drafts if not draft.touched), None)
    return None
