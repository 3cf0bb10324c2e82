"""What the readers of all resource types share: the context of one patient, and faults that become refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.readings import PatientDetails, Reading, Refusal, RefusalReason, Source
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Element, name, part, text
from titrate.fhir.site import Site
from titrate.messages import Message
from titrate.messages.refused_values import CodeUnreadable

Item = Reading | Refusal


@dataclass(frozen=True, slots=True)
class ReadContext:
    """Rules, site, patient and time of the decision. `medications`: Medication resources by `Type/id`.

    `exercised`: start and end of each session that was read. `questionnaires`: Questionnaire resources by address.
    `signers`: Practitioner and PractitionerRole resources by `Type/id`.
    """

    rulebook: Rulebook
    lookup: CodeLookup
    site: Site
    person: PatientDetails
    zone: ZoneInfo
    at: datetime
    medications: Mapping[str, Element]
    exercised: tuple[tuple[datetime, datetime], ...] = ()
    questionnaires: Mapping[str, Element] = field(default_factory=dict)
    signers: Mapping[str, Element] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The patient's local date at the time of the decision."""
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value or a record cannot be used, before its place in the resource is known.

    `values` are the values of a conflict: the stricter of them counts beside the refusal.
    """

    reason: RefusalReason
    message: Message
    values: tuple[str | bool | Decimal, ...] = ()


UNREADABLE_CODE = Fault(RefusalReason.MALFORMED, CodeUnreadable())


def source_of(resource: Element) -> Source:
    """The reference and the version of a resource."""
    return Source(name(resource), text(part(resource, "meta"), "versionId"))


def refusal(source: Source, path: str, fault: Fault, what: str | None = None, day: date | None = None) -> Refusal:
    """A fault with its place; `what` and `day` as far as they are known."""
    return Refusal(source, path, fault.reason, fault.message, what, day)
