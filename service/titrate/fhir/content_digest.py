"""What we wrote, element by element, as short digests: how a person's change is told from a server's formatting.

The digests are stored in the decision Observation that goes with a plan. They cover what a resource says to a reader
and leave out `meta`, narrative, status and references to ids that the server gave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, extension_targets, number, part, parts, targets, text, unit
from titrate.fhir.identifiers import digest

# From a reference to the identifier that the target carries, so that `urn:uuid:` and `Type/id` are the same.
Known = Callable[[str], str]

LENGTH = 10


def content_digest(resource: Resource, known: Known) -> str:
    """The digests of a CarePlan, ServiceRequest or Goal as one line, `element:digest` in a fixed order."""
    said = elements(resource, known)
    return " ".join(f"{element}:{said[element]}" for element in sorted(said))


def changed_elements(resource: Resource, before: str, known: Known) -> tuple[str, ...]:
    """The elements that no longer say what was written, by name."""
    then = dict(item.split(":", 1) for item in before.split() if ":" in item)
    now = elements(resource, known)
    return tuple(element for element in sorted(now) if element in then and now[element] != then[element])


def elements(resource: Resource, known: Known) -> Mapping[str, str]:
    """Digest by element."""
    kind = resource.get("resourceType")
    said = _goal(resource) if kind == "Goal" else (_plan if kind == "CarePlan" else _request)(resource, known)
    return {element: digest(value, LENGTH) for element, value in said.items()}


def _plan(plan: Resource, known: Known) -> Mapping[str, object]:
    return {
        "period": _period(part(plan, "period")),
        "goals": sorted(known(item) for item in targets(plan, "goal")),
        "exercises": sorted(known(item) for item in (_activity(entry) for entry in parts(plan, "activity"))),
        "description": [_words(plan, "title"), _words(plan, "description")],
        "note": [_words(note, "text") for note in parts(plan, "note")],
    }


def _activity(activity: Resource) -> str:
    return next(iter(targets(activity, "reference")), "detail")


def _request(request: Resource, known: Known) -> Mapping[str, object]:
    repeat = part(request, "occurrenceTiming", "repeat")
    return {
        "dose": _quantity(part(request, "quantityQuantity")),
        "detail": [_words(detail, "text") for detail in parts(request, "orderDetail")],
        "timing": [
            [number(repeat.get(key)) for key in ("frequency", "period")],
            repeat.get("periodUnit"),
            repeat.get("dayOfWeek"),
        ],
        "period": _period(part(repeat, "boundsPeriod")),
        "instruction": _words(request, "patientInstruction"),
        "goals": sorted(known(item) for item in extension_targets(request, code_systems.PERTAINS_TO_GOAL)),
        "note": [_words(note, "text") for note in parts(request, "note")],
    }


def _goal(goal: Resource) -> Mapping[str, object]:
    return {
        "description": _words(part(goal, "description"), "text"),
        "target": [
            [
                codes(part(target, "measure"), "http://loinc.org"),
                _words(part(target, "measure"), "text"),
                _quantity(part(target, "detailQuantity")),
                target.get("dueDate"),
            ]
            for target in parts(goal, "target")
        ],
        "note": [_words(note, "text") for note in parts(goal, "note")],
    }


def _words(resource: Resource, key: str) -> str:
    """A text without regard to white space, which servers trim."""
    return " ".join((text(resource, key) or "").split())


def _quantity(quantity: Resource) -> list[object]:
    return [number(quantity.get("value")), unit(quantity), quantity.get("comparator")]


def _period(period: Resource) -> list[object]:
    """Days only: a server may add a time of day."""
    return [str(period.get(end) or "")[:10] for end in ("start", "end")]
