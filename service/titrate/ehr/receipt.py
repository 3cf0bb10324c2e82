"""What became of a transaction: a receipt without clinical content, read from the server's answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from titrate.ehr.errors import Issue

LOCATION = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?/?$")
STATUS = re.compile(r"\d{3}")
ETAG = re.compile(r'(?:W/)?"([^"]{1,64})"')


class Outcome(StrEnum):
    """How a delivery ended.

    `recovered`: the reply was lost, and the plan was then found in the EHR. `unknown`: it was lost and not found; a
    person has to look. `refused`: the server says that it is wrong, and nothing was written.
    """

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    RECOVERED = "recovered"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """One entry of a transaction as the server answered it. `id` and `version` are None where it did not say.

    A version is an opaque text, on some servers no number.
    """

    type: str
    id: str | None
    version: str | None
    status: int

    @property
    def reference(self) -> str | None:
        """`Type/id` in the EHR."""
        return f"{self.type}/{self.id}" if self.id else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome, the entries in the order in which they were sent, and how many resources are new."""

    outcome: Outcome
    entries: tuple[WrittenEntry, ...] = ()
    created: int = 0
    issues: tuple[Issue, ...] = ()


class Unreadable(ValueError):
    """The answer does not say what became of each entry."""


def receipt_of(sent: Mapping[str, Any], answer: Mapping[str, Any]) -> Receipt:
    """The receipt for the transaction `sent`. Raises Unreadable when an entry's fate is not told."""
    asked, told = sent["entry"], answer.get("entry")
    if answer.get("resourceType") != "Bundle" or not isinstance(told, list) or len(told) != len(asked):
        raise Unreadable("the answer does not match the transaction")
    entries = tuple(_entry(one, reply) for one, reply in zip(asked, told, strict=True))
    created = sum(entry.status == 201 for entry in entries)
    changed = created or any(one["request"]["method"] != "POST" for one in asked)
    return Receipt(Outcome.WRITTEN if changed else Outcome.UNCHANGED, entries, created)


def written_of(kind: str, status: int, location: str | None, etag: str | None) -> WrittenEntry:
    """One written resource from its status, Location and ETag."""
    place = LOCATION.search(location or "")
    tag = ETAG.search(etag or "")
    version = (place[3] if place else None) or (tag[1] if tag else None)
    return WrittenEntry(place[1] if place else kind, place[2] if place else None, version, status)


def _entry(asked: Mapping[str, Any], reply: object) -> WrittenEntry:
    response = reply.get("response") if isinstance(reply, Mapping) else None
    if not isinstance(response, Mapping):
        raise Unreadable("an entry has no response")
    status = STATUS.match(str(response.get("status", "")))
    if status is None or not 200 <= int(status[0]) < 300:
        raise Unreadable("an entry has no status of success")
    url = str(asked["request"]["url"]).partition("?")[0]
    location = response.get("location") or (url if "/" in url else None)
    return written_of(url.partition("/")[0], int(status[0]), location, response.get("etag"))
