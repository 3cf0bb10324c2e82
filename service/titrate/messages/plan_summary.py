"""The result of one patient in the terminal, and what a run would write."""

from __future__ import annotations

from titrate.messages.message import Message


class SummaryDecision(Message, text="Patient/{patient}: {rule}"):
    patient: str
    rule: Message


class SummaryDecisionWithReview(Message, text="Patient/{patient}: {rule}; a clinician should review the plan"):
    patient: str
    rule: Message


class SummaryDoseChange(Message, text="{exercise}: {current} -> {next}"):
    exercise: str
    current: Message | str
    next: Message | str


class SummaryReason(Message, text="reason: {reason}"):
    reason: Message | str


class SummaryAsk(Message, text="needed: {ask}"):
    ask: Message | str


class SummaryNote(Message, text="note: {note}"):
    note: Message | str


class SummaryEhrDecision(Message, text="decided in the EHR: {change}"):
    change: Message | str


class SummaryRefusals(Message, text="{count} {count:record|records} could not be used (--json lists them)"):
    count: int


class SummaryWrites(Message, text="to write: {what}"):
    what: Message


class SummaryWritten(Message, text="in the EHR: {receipt}"):
    receipt: Message


class ReceiptSummary(Message, text="{outcome}, {created} new {created:resource|resources}"):
    outcome: str
    created: int


class ReceiptSummaryWithIssues(Message, text="{outcome}, {created} new {created:resource|resources} ({issues})"):
    outcome: str
    created: int
    issues: str


# What each transition writes


class WritesNothing(Message, text="nothing: the EHR already holds all of it"):
    pass


class WritesDraft(Message, text="a new draft plan"):
    pass


class KeepsDraft(Message, text="nothing: the open draft already says this"):
    pass


class ReplacesDraft(Message, text="a new draft plan that replaces the open one"):
    pass


class WithdrawsDraft(Message, text="withdrawal of the open draft"):
    pass


class RecordsDecision(Message, text="today's decision; the plan in force is unchanged"):
    pass


class LeavesEditedDraft(Message, text="nothing: an author changed the open draft"):
    pass


class LeavesRejectedDraft(Message, text="nothing: a clinician rejected this draft recently"):
    pass


class LeavesHeldPlan(Message, text="nothing: a clinician has put the plan on hold"):
    pass


class LeavesUnknownPlan(
    Message, text="nothing: plans or orders were not retrieved completely, so that the plan in force is unknown"
):
    pass


class LeavesEndedPlan(Message, text="nothing: the plan was ended in the EHR; new tolerance trials start another"):
    pass


class WritesAlert(Message, text="an alert, and a draft without exercises"):
    pass


class WritesNoPlan(Message, text="nothing: no plan is made for this patient, for the reason above"):
    pass
