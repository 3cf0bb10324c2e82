"""One patient's result in a few lines for a terminal: decision, doses, reasons, and what is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from titrate.app.draft_lifecycle import Transition
from titrate.app.pipeline import PipelineResult
from titrate.app.report.json_values import Json, to_json
from titrate.clinical.values.decision import DoseChange
from titrate.ehr.receipt import Receipt
from titrate.fhir.doses import dose_words
from titrate.fhir.narrative.labels import NOTES
from titrate.messages import Message, plan_summary

TRANSITION_SUMMARIES: Mapping[Transition, Message] = {
    Transition.NOTHING: plan_summary.WritesNothing(),
    Transition.WRITE_DRAFT: plan_summary.WritesDraft(),
    Transition.KEEP_DRAFT: plan_summary.KeepsDraft(),
    Transition.REPLACE_DRAFT: plan_summary.ReplacesDraft(),
    Transition.WITHDRAW_DRAFT: plan_summary.WithdrawsDraft(),
    Transition.RECORD_DECISION: plan_summary.RecordsDecision(),
    Transition.LEAVE_TOUCHED: plan_summary.LeavesEditedDraft(),
    Transition.LEAVE_REJECTED: plan_summary.LeavesRejectedDraft(),
    Transition.LEAVE_HELD: plan_summary.LeavesHeldPlan(),
    Transition.LEAVE_ENDED: plan_summary.LeavesEndedPlan(),
    Transition.LEAVE_UNKNOWN: plan_summary.LeavesUnknownPlan(),
    Transition.STOP: plan_summary.WritesAlert(),
}


def summary(result: PipelineResult, receipt: Receipt | None = None) -> str:
    """The result as plain text without a final line break. Names the patient by id, as the user did."""
    title, *lines = _lines(result, receipt)
    return "\n".join((str(title), *(f"  {line}" for line in lines)))


def _lines(result: PipelineResult, receipt: Receipt | None) -> Iterator[Message]:
    decision = result.evaluation.decision
    yield _title(result)
    yield from map(dose_line, decision.doses)
    yield from (plan_summary.SummaryReason(reason=reason) for reason in decision.reasons)
    yield from (plan_summary.SummaryAsk(ask=ask) for ask in decision.asks)
    yield from (plan_summary.SummaryNote(note=NOTES.get(note, note)) for note in decision.notes)
    yield from (plan_summary.SummaryEhrDecision(change=change) for change in result.status_changes)
    if refusals := len(result.readings.reported_refusals):
        yield plan_summary.SummaryRefusals(count=refusals)
    if receipt is not None:
        yield plan_summary.SummaryWritten(receipt=receipt_summary(receipt))
    elif result.proposal is None:
        yield plan_summary.SummaryWrites(what=plan_summary.WritesNoPlan())
    else:
        yield plan_summary.SummaryWrites(what=TRANSITION_SUMMARIES[result.transition])


def _title(result: PipelineResult) -> Message:
    decision, book = result.evaluation.decision, result.evaluation.picture.record.rulebook
    title = plan_summary.SummaryDecisionWithReview if decision.review else plan_summary.SummaryDecision
    return title(patient=result.readings.person.id, rule=book.named(decision.rule))


def dose_line(change: DoseChange) -> Message:
    """`walking: 15 min -> 16 min`."""
    return plan_summary.SummaryDoseChange(
        exercise=change.exercise, current=dose_words(change.current), next=dose_words(change.next)
    )


def receipt_summary(receipt: Receipt) -> Message:
    """`written, 9 new resources`; after a refusal with the codes that the server returned."""
    outcome, created = receipt.outcome.value, receipt.created
    if not receipt.issues:
        return plan_summary.ReceiptSummary(outcome=outcome, created=created)
    issues = "; ".join(map(str, receipt.issues))
    return plan_summary.ReceiptSummaryWithIssues(outcome=outcome, created=created, issues=issues)


def receipt_json(receipt: Receipt) -> Json:
    """The receipt as JSON."""
    return {
        "outcome": receipt.outcome.value,
        "created": receipt.created,
        "entries": [to_json(entry) for entry in receipt.entries],
        "issues": [str(issue) for issue in receipt.issues],
    }
