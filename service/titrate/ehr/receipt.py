"""The receipt of a transaction: its outcome without clinical content, read from the server's response."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from titrate.ehr.client import ETAG
from titrate.ehr.errors import BadAnswer, Issue
from titrate.messages import ehr_errors

LOCATION = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?/?$")
STATUS = re.compile(r"\d{3}")


class DeliveryOutcome(StrEnum):
    """How a delivery ended.

    `recovered`: the response was lost, and the plan was then found in the EHR. `unknown`: it was lost and the plan was
    not found; a clinician has to check. `refused`: the server rejected the transaction and wrote nothing.
    """

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    RECOVERED = "recovered"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """One entry of a transaction in the server's response. `id` and `version` are None where the server omits them.

    A version is an opaque text, on some servers not a number.
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
    """The outcome, the entries in the order of the transaction, and the number of new resources."""

    outcome: DeliveryOutcome
    entries: tuple[WrittenEntry, ...] = ()
    created: int = 0
    issues: tuple[Issue, ...] = ()


def transaction_receipt(transaction: Mapping[str, Any], response: Mapping[str, Any], exchange: str) -> Receipt:
    """The receipt of a transaction. Raises BadAnswer when the response does not give the status of each entry."""
    sent, replies = transaction["entry"], response.get("entry")
    if response.get("resourceType") != "Bundle" or not isinstance(replies, list) or len(replies) != len(sent):
        raise BadAnswer(exchange, ehr_errors.EhrEntriesDoNotMatch())
    entries = tuple(_entry(entry["request"], reply, exchange) for entry, reply in zip(sent, replies, strict=True))
    created = sum(entry.status == 201 for entry in entries)
    changed = created or any(entry["request"]["method"] != "POST" for entry in sent)
    return Receipt(DeliveryOutcome.WRITTEN if changed else DeliveryOutcome.UNCHANGED, entries, created)


def _entry(request: Mapping[str, Any], reply: object, exchange: str) -> WrittenEntry:
    response = reply.get("response") if isinstance(reply, Mapping) else None
    status = STATUS.match(str(response.get("status", ""))) if isinstance(response, Mapping) else None
    if not isinstance(response, Mapping) or status is None or not 200 <= int(status[0]) < 300:
        raise BadAnswer(exchange, ehr_errors.EhrEntriesDoNotMatch())
    url = str(request["url"]).partition("?")[0]
    location = LOCATION.search(str(response.get("location") or (url if "/" in url else "")))
    etag = ETAG.search(str(response.get("etag") or ""))
    return WrittenEntry(
        type=location[1] if location else url.partition("/")[0],
        id=location[2] if location else None,
        version=(location[3] if location else None) or (etag[1] if etag else None),
        status=int(status[0]),
    )
