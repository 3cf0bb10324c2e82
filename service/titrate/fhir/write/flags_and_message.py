"""For a red flag that stops exercise (D1): a Flag each, and one Communication. They are alerts, not proposals."""

from __future__ import annotations

from titrate.clinical.values.decision import Flag, Outcome
from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.identifiers import resource_value
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.messages.written_resources import RedFlagNeedsAssessment


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
