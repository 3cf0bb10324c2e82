"""One patient's result in a few lines for a terminal: decision, doses before and after, why, and what was written."""

from __future__ import annotations

from typing import Any

from titrate.app.draft_lifecycle import Transition
from titrate.app.pipeline import PipelineResult
from titrate.clinical.values.decision import DoseChange
from titrate.ehr.receipt import Receipt
from titrate.fhir.doses import dose_words

DELIVERY_WORDS = {
    Transition.NOTHING: "nothing: all of it stands in the EHR already",
    Transition.WRITE_DRAFT: "a new draft plan",
    Transition.KEEP_DRAFT: "nothing: the open draft says this already",
    Transition.REPLACE_DRAFT: "a new draft plan in place of the open one",
    Transition.WITHDRAW_DRAFT: "the open draft is withdrawn",
    Transition.RECORD_DECISION: "today's decision; the plan in force stays as it is",
    Transition.LEAVE_TOUCHED: "nothing: a person has changed the open draft",
    Transition.LEAVE_REJECTED: "nothing: a clinician rejected this draft lately",
    Transition.LEAVE_HELD: "nothing: a clinician has put the plan on hold",
    Transition.LEAVE_ENDED: "nothing: a person ended the plan; new tolerance trials start another",
    Transition.STOP: "an alert, and a draft without exercises",
}


def summary(walked: PipelineResult, receipt: Receipt | None = None) -> str:
    """The result as plain text without a line break at its end. Names the patient by id, as the user did."""
    decision = walked.evaluation.decision
    review = ", and a clinician's review" if decision.review else ""
    lines = [f"Patient/{walked.readings.person.id}: {decision.rule} {decision.outcome.value}{review}"]
    lines += [f"  {dose_line(change)}" for change in decision.doses]
    lines += [f"  because {reason}" for reason in decision.reasons]
    lines += [f"  asks for {ask}" for ask in decision.asks]
    lines += [f"  note {note}" for note in decision.notes]
    lines += [f"  decided in the EHR: {line}" for line in walked.status_changes]
    if walked.readings.reported_refusals:
        lines.append(f"  {len(walked.readings.reported_refusals)} records could not be used (--json lists them)")
    lines.append(f"  writes {_writes(walked)}" if receipt is None else f"  in the EHR: {doses_in_words(receipt)}")
    return "\n".join(lines)


def _writes(walked: PipelineResult) -> str:
    return (
        DELIVERY_WORDS[walked.transition]
        if walked.proposal
        else "nothing: no plan is made for this patient, for the reason above"
    )


def dose_line(change: DoseChange) -> str:
    """`walking: 15 min -> 16 min`."""
    return f"{change.exercise}: {dose_words(change.current)} -> {dose_words(change.next)}"


def doses_in_words(receipt: Receipt) -> str:
    """`written, 9 resources`; for a refusal the codes the server gave."""
    codes = "; ".join(str(issue) for issue in receipt.issues)
    return f"{receipt.outcome.value}, {receipt.created} new resources" + (f" ({codes})" if codes else "")


def delivered(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON."""
    return {
        "outcome": receipt.outcome.value,
        "created": receipt.created,
        "entries": [{"type": e.type, "id": e.id, "version": e.version, "status": e.status} for e in receipt.entries],
        "issues": [str(issue) for issue in receipt.issues],
    }
