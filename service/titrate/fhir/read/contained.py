"""Resources that stand inside another one: reports, and diagnoses to which it refers, read where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from titrate.clinical.values.readings import Refusal, RefusalReason
from titrate.fhir.elements import LIST, OBJECT, Element, name, part, parts, text, with_name
from titrate.fhir.read.patient import SUBJECT_ELEMENTS
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.messages.refused_records import ContainedNotRead

READ = frozenset({"Observation", "QuestionnaireResponse"})
# Read where the record refers to them, such as the reason of an order; else they only explain it.
LISTED = frozenset({"Condition", "Procedure", "MedicationStatement"})
# The diagnosis in a relative's history can be the relative's.
_OF_OTHERS = frozenset({"FamilyMemberHistory"})
NAMED = frozenset({"Condition", "Procedure", "MedicationStatement", "Flag"})
_MEMBERS = ("hasMember", "result", "derivedFrom")
_TIMES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
# A report has the status of the record that it stands in, which uses the codes of its own type.
_STATUSES = frozenset({"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error"})
_NOT_FINAL = "preliminary"
_NESTED = (*LIST, *OBJECT)
# When a record was made, in the elements of its type.
_RECORDED = ("authoredOn", "recordedDate", "effectiveDateTime", "issued", "sent", "date", "dateAsserted", "created")
_ENTRY_DATES = (
    "onsetDateTime", "onsetPeriod", "performedDateTime", "performedPeriod", "effectiveDateTime", "effectivePeriod",
    "recordedDate", "authoredOn", "dateAsserted",
)  # fmt: skip
_NOT_READ = Fault(RefusalReason.UNSUPPORTED_TYPE, ContainedNotRead())
_OF_FORMS = {
    "preliminary": "in-progress",
    "final": "completed",
    "corrected": "amended",
    "cancelled": "entered-in-error",
}


def contained_reports(resource: Element) -> Iterator[Element]:
    """The reports in a resource, under its name, with its subject, time and status where they have none.

    A report that the resource does not list may stop, hold or lower a dose, and never helps to raise one.
    """
    if "contained" not in resource:
        return
    members = {text(member, "reference") for key in _MEMBERS for member in parts(resource, key)}
    for item in parts(resource, "contained"):
        if text(item, "resourceType") in READ:
            is_member = _local_id(text(item, "id")) in members
            yield _in_container(item, resource, is_member=is_member)


def contained_entries(resource: Element) -> Iterator[Element]:
    """The diagnoses, procedures and medicines in a resource that refers to them, under its name.

    Each has the resource's subject, and the date on which that was recorded, where it has none.
    """
    return (_entry_in(item, resource) for item in parts(resource, "contained") if _is_entry(item, resource))


def unread_contained(resource: Element) -> Iterator[Refusal]:
    """A refusal for each other record in a resource that could matter if it stood alone."""
    for index, item in enumerate(parts(resource, "contained")):
        if text(item, "resourceType") in NAMED and not _is_entry(item, resource):
            kind = text(resource, "resourceType") or "Resource"
            yield refusal(source_of(resource), f"{kind}.contained[{index}]", _NOT_READ)


def _is_entry(item: Element, container: Element) -> bool:
    if text(item, "resourceType") not in LISTED or text(container, "resourceType") in _OF_OTHERS:
        return False
    is_void = text(container, "status") == "entered-in-error"
    return not is_void and _local_id(text(item, "id")) in _local_references(container)


def _local_id(written: str | None) -> str:
    return f"#{(written or '').removeprefix('#')}"


def _local_references(value: Any) -> Iterator[str]:
    """The references of a resource to what it contains, at any depth."""
    if isinstance(value, LIST):
        for item in value:
            yield from _local_references(item)
    elif isinstance(value, OBJECT):
        reference = text(value, "reference")
        if reference is not None and reference.startswith("#"):
            yield reference
        for key, item in value.items():
            if key != "contained" and isinstance(item, _NESTED):
                yield from _local_references(item)


def _entry_in(item: Element, container: Element) -> Element:
    own = dict(item)
    if not any(key in item for key in SUBJECT_ELEMENTS):
        own |= {key: container[key] for key in SUBJECT_ELEMENTS if key in container}
    recorded = next((when for key in _RECORDED if (when := text(container, key)) is not None), None)
    if recorded is not None and not any(key in item for key in _ENTRY_DATES):
        own["authoredOn"] = recorded
    return with_name(own, name(container))


def _in_container(item: Element, container: Element, *, is_member: bool) -> Element:
    own = {**item, "meta": part(container, "meta")}
    for keys in (SUBJECT_ELEMENTS, _TIMES, ("issued",), ("performer",), ("device",)):
        if not any(key in item for key in keys):
            own |= {key: container[key] for key in keys if key in container}
    for key in ("modifierExtension", "implicitRules"):
        if key in container:
            own.setdefault(key, container[key])
    status = _status(text(item, "status"), text(container, "status"), is_member=is_member)
    if text(item, "resourceType") == "QuestionnaireResponse":
        own.setdefault("authored", container.get("issued") or container.get("effectiveDateTime"))
        status = _OF_FORMS.get(status or "", status)
    return with_name({**own, "status": status}, name(container))


def _status(own: str | None, container: str | None, *, is_member: bool) -> str | None:
    """The less certain of both statuses: a report in a record that was taken back is taken back too."""
    for gone in ("entered-in-error", "cancelled"):
        if gone in (own, container):
            return gone
    if not is_member or _NOT_FINAL in (own, container):
        return _NOT_FINAL
    return own or (container if container in _STATUSES else _NOT_FINAL)
