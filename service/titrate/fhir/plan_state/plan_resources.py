"""What the EHR holds about one patient's plans, sorted once: ours, other people's, decisions, approvals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, identifier, instant, name, part, parts, target, targets, updated
from titrate.fhir.site import Site

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
FINAL = ("final", "amended", "corrected")


@dataclass(frozen=True, slots=True)
class PlanResources:
    """One patient's resources that matter for plans. `decisions` are ours and final, oldest first."""

    site: Site
    person: PatientDetails
    rulebook: Rulebook
    at: datetime
    plans: tuple[Resource, ...]
    decisions: tuple[Resource, ...]
    by_name: Mapping[str, Resource]

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        """All resources of a type, in the order they came."""
        return tuple(item for item in self.by_name.values() if item.get("resourceType") == kind)

    def named(self, names: Sequence[str]) -> tuple[Resource, ...]:
        """The resources with these names, without those that are not here."""
        return tuple(self.by_name[item] for item in names if item in self.by_name)

    def local_day(self, when: datetime) -> date:
        """The patient's local date."""
        return when.astimezone(ZoneInfo(self.person.zone)).date()


def plan_resources(
    resources: Sequence[Resource], person: PatientDetails, rulebook: Rulebook, site: Site, at: datetime
) -> PlanResources:
    """Sort the resources. Another patient's, decisions later than `at`, and what has no id are left out."""
    mine = {name(item): item for item in resources if item.get("id") and _belongs(item, person)}
    plans = [item for item in mine.values() if item.get("resourceType") == "CarePlan"]
    listed = {target for plan in plans for target in targets(plan, "supportingInfo")}
    decisions = [
        item
        for item in mine.values()
        if _is_decision(item, site)
        and (is_ours(item, site) or name(item) in listed)
        and decided_at(item, person.zone) <= at
    ]
    return PlanResources(
        site=site,
        person=person,
        rulebook=rulebook,
        at=at,
        plans=tuple(plans),
        decisions=tuple(sorted(decisions, key=lambda item: (decided_at(item, person.zone), name(item)))),
        by_name=mine,
    )


def is_ours(resource: Resource, site: Site) -> bool:
    """Whether it carries an identifier in one of our systems. Nothing else makes it ours."""
    return any(item.get("system") in site.identifier_systems for item in parts(resource, "identifier"))


def decided_at(observation: Resource, zone: str) -> datetime:
    """When a decision was recorded: its effective time, else `issued`, else when the server wrote it."""
    effective = observation.get("effectiveDateTime") or part(observation, "effectivePeriod").get("end")
    return (
        instant(effective, zone) or instant(observation.get("issued"), zone) or updated(observation, zone) or LONG_AGO
    )


def version_value(plan: Resource, site: Site) -> str | None:
    """The version identifier of a plan of ours."""
    return identifier(plan, site.version_system)


def _belongs(resource: Mapping[str, Any], person: PatientDetails) -> bool:
    """Whether the subject is this patient; resources without any subject (Provenance) are judged by their target."""
    subject = target(part(resource, "subject")) or target(part(resource, "for"))
    return subject is None or subject == f"Patient/{person.id}"


def _is_decision(resource: Resource, site: Site) -> bool:
    """A final decision by its code; it counts when it is ours, or when a plan lists it as its state."""
    return (
        resource.get("resourceType") == "Observation"
        and resource.get("status") in FINAL
        and code_systems.DECISION in codes(part(resource, "code"), site.codes)
    )
