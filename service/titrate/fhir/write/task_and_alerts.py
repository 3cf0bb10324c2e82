"""What asks for a clinician's attention: the Task to review a draft, and the alerts of a red flag that stops exercise.

The alerts (D1) are a Flag each, and one Communication. They are no proposals.
"""

from __future__ import annotations

from collections import defaultdict

from titrate.clinical.red_flags.alarming_texts import AlarmingText
from titrate.clinical.values.decision import Flag, Outcome
from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.identifiers import resource_value
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.messages.written_resources import (
    RedFlagNeedsAssessment,
    TaskAskSafetyQuestion,
    TaskAssessRedFlag,
    TaskPerformer,
    TaskReadText,
    TaskReviewDraft,
)


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


def text_tasks(proposal: PlanProposal, names: ResourceIds) -> dict[str, Json]:
    """The Tasks to read texts whose words reopened items of the safety screen, by identifier value.

    One for each resource that has such texts, whether a draft is written or not. It does not repeat the text.
    """
    texts: dict[str, list[AlarmingText]] = defaultdict(list)
    for one in proposal.reopened:
        texts[one.stamp.source.reference].append(one)
    return {names.text_value(reference): _text_task(proposal, names, found) for reference, found in texts.items()}


def _text_task(proposal: PlanProposal, names: ResourceIds, texts: list[AlarmingText]) -> Json:
    reference = texts[0].stamp.source.reference
    owner = {"reference": names.site.task_owner} if names.site.task_owner else None
    flags = [proposal.rulebook.flags[one.flag] for one in texts]
    questions = tuple(
        TaskAskSafetyQuestion(flag=proposal.rulebook.named(flag.name), question=flag.question, action=flag.action)
        for flag in flags
    )
    return present(
        resourceType="Task",
        identifier=[names.identifier(names.text_value(reference)), names.series_identifier()],
        status="requested",
        intent="order",
        priority="urgent",
        code=names.local(code_systems.READ_TEXT, "Read a text with words of a red flag"),
        description=str(TaskReadText(reference=reference, day=min(one.day for one in texts), questions=questions)),
        reasonReference=None if reference.endswith("/?") else {"reference": reference},
        for_=names.subject,
        authoredOn=names.now,
        lastModified=names.now,
        requester=names.device(),
        performerType=None if owner else [{"text": str(TaskPerformer())}],
        owner=owner,
    )


def stopping_flags(proposal: PlanProposal) -> tuple[Flag, ...]:
    """The flags that stop exercise, once each; none unless the decision is to stop."""
    if proposal.decision.outcome is not Outcome.STOP_ESCALATE:
        return ()
    return tuple(
        sorted(
            {flag.flag: flag for flag in proposal.flags if flag.urgency.stops_exercise}.values(),
            key=lambda flag: flag.flag,
        )
    )


def flag_resources(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """One Flag for each; it stays active until a clinician's clearance."""
    return [_flag(proposal, names, flag) for flag in stopping_flags(proposal)]


def communication_value(proposal: PlanProposal, names: ResourceIds) -> str:
    """The identifier value of the message: one message for one set of open flags."""
    opened = [names.flag_value(flag) for flag in stopping_flags(proposal)]
    return resource_value(names.site, names.series, "communication", *opened)


def communication(proposal: PlanProposal, names: ResourceIds) -> Json:
    """The message to the clinician, with the fixed text of each flag."""
    flags = stopping_flags(proposal)
    owner, named = names.site.task_owner or names.site.organisation, proposal.rulebook.named
    return present(
        resourceType="Communication",
        identifier=[names.identifier(communication_value(proposal, names)), names.series_identifier()],
        status="in-progress",
        priority="stat",
        category=[concept(f"{code_systems.TERMINOLOGY}/communication-category", "alert", "Alert")],
        subject=names.subject,
        sent=names.now,
        sender=names.device(),
        recipient=[{"reference": owner}] if owner else None,
        about=[{"reference": names.url_of(names.flag_value(flag))} for flag in flags],
        payload=[{"contentString": f"{named(flag.flag)}: {_action(proposal, flag)}"} for flag in flags],
    )


def _flag(proposal: PlanProposal, names: ResourceIds, flag: Flag) -> Json:
    return present(
        resourceType="Flag",
        identifier=[names.identifier(names.flag_value(flag)), names.series_identifier()],
        status="active",
        category=[concept(f"{code_systems.TERMINOLOGY}/flag-category", "safety", "Safety")],
        code=names.local(flag.flag.lower(), text=_action(proposal, flag)),
        subject=names.subject,
        period={"start": flag.since.isoformat(timespec="seconds")},
        author=names.device(),
    )


def _action(proposal: PlanProposal, flag: Flag) -> str:
    """The rulebook's text for the flag; it never names a diagnosis."""
    known = proposal.rulebook.flags
    listed = known.get(flag.flag) or known.get(flag.flag.upper()) or known.get(flag.flag.lower())
    return listed.action if listed else str(RedFlagNeedsAssessment())
