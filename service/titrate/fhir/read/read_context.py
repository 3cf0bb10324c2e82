"""What the reading of every resource needs to know, and how it says that something cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.readings import PatientDetails, Reading, Refusal, RefusalReason, Source
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Element, name, part, text
from titrate.fhir.site import Site

Item = Reading | Refusal


@dataclass(frozen=True, slots=True)
class ReadContext:
    """One patient's reading: the rules, the site, the person, and now. `medications` are Medication by `Type/id`.

    `exercised` are the beginnings and the ends of the sessions that were read.
    """

    rulebook: Rulebook
    lookup: CodeLookup
    site: Site
    person: PatientDetails
    zone: ZoneInfo
    at: datetime
    medications: Mapping[str, Element]
    exercised: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def today(self) -> date:
        """The patient's local date of the decision."""
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be used, before it is known where it stood."""

    reason: RefusalReason
    message: str


def source_of(resource: Element) -> Source:
    """The reference and the version of a resource."""
    return Source(name(resource), text(part(resource, "meta"), "versionId"))


def refusal(source: Source, path: str, fault: Fault, what: str | None = None, day: date | None = None) -> Refusal:
    """The fault with its place."""
    return Refusal(source, path, fault.reason, fault.message, what, day)
