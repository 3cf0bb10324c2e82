"""The worklist after a run: one item for each thing that a clinician has to do, with its patient and plan. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from titrate.app.draft_lifecycle import Transition, has_expired
from titrate.app.fetch_and_deliver import needs_attention
from titrate.app.pipeline import PipelineResult
from titrate.ehr.receipt import Receipt
from titrate.messages.record import ZoneAssumed

WRITES_DRAFT = frozenset({Transition.WRITE_DRAFT, Transition.REPLACE_DRAFT, Transition.STOP})


class WorkKind(StrEnum):
    """Why a clinician has to look, the most urgent first.

    `flagged`: a red flag is open, also of a patient who is not eligible.
    `text`: the words of a text may describe a red flag, and the patient has to be asked.
    `undeliverable`: a decision is not in the EHR. `waiting`: a draft has to be approved
    or rejected. `edited`: an author changed the service's draft or plan, and the change holds. `expired`: a draft
    waited for longer than DRAFT_VALID_DAYS. `rejected`: a clinician rejected the draft and nothing new is known.
    `zone`: times were read in the site's time zone, because neither they nor the patient's record name another.
    `incomplete`: the record is not complete, or a fact that decides is missing or cannot be read, and no dose rises
    before it is mended.
    """

    FLAGGED = "flagged"
    TEXT = "text"
    UNDELIVERABLE = "undeliverable"
    INCOMPLETE = "incomplete"
    WAITING = "waiting"
    EDITED = "edited"
    EXPIRED = "expired"
    REJECTED = "rejected"
    ZONE = "zone"


_MOST_URGENT_FIRST = tuple(WorkKind)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One item of the worklist. `patient`, `plan` and `source` (the resource of a text) are references in the EHR."""

    work: WorkKind
    patient: str
    plan: str | None = None
    source: str | None = None


def work_items(result: PipelineResult, receipt: Receipt | None) -> tuple[WorkItem, ...]:
    """The worklist items of one patient. `receipt` is None if nothing was sent, as in a dry run."""
    patient = f"Patient/{result.readings.person.id}"
    items = [WorkItem(work, patient, plan) for work, plan in _kinds(result, receipt)]
    if result.proposal is not None:
        sources = dict.fromkeys(one.stamp.source.reference for one in result.proposal.reopened)
        items += [WorkItem(WorkKind.TEXT, patient, source=source) for source in sources]
    return tuple(sorted(items, key=lambda item: _MOST_URGENT_FIRST.index(item.work)))


def _kinds(result: PipelineResult, receipt: Receipt | None) -> Iterator[tuple[WorkKind, str | None]]:
    if result.proposal is None:
        if result.evaluation.flags:
            yield WorkKind.FLAGGED, result.plan.reference
        return
    waiting = _open_draft(result, receipt)
    if result.evaluation.flags:
        yield WorkKind.FLAGGED, waiting or result.plan.reference
    if result.evaluation.completeness.deciding or result.evaluation.picture.unknown:
        yield WorkKind.INCOMPLETE, result.plan.reference
    if needs_attention(receipt):
        yield WorkKind.UNDELIVERABLE, None
    elif waiting is not None or (result.transition in WRITES_DRAFT and receipt is None):
        yield WorkKind.WAITING, waiting
    yield from ((WorkKind.EDITED, plan) for plan in _edited_plans(result))
    yield from (
        (WorkKind.EXPIRED, draft.reference)
        for draft in result.plan.drafts
        if has_expired(draft, result.plans.rulebook, result.at)
    )
    if result.transition is Transition.LEAVE_REJECTED:
        yield WorkKind.REJECTED, result.rejected_plans[-1] if result.rejected_plans else None
    if any(isinstance(ask, ZoneAssumed) for ask in result.evaluation.decision.asks):
        yield WorkKind.ZONE, None


def _edited_plans(result: PipelineResult) -> Iterator[str | None]:
    """Drafts that an author edited, and the plan in force if an author changed what the service wrote."""
    yield from (draft.reference for draft in result.plan.drafts if draft.touched)
    if result.plan.overrides:
        yield result.plan.reference


def _open_draft(result: PipelineResult, receipt: Receipt | None) -> str | None:
    """The unedited draft that is open after the run, if it is in the EHR already."""
    if receipt is not None and result.transition in WRITES_DRAFT:
        written = next((entry.reference for entry in receipt.entries if entry.type == "CarePlan"), None)
        if written is not None:
            return written
    if result.transition in (Transition.KEEP_DRAFT, Transition.STOP):
        return next((draft.reference for draft in result.plan.drafts if not draft.touched), None)
    return None
