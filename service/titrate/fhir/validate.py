"""Checks every resource before it is written: R4B models, required codes, links, numbers and dates.

The codes are those with a required binding, narrowed to those that the service uses. The models only judge: the dict is
sent unchanged. A problem names the place and the fault and never holds a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from titrate.fhir.elements import Resource, parts
from titrate.messages import Message
from titrate.messages.written_resources import (
    ProblemAddress,
    ProblemAddressRepeated,
    ProblemCode,
    ProblemDate,
    ProblemEmpty,
    ProblemFloat,
    ProblemNotFinite,
    ProblemOfModel,
    ProblemReference,
    ProblemRequired,
)

REQUIRED_CODES: Mapping[str, frozenset[str]] = {
    "Bundle.type": frozenset({"transaction"}),
    "Bundle.entry.request.method": frozenset({"POST", "PUT"}),
    "CarePlan.status": frozenset({"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}),
    "CarePlan.intent": frozenset({"plan"}),
    "CarePlan.text.status": frozenset({"generated", "additional"}),
    "ServiceRequest.status": frozenset(
        {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
    ),
    "ServiceRequest.intent": frozenset({"order"}),
    "ServiceRequest.occurrenceTiming.repeat.periodUnit": frozenset({"s", "min", "h", "d", "wk", "mo", "a"}),
    "Goal.lifecycleStatus": frozenset(
        {
            "proposed",
            "planned",
            "accepted",
            "active",
            "on-hold",
            "completed",
            "cancelled",
            "entered-in-error",
            "rejected",
        }
    ),
    "Observation.status": frozenset({"final"}),
    "Task.status": frozenset(
        {
            "draft",
            "requested",
            "received",
            "accepted",
            "rejected",
            "ready",
            "cancelled",
            "in-progress",
            "on-hold",
            "failed",
            "completed",
            "entered-in-error",
        }
    ),
    "Task.intent": frozenset({"order"}),
    "Task.priority": frozenset({"routine", "urgent", "asap", "stat"}),
    "Flag.status": frozenset({"active", "inactive", "entered-in-error"}),
    "Communication.status": frozenset(
        {
            "preparation",
            "in-progress",
            "not-done",
            "on-hold",
            "stopped",
            "completed",
            "entered-in-error",
            "unknown",
        }
    ),
    "Communication.priority": frozenset({"routine", "urgent", "asap", "stat"}),
    "Provenance.entity.role": frozenset({"derivation", "revision", "quotation", "source", "removal"}),
}
MUST_HAVE = frozenset(
    {
        "Bundle.type",
        "CarePlan.status",
        "CarePlan.intent",
        "CarePlan.text.status",
        "ServiceRequest.status",
        "ServiceRequest.intent",
        "Goal.lifecycleStatus",
        "Observation.status",
        "Task.status",
        "Task.intent",
        "Flag.status",
        "Communication.status",
    }
)
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_DATE = re.compile(rf"{_DAY}(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d))?")
DATES = frozenset(
    {
        "effectiveDateTime",
        "issued",
        "valueDateTime",
        "start",
        "end",
        "created",
        "authoredOn",
        "lastModified",
        "recorded",
        "sent",
        "startDate",
        "dueDate",
    }
)


@dataclass(frozen=True, slots=True)
class ResourceProblem:
    """One fault: where (`CarePlan.activity[0].reference`, after `entry[3].` in a Bundle) and what."""

    location: str
    message: Message


def validate(resource: Resource) -> tuple[ResourceProblem, ...]:
    """Every fault of a resource, or of a Bundle and its resources; empty if there is none."""
    if resource.get("resourceType") != "Bundle":
        return tuple(_check_one(resource))
    entries = list(parts(resource, "entry"))
    inside = (
        ResourceProblem(f"entry[{index}].{problem.location}", problem.message)
        for index, entry in enumerate(entries)
        for problem in _check_one(entry.get("resource") or {})
    )
    frames = [{key: item for key, item in entry.items() if key != "resource"} for entry in entries]
    return (*_codes({**resource, "entry": frames}, "Bundle"), *inside, *_links(entries))


def _check_one(resource: Resource) -> Iterator[ResourceProblem]:
    kind = str(resource.get("resourceType", ""))
    yield from _model(resource, kind)
    yield from _codes(resource, kind)
    yield from _values(resource, kind)


def _model(resource: Resource, kind: str) -> Iterator[ResourceProblem]:
    """The faults that the R4B model finds. The import is late because the models take a second to load."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as fault:
        for error in fault.errors(include_url=False, include_context=False, include_input=False):
            yield ResourceProblem(".".join([kind, *map(str, error["loc"])]), ProblemOfModel(error=error["type"]))
    except (KeyError, LookupError, ValueError, TypeError) as fault:
        yield ResourceProblem(kind or "resource", ProblemOfModel(error=type(fault).__name__))


def _codes(resource: Resource, kind: str) -> Iterator[ResourceProblem]:
    """Required codes that are missing or not allowed."""
    for path, allowed in REQUIRED_CODES.items():
        if path.split(".")[0] != kind:
            continue
        found = list(_at(resource, path.split(".")[1:]))
        if path in MUST_HAVE and not found:
            yield ResourceProblem(path, ProblemRequired())
        if any(code not in allowed for code in found):
            yield ResourceProblem(path, ProblemCode())


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Every value at a path, through lists."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _values(value: Any, location: str) -> Iterator[ResourceProblem]:
    """Inexact numbers, invalid dates and empty elements at any depth."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaf(key, item, f"{location}.{key}")
            yield from _values(item, f"{location}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, f"{location}[{index}]")


def _leaf(key: str, value: Any, location: str) -> Iterator[ResourceProblem]:
    if isinstance(value, float):
        yield ResourceProblem(location, ProblemFloat())
    if isinstance(value, Decimal) and not value.is_finite():
        yield ResourceProblem(location, ProblemNotFinite())
    if key in DATES and (not isinstance(value, str) or not _DATE.fullmatch(value)):
        yield ResourceProblem(location, ProblemDate())
    if value in ("", [], {}):
        yield ResourceProblem(location, ProblemEmpty())


def _links(entries: list[Resource]) -> Iterator[ResourceProblem]:
    """Addresses must be unique, and every `urn:uuid:` reference must be one of them."""
    addresses = [entry.get("fullUrl") for entry in entries]
    for index, address in enumerate(addresses):
        if not isinstance(address, str) or not address.startswith("urn:uuid:"):
            yield ResourceProblem(f"entry[{index}].fullUrl", ProblemAddress())
        elif addresses.index(address) != index:
            yield ResourceProblem(f"entry[{index}].fullUrl", ProblemAddressRepeated())
    for index, entry in enumerate(entries):
        for reference in _references(entry.get("resource")):
            if reference.startswith("urn:") and reference not in addresses:
                yield ResourceProblem(f"entry[{index}]", ProblemReference())


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
