"""Short digests of written resources, element by element: they tell an author's edit from a server's formatting.

The decision Observation of a plan stores the digests. They cover the content that a reader sees, and leave out `meta`,
narrative, status and references to ids that the server assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from titrate.clinical.values.plan import EditedElement
from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, extension_targets, number, part, parts, targets, text, unit
from titrate.fhir.identifiers import digest

# Maps a reference to the identifier of its target, so that `urn:uuid:` and `Type/id` references are equal.
Known = Callable[[str], str]

LENGTH = 10


def content_digest(resource: Resource, known: Known) -> str:
    """The digests of a CarePlan, ServiceRequest or Goal as one line, `element:digest` in a fixed order."""
    content = elements(resource, known)
    return " ".join(f"{element}:{content[element]}" for element in sorted(content))


def changed_elements(resource: Resource, before: str, known: Known) -> tuple[EditedElement, ...]:
    """The elements that differ from what was written."""
    then = dict(item.split(":", 1) for item in before.split() if ":" in item)
    now = elements(resource, known)
    return tuple(element for element in sorted(now) if element in then and now[element] != then[element])


def elements(resource: Resource, known: Known) -> Mapping[EditedElement, str]:
    """The digest of each element."""
    kind = resource.get("resourceType")
    content = _goal(resource) if kind == "Goal" else (_plan if kind == "CarePlan" else _request)(resource, known)
    return {element: digest(value, LENGTH) for element, value in content.items()}


def _plan(plan: Resource, known: Known) -> Mapping[EditedElement, object]:
    return {
        EditedElement.PERIOD: _period(part(plan, "period")),
        EditedElement.GOALS: sorted(known(item) for item in targets(plan, "goal")),
        EditedElement.EXERCISES: sorted(
            known(item) for item in (_activity(entry) for entry in parts(plan, "activity"))
        ),
        EditedElement.DESCRIPTION: [_words(plan, "title"), _words(plan, "description")],
        EditedElement.NOTE: [_words(note, "text") for note in parts(plan, "note")],
    }


def _activity(activity: Resource) -> str:
    return next(iter(targets(activity, "reference")), "detail")


def _request(request: Resource, known: Known) -> Mapping[EditedElement, object]:
    repeat = part(request, "occurrenceTiming", "repeat")
    return {
        EditedElement.DOSE: _quantity(part(request, "quantityQuantity")),
        EditedElement.DETAIL: [_words(detail, "text") for detail in parts(request, "orderDetail")],
        EditedElement.TIMING: [
            [number(repeat.get(key)) for key in ("frequency", "period")],
            repeat.get("periodUnit"),
            repeat.get("dayOfWeek"),
        ],
        EditedElement.PERIOD: _period(part(repeat, "boundsPeriod")),
        EditedElement.INSTRUCTION: _words(request, "patientInstruction"),
        EditedElement.GOALS: sorted(known(item) for item in extension_targets(request, code_systems.PERTAINS_TO_GOAL)),
        EditedElement.NOTE: [_words(note, "text") for note in parts(request, "note")],
    }


def _goal(goal: Resource) -> Mapping[EditedElement, object]:
    return {
        EditedElement.DESCRIPTION: _words(part(goal, "description"), "text"),
        EditedElement.TARGET: [
            [
                codes(part(target, "measure"), code_systems.LOINC),
                _words(part(target, "measure"), "text"),
                _quantity(part(target, "detailQuantity")),
                target.get("dueDate"),
            ]
            for target in parts(goal, "target")
        ],
        EditedElement.NOTE: [_words(note, "text") for note in parts(goal, "note")],
    }


def _words(resource: Resource, key: str) -> str:
    """A text with normalised white space, because servers trim it."""
    return " ".join((text(resource, key) or "").split())


def _quantity(quantity: Resource) -> list[object]:
    return [number(quantity.get("value")), unit(quantity), quantity.get("comparator")]


def _period(period: Resource) -> list[object]:
    """Start and end as days, because a server can add a time of day."""
    return [str(period.get(end) or "")[:10] for end in ("start", "end")]
