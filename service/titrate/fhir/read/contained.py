"""Resources that stand inside another one: reports in a panel or a DiagnosticReport, read where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.readings import Refusal, RefusalReason
from titrate.fhir.elements import Element, name, part, parts, text, with_name
from titrate.fhir.read.patient import SUBJECT_ELEMENTS
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.messages.refused_records import ContainedNotRead

# Reports are read; a diagnosis or a medicine inside another record explains that record and does not count by itself.
READ = frozenset({"Observation", "QuestionnaireResponse"})
NAMED = frozenset({"Condition", "Procedure", "MedicationStatement", "Flag"})
_MEMBERS = ("hasMember", "result", "derivedFrom")
_TIMES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
# A report has the status of the record that it stands in, which uses the codes of its own type.
_STATUSES = frozenset({"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error"})
_NOT_FINAL = "preliminary"
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
            is_member = f"#{(text(item, 'id') or '').removeprefix('#')}" in members
            yield _in_container(item, resource, is_member=is_member)


def unread_contained(resource: Element) -> Iterator[Refusal]:
    """A refusal for each other record in a resource that could matter if it stood alone."""
    for index, item in enumerate(parts(resource, "contained")):
        if text(item, "resourceType") in NAMED:
            kind = text(resource, "resourceType") or "Resource"
            yield refusal(source_of(resource), f"{kind}.contained[{index}]", _NOT_READ)


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
