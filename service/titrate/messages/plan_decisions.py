"""Approval, rejection and phase of a plan, status changes made in the EHR, and the doses that a clinician types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Titles of the banner at the top of a plan's narrative.


class PlanApprovedTitle(Message, text="APPROVED"):
    pass


class PlanRejectedTitle(Message, text="REJECTED"):
    pass


class PlanCompletedTitle(Message, text="COMPLETED"):
    pass


class PlanWithdrawnTitle(Message, text="WITHDRAWN"):
    pass


class PlanOnHoldTitle(Message, text="ON HOLD"):
    pass


# Sentences of the banner.


class PlanApprovedBy(Message, text="Approved by {practitioner} on {today}."):
    practitioner: str
    today: date


class PlanRejectedBy(Message, text="Rejected by {practitioner} on {today}."):
    practitioner: str
    today: date


class PlanReplaced(Message, text="Another version replaced this plan on {today}."):
    today: date


class PlanPhaseSetBy(Message, text="Phase: from {before} to {after}. Set by {practitioner} on {today}."):
    before: Message
    after: Message
    practitioner: str
    today: date


class PlanActivatedInEhr(Message, text="This plan was set active in the EHR; who approved it is not recorded."):
    pass


class DraftRejectedInEhr(Message, text="This draft was rejected in the EHR."):
    pass


class PlanWithdrawnInEhr(Message, text="This plan was withdrawn in the EHR."):
    pass


class PlanEndedInEhr(Message, text="This plan was ended in the EHR."):
    pass


class PlanHeldInEhr(Message, text="This plan was put on hold in the EHR."):
    pass


class PlanResumedInEhr(Message, text="This plan was resumed in the EHR."):
    pass


class PlanDecisionReason(Message, text="Reason: {reason}"):
    reason: str


class DoseChangedOnApproval(Message, text="Dose changed on approval: {exercise} from {drafted} to {approved}"):
    exercise: str
    drafted: str
    approved: str


class PlanPhaseChanged(Message, text="Phase: from {before} to {after}"):
    before: Message
    after: Message


class PlanStatusInEhr(Message, text="{plan} is {status}"):
    plan: str
    status: str


# Why a decision is not carried out.


class PlanHasStatusAlready(Message, text="the plan is already {status}"):
    status: str


class OnlyDraftsAreDecided(Message, text="the plan is {status}: only a draft can be approved or rejected"):
    status: str


class ApprovalNeedsReason(Message, text="{objection} (give a reason to approve it anyway)"):
    objection: Message | str


class DraftWasEdited(Message, text="the draft was edited in the EHR"):
    pass


class DraftIsTooOld(Message, text="the draft is older than {days} {days:day|days}: run again for a new one"):
    days: Decimal


class DraftIsSuperseded(Message, text="the draft does not build on the plan in force, {plan}: run again for a new one"):
    plan: str


class DraftHasNoSuchOrder(Message, text="The draft has no order for this exercise. It has: {exercises}"):
    exercises: tuple[str, ...]


class DraftHasNoOrders(Message, text="The draft has no order for any exercise."):
    pass


class PractitionerExpected(Message, text="Name the clinician as Practitioner/ID or PractitionerRole/ID."):
    pass


class PlanIdExpected(Message, text="A FHIR id has 1 to 64 letters, digits, dots and hyphens."):
    pass


class NotAPlanOfTheService(Message, text="This service did not write the plan."):
    pass


class PlanNotInSearch(Message, text="The plan is not among the results of a search for this patient's plans."):
    pass


class ResourceChangedMeanwhile(Message, text="{resource} has changed in the meantime"):
    resource: str


class EveryWriteConflicts(Message, text="the EHR rejects every write as a conflict; try again later"):
    pass


class OnlyPlanInForceHasPhase(Message, text="a phase can be set on the plan in force only"):
    pass


class PhaseIsAlready(Message, text="the phase is already {phase}"):
    phase: Message


class PhaseCannotFollow(Message, text="{phase} cannot follow {current}"):
    phase: Message
    current: Message


class PlanMoveNotAllowed(Message, text="The status of a plan may not change from {before} to {after} ({actor})."):
    before: str
    after: str
    actor: str


# A dose as a clinician types it.


class DoseAmountExpected(Message, text="{exercise}: give the amount of one session in {unit}, such as {exercise}=12"):
    exercise: str
    unit: str


class DoseSetsExpected(Message, text="{exercise}: give sets x repetitions, such as {exercise}=2x8"):
    exercise: str


class DoseSetsWithLoadExpected(
    Message, text="{exercise}: give sets x repetitions, such as {exercise}=2x8@20 for 20 kg"
):
    exercise: str
