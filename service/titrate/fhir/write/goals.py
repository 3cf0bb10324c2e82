"""Goals: the patient's own are linked, and one is written for taking part in the plan. Proposed until approved."""

from __future__ import annotations

from titrate.clinical.values.readings import PatientGoal
from titrate.fhir import code_systems
from titrate.fhir.doses import quantity
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.messages.written_resources import GoalTakePart

OPEN_GOALS = frozenset({"planned", "accepted", "active", "on-hold"})

# How the service's goal begins. Each version of the plan writes its own, so an earlier one is not linked again.
TAKING_PART = GoalTakePart.text.split(" {", maxsplit=1)[0]


def goals(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """The goals that the service writes: one, if any exercise has a dose."""
    weekly = sum(exercise.weekly_frequency for exercise in proposal.prescription.exercises if exercise.dose is not None)
    return [_taking_part(proposal, names, weekly)] if weekly else []


def goal_links(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """The goals of the plan: the patient's own that are open, then the service's."""
    written = [names.url("goal") for _ in goals(proposal, names)]
    return [{"reference": reference} for reference in (*(goal.reference for goal in _own(proposal)), *written)]


def goal_of(proposal: PlanProposal, names: ResourceIds, exercise: str) -> str:
    """The goal that an exercise works towards: the patient's for it, else the patient's only one, else the plan's."""
    own = _own(proposal)
    fitting = [goal for goal in own if goal.exercise == exercise] or (own if len(own) == 1 else ())
    return fitting[0].reference if fitting else names.url("goal")


def _own(proposal: PlanProposal) -> tuple[PatientGoal, ...]:
    """The patient's open goals, including those that an earlier plan recorded for them."""
    found = (
        goal
        for goal in proposal.goals
        # A goal from the questionnaire `goals` is no Goal resource of the EHR yet: there is nothing to link.
        if goal.reference.startswith("Goal/")
        and (goal.status in OPEN_GOALS or (goal.status == "proposed" and not goal.written_by_service))
        and not (goal.written_by_service and goal.text.startswith(TAKING_PART))
    )
    return tuple(sorted(found, key=lambda goal: goal.reference))


def _taking_part(proposal: PlanProposal, names: ResourceIds, weekly: int) -> Json:
    due = proposal.prescription.period_end.isoformat()
    words = str(GoalTakePart(sessions=weekly))
    return present(
        resourceType="Goal",
        meta={"profile": [f"{code_systems.US_CORE_PROFILE}/us-core-goal"]},
        identifier=[names.identifier(names.value("goal")), names.series_identifier()],
        lifecycleStatus="proposed",
        category=[
            concept(f"{code_systems.TERMINOLOGY}/goal-category", "physiotherapy", "Physiotherapy"),
            concept(code_systems.PHYSICAL_ACTIVITY_SYSTEM, code_systems.PHYSICAL_ACTIVITY, "Physical Activity"),
        ],
        description={"text": words},
        subject=names.subject,
        startDate=proposal.prescription.period_start.isoformat(),
        target=[
            {
                "measure": names.local(
                    "weekly-sessions", "Planned sessions done in a week", "Planned sessions in a week"
                ),
                "detailQuantity": quantity(weekly, "/wk"),
                "dueDate": due,
            }
        ],
    )
