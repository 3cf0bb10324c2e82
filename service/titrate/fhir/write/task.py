"""The Task that asks a clinician to review the draft; for a red flag it is urgent."""

from __future__ import annotations

from titrate.clinical.values.decision import Outcome
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, present
from titrate.messages.written_resources import TaskAssessRedFlag, TaskPerformer, TaskReviewDraft


def review_task(proposal: PlanProposal, names: ResourceIds) -> Json:
    """One open Task a version. The owner comes from the site, else any treating clinician may take it."""
    owner = {"reference": names.site.task_owner} if names.site.task_owner else None
    anyone = None if owner else [{"text": str(TaskPerformer())}]
    return present(
        resourceType="Task",
        identifier=[names.identifier(names.value("task")), names.series_identifier()],
        status="requested",
        intent="order",
        priority=_priority(proposal),
        code=names.local("review-plan", "Review the draft exercise plan"),
        description=_words(proposal),
        focus={"reference": names.plan_url},
        for_=names.subject,
        authoredOn=names.now,
        lastModified=names.now,
        requester=names.device(),
        performerType=anyone,
        owner=owner,
        input=_contact(proposal, names),
    )


def _contact(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """The next contact, for the diary of a clinic: its date and how."""
    contact = proposal.overview.talking_points.follow_up if proposal.overview else None
    if contact is None:
        return []
    return [
        {"type": names.local("next-contact"), "valueDate": contact.due.isoformat()},
        {"type": names.local("contact"), "valueCode": contact.mode.replace(" ", "-")},
    ]


def _priority(proposal: PlanProposal) -> str:
    if proposal.decision.outcome is Outcome.STOP_ESCALATE:
        return "stat"
    urgent = proposal.decision.review or proposal.decision.outcome is Outcome.HOLD_REVIEW
    return "urgent" if urgent else "routine"


def _words(proposal: PlanProposal) -> str:
    if proposal.decision.outcome is Outcome.STOP_ESCALATE:
        return str(TaskAssessRedFlag())
    return str(TaskReviewDraft())
