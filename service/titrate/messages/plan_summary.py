"""The result of one patient in the terminal, and what a run would write."""

from __future__ import annotations

from titrate.messages.message import Message


class SummaryDecision(Message, text="Patient/{patient}: {rule} {outcome}"):
    patient: str
    rule: str
    outcome: str


class SummaryDecisionWithReview(Message, text="Patient/{patient}: {rule} {outcome}, and a clinician's review"):
    patient: str
    rule: str
    outcome: str


class SummaryDoseChange(Message, text="{exercise}: {current} -> {next}"):
    exercise: str
    current: Message | str
    next: Message | str


class SummaryReason(Message, text="because {reason}"):
    reason: Message | str


class SummaryAsk(Message, text="asks for {ask}"):
    ask: Message | str


class SummaryNote(Message, text="note {note}"):
    note: Message | str


class SummaryEhrDecision(Message, text="decided in the EHR: {change}"):
    change: Message | str


class SummaryRefusals(Message, text="{count} records could not be used (--json lists them)"):
    count: int


class SummaryWrites(Message, text="writes {what}"):
    what: Message


class SummaryWritten(Message, text="in the EHR: {receipt}"):
    receipt: Message


class ReceiptSummary(Message, text="{outcome}, {created} new resources"):
    outcome: str
    created: int


class ReceiptSummaryWithIssues(Message, text="{outcome}, {created} new resources ({issues})"):
    outcome: str
    created: int
    issues: str


# What each transition writes


class WritesNothing(Message, text="nothing: all of it is in the EHR already"):
    pass


class WritesDraft(Message, text="a new draft plan"):
    pass


class KeepsDraft(Message, text="nothing: the open draft says this already"):
    pass


class ReplacesDraft(Message, text="a new draft plan in place of the open one"):
    pass


class WithdrawsDraft(Message, text="the open draft is withdrawn"):
    pass


class RecordsDecision(Message, text="today's decision; the plan in force stays as it is"):
    pass


class LeavesEditedDraft(Message, text="nothing: an author changed the open draft"):
    pass


class LeavesRejectedDraft(Message, text="nothing: a clinician rejected this draft recently"):
    pass


class LeavesHeldPlan(Message, text="nothing: a clinician has put the plan on hold"):
    pass


class LeavesEndedPlan(Message, text="nothing: the plan was ended in the EHR; new tolerance trials start another"):
    pass


class WritesAlert(Message, text="an alert, and a draft without exercises"):
    pass


class WritesNoPlan(Message, text="nothing: no plan is made for this patient, for the reason above"):
    pass
