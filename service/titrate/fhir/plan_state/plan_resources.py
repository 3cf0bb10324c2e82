"""What the EHR holds about one patient's plans, sorted once: CarePlans, the service's decisions, and all by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir import code_systems
from titrate.fhir.elements import (
    Resource,
    codes,
    identifier,
    instant,
    name,
    part,
    parts,
    target,
    targets,
    text,
    updated,
)
from titrate.fhir.signers import SIGNER_TYPES
from titrate.fhir.site import Site
from titrate.fhir.transaction_entries import place, simulate

# Before every record, and a local date in every time zone.
LONG_AGO = datetime(1, 1, 3, tzinfo=UTC)
FINAL = ("final", "amended", "corrected")
OPEN_TASK = frozenset({"draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold"})


@dataclass(frozen=True, slots=True)
class PlanResources:
    """One patient's resources that matter for plans. `decisions` are the service's own and final, oldest first."""

    site: Site
    person: PatientDetails
    rulebook: Rulebook
    at: datetime
    care_plans: tuple[Resource, ...]
    decisions: tuple[Resource, ...]
    by_name: Mapping[str, Resource]

    @classmethod
    def sort(
        cls, resources: Sequence[Resource], person: PatientDetails, rulebook: Rulebook, site: Site, at: datetime
    ) -> Self:
        """Sort a patient's resources; references in them are `Type/id`.

        Another patient's resources, decisions later than `at`, and resources of another server or without an id are
        left out.
        """
        by_name = {name(item): item for item in resources if _on_own_server(item) and _belongs(item, person)}
        care_plans, observations = _of_type(by_name.values(), "CarePlan"), _of_type(by_name.values(), "Observation")
        decisions = _decisions(observations, care_plans, cls(site, person, rulebook, at, (), (), by_name))
        return cls(site, person, rulebook, at, care_plans, decisions, by_name)

    def after(self, entries: Sequence[Resource]) -> Self:
        """The state once the server has taken these transaction entries. Only what they touch is sorted again."""
        if not entries:
            return self
        by_name = {name(item): item for item in simulate(tuple(self.by_name.values()), entries)}
        written = [by_name[place(entry)] for entry in entries]
        listed = (target for item in written for target in targets(item, "supportingInfo"))
        care_plans = _each_once(by_name, (*self.care_plans, *_of_type(written, "CarePlan")))
        candidates = (*self.decisions, *_of_type(written, "Observation"), *self.named(tuple(listed)))
        decisions = _decisions(_each_once(by_name, candidates), care_plans, self)
        return replace(self, by_name=by_name, care_plans=care_plans, decisions=decisions)

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        """All resources of a type, in the order they came."""
        return _of_type(self.by_name.values(), kind)

    @property
    def signers(self) -> dict[str, Resource]:
        """The practitioners and their roles, by `Type/id`."""
        return {key: item for key, item in self.by_name.items() if item.get("resourceType") in SIGNER_TYPES}

    def named(self, names: Sequence[str]) -> tuple[Resource, ...]:
        """The resources with these names, without those that are not here."""
        return tuple(self.by_name[item] for item in names if item in self.by_name)

    def local_day(self, when: datetime) -> date:
        """The patient's local date."""
        return when.astimezone(ZoneInfo(self.person.zone)).date()


def _of_type(resources: Iterable[Resource], kind: str) -> tuple[Resource, ...]:
    return tuple(item for item in resources if item.get("resourceType") == kind)


def _decisions(
    candidates: Iterable[Resource], care_plans: Iterable[Resource], context: PlanResources
) -> tuple[Resource, ...]:
    """The decisions of the service among the candidates, and those that a plan lists; oldest first."""
    zone, site = context.person.zone, context.site
    listed = {target for plan in care_plans for target in targets(plan, "supportingInfo")}
    found = [
        item
        for item in candidates
        if _is_decision(item, site)
        and (from_titrate(item, site) or name(item) in listed)
        and decided_at(item, zone) <= context.at
    ]
    return tuple(sorted(found, key=lambda item: (decided_at(item, zone), name(item))))


def _each_once(by_name: Mapping[str, Resource], resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The present state of each resource, once, in the order of the first mention."""
    return tuple(by_name[key] for key in dict.fromkeys(name(item) for item in resources))


def from_titrate(resource: Resource, site: Site) -> bool:
    """Whether the resource carries an identifier in one of the service's systems. Nothing else decides who wrote it."""
    return any(text(item, "system") in site.identifier_systems for item in parts(resource, "identifier"))


def decided_at(observation: Resource, zone: str) -> datetime:
    """When a decision was recorded: its effective time, else `issued`, else when the server wrote it."""
    effective = observation.get("effectiveDateTime") or part(observation, "effectivePeriod").get("end")
    return (
        instant(effective, zone) or instant(observation.get("issued"), zone) or updated(observation, zone) or LONG_AGO
    )


def version_value(plan: Resource, site: Site) -> str | None:
    """The version identifier of a plan that the service wrote."""
    return identifier(plan, site.version_system)


def _on_own_server(resource: Mapping[str, Any]) -> bool:
    """Whether the resource has an id of the patient's own server."""
    return bool(resource.get("id")) and "/" not in str(resource["id"])


def _belongs(resource: Mapping[str, Any], person: PatientDetails) -> bool:
    """Whether the subject is this patient; resources without any subject (Provenance) are judged by their target."""
    subject = target(part(resource, "subject")) or target(part(resource, "for"))
    return subject is None or subject == f"Patient/{person.id}"


def _is_decision(resource: Resource, site: Site) -> bool:
    """Whether the code and status are those of a final decision."""
    return (
        resource.get("resourceType") == "Observation"
        and resource.get("status") in FINAL
        and code_systems.DECISION in codes(part(resource, "code"), site.codes)
    )
