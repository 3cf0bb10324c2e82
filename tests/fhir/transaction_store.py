"""A store of resources that applies transactions as a FHIR server does: ids, links, conditional creates, versions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class TransactionStore:
    """Resources by `Type/id`, each with a version that increases with every write. `writes` counts them."""

    stored: dict[str, Json] = field(default_factory=dict)
    writes: int = 0

    @property
    def resources(self) -> list[Json]:
        """All stored resources."""
        return list(self.stored.values())

    def of(self, kind: str) -> list[Json]:
        """All resources of one type."""
        return [item for item in self.stored.values() if item["resourceType"] == kind]

    def take(self, bundle: Json) -> None:
        """Apply a transaction: decide on every entry first, then store with resolved references."""
        entries = bundle.get("entry", [])
        placed = {entry["fullUrl"]: self._place(index, entry) for index, entry in enumerate(entries)}
        for entry in entries:
            key = placed[entry["fullUrl"]]
            if entry["request"]["method"] == "PUT" or key not in self.stored:
                self._put(key, linked(entry["resource"], placed), entry["request"].get("ifMatch"))

    def change(self, key: str, act: Callable[[Json], object]) -> None:
        """An author changes one resource in place."""
        changed = copy.deepcopy(self.stored[key])
        act(changed)
        self._put(key, changed, None)

    def set(self, key: str, **elements: Any) -> None:
        """An author replaces elements of one resource."""
        self.change(key, lambda item: item.update(elements))

    def approve(self, plan: str) -> None:
        """A clinician activates a plan and its members, as in the EHR's own screens."""
        members = [item["reference"]["reference"] for item in self.stored[plan].get("activity", [])]
        for key in [plan, *members]:
            self.set(key, status="active")
        for goal in self.stored[plan].get("goal", []):
            self.set(goal["reference"], lifecycleStatus="active")

    def _place(self, index: int, entry: Json) -> str:
        request = entry["request"]
        if request["method"] == "PUT":
            return str(request["url"])
        there = self._matching(request["url"], request.get("ifNoneExist"))
        return there or f"{request['url']}/{len(self.stored) + index + 1}"

    def _matching(self, kind: str, condition: str | None) -> str | None:
        if condition is None:
            return None
        system, value = condition.removeprefix("identifier=").split("|")
        return next(
            (
                key
                for key, item in self.stored.items()
                if item["resourceType"] == kind and {"system": system, "value": value} in item.get("identifier", [])
            ),
            None,
        )

    def _put(self, key: str, resource: Json, if_match: str | None) -> None:
        before = self.stored.get(key, {}).get("meta", {}).get("versionId", "0")
        assert if_match in (None, f'W/"{before}"')
        meta = {**resource.get("meta", {}), "versionId": str(int(before) + 1), "lastUpdated": "2025-01-13T09:00:00Z"}
        self.stored[key] = {**resource, "id": key.split("/")[1], "meta": meta}
        self.writes += 1


def linked(value: Any, placed: dict[str, str]) -> Any:
    """A copy in which every fullUrl of the transaction is the reference of the stored resource."""
    if isinstance(value, dict):
        return {
            key: placed.get(item, item) if key == "reference" and isinstance(item, str) else linked(item, placed)
            for key, item in value.items()
        }
    return [linked(item, placed) for item in value] if isinstance(value, list) else value
