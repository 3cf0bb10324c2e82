"""Ways to break one record, in two kinds.

A *breaking* mutation makes something unreadable or unknown. It puts no other valid value in its place, so the dose must
never be higher than with the whole record (clinical rule B13.17). A *hostile* mutation puts anything anywhere: it only
has to be survived.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

# Free text and bookkeeping: without them a record says the same.
UNTOUCHED = frozenset({"id", "resourceType", "text", "note", "meta", "narrative", "comment", "display"})
HOSTILE: tuple[Any, ...] = (
    None, True, 0, -1, Decimal(10**39), Decimal("1E-40"), Decimal("-0.0"), "", " ", "x", "true", "\u0000", "\u202eé",
    "a" * 5000, "2025-13-45", "9999-12-31T23:59:59Z", "0001-01-01", "2025-01-01T00:00:60Z", "2025-01-13T09:00:00+99:99",
    "24:00", [], {}, [None], [[]], [{}], {"value": 1}, {"coding": [[]]}, {"reference": 7}, {"reference": "#"},
    "urn:uuid:x", "//",
)  # fmt: skip
UNKNOWN_EXTENSION = {"url": "https://example.org/unknown-modifier", "valueBoolean": True}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed record: the resource in place of the original, and what was done to which element."""

    name: str
    element: str
    resource: Any

    def kind(self) -> tuple[str, str, str]:
        """Mutation, resource type and element, without the place in lists."""
        resource_type = self.resource.get("resourceType", "?") if isinstance(self.resource, dict) else "?"
        return (self.name, str(resource_type), self.element)


Mutation = Callable[[Random, Json], Mutant | None]


def places(node: Any, path: Path = ()) -> Iterator[Path]:
    """Every member below a node, parents first."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in members:
        if key not in UNTOUCHED:
            yield (*path, key)
            yield from places(value, (*path, key))


def changed(resource: Json, path: Path, change: Callable[[Any], Any]) -> Json:
    """A copy of the resource in which one member is what `change` makes of it."""
    result = copy.deepcopy(resource)
    holder: Any = result
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = change(holder[path[-1]])
    return result


def element_name(path: Path) -> str:
    """`component.valueQuantity.value`: the path without the places in lists."""
    return ".".join(key for key in path if isinstance(key, str))


def _retyped(value: Any) -> Any:
    if isinstance(value, bool):
        return "true"
    if isinstance(value, str):
        return 12
    if isinstance(value, list):
        return "x"
    return [value, value] if isinstance(value, dict) else str(value) + " or so"


def retype(random: Random, resource: Json) -> Mutant | None:
    """A member of another JSON type."""
    path = random.choice([*places(resource)])
    return Mutant("retype", element_name(path), changed(resource, path, _retyped))


def strip(random: Random, resource: Json) -> Mutant | None:
    """A record without its subject, status, time, code or value."""
    beginnings = ("subject", "patient", "status", "lifecycleStatus", "effective", "authored", "period", "code", "value")
    keys = [key for key in resource if key.startswith(beginnings)]
    if not keys:
        return None
    key = random.choice(keys)
    return Mutant("strip", key, {name: value for name, value in resource.items() if name != key})


def recode(random: Random, resource: Json) -> Mutant | None:
    """A code that no mapping knows, or a system that is not in use."""
    paths = [path for path in places(resource) if path[-1] in ("code", "system") and "coding" in path]
    if not paths:
        return None
    path = random.choice(paths)
    return Mutant("recode", element_name(path), changed(resource, path, lambda _: "https://example.org/unknown"))


def misspell(random: Random, resource: Json) -> Mutant | None:
    """A time, number or status that cannot be read."""
    words = (
        "DateTime",
        "Instant",
        "date",
        "start",
        "end",
        "authored",
        "recorded",
        "status",
        "birthDate",
        "issued",
        "unit",
    )
    paths = [
        path for path in places(resource) if str(path[-1]).endswith(words) and isinstance(_at(resource, path), str)
    ]
    if not paths:
        return None
    path = random.choice(paths)
    return Mutant("misspell", element_name(path), changed(resource, path, lambda value: f"{value[:4]}-??"))


def modify(random: Random, resource: Json) -> Mutant | None:
    """A modifier extension or implicit rules that the service cannot know."""
    if random.random() < 0.5:
        return Mutant("modify", "implicitRules", {**resource, "implicitRules": "https://example.org/rules"})
    return Mutant("modify", "modifierExtension", {**resource, "modifierExtension": [UNKNOWN_EXTENSION]})


def doubt(random: Random, resource: Json) -> Mutant | None:
    """A status that says that the record is not yet, or no longer, sure."""
    if "status" not in resource or not isinstance(resource["status"], str):
        return None
    status = random.choice(["registered", "unknown", "preliminary"])
    return Mutant("doubt", "status", {**resource, "status": status})


def blur(random: Random, resource: Json) -> Mutant | None:
    """A value given as text, or as not known, in place of the value."""
    keys = [key for key in resource if key.startswith("value")]
    if not keys:
        return None
    rest = {key: value for key, value in resource.items() if key not in keys}
    if random.random() < 0.5:
        return Mutant("blur", "dataAbsentReason", {**rest, "dataAbsentReason": {"text": "unknown"}})
    return Mutant("blur", "valueString", {**rest, "valueString": "see the letter"})


def hostile(random: Random, resource: Json) -> Mutant | None:
    """Anything anywhere."""
    path = random.choice([*places(resource)])
    value = random.choice(HOSTILE)
    return Mutant("hostile", element_name(path), changed(resource, path, lambda _: copy.deepcopy(value)))


def deepen(random: Random, resource: Json) -> Mutant | None:
    """A member below ninety levels of lists."""
    path = random.choice([*places(resource)])

    def below(value: Any) -> Any:
        for _ in range(random.choice([3, 80, 110])):
            value = [value]
        return value

    return Mutant("deepen", element_name(path), changed(resource, path, below))


BREAKING: tuple[Mutation, ...] = (retype, strip, recode, misspell, modify, doubt, blur)
ANYTHING: tuple[Mutation, ...] = (hostile, deepen)


def _at(resource: Json, path: Path) -> Any:
    node: Any = resource
    for key in path:
        node = node[key]
    return node
