"""Delivery of one transaction, so that its effect happens once even when responses are lost.

A transaction is all or nothing. When its response is lost, the service looks for the resources by identifier before it
sends again; a transaction without identifiers is never sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from titrate.ehr.client import EHR, resource_in
from titrate.ehr.errors import BadAnswer, EHRError, OutcomeUnknown, Refused, ServerFault
from titrate.ehr.receipt import DeliveryOutcome, Receipt, WrittenEntry, transaction_receipt
from titrate.ehr.search import search
from titrate.event_log import Event

MAX_SENDS = 3
CHECKS_AFTER_LOSS = 2
WRITE_TRANSACTION = "write transaction"

ConditionalCreate = tuple[str, list[tuple[str, str]]]


def deliver(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    """Send a transaction Bundle and return its receipt.

    The receipt is `refused` when the server rejects the transaction, and `unknown` when nothing says whether it was
    carried out. Raises Conflict (409, 412: read again), Unauthorised, Forbidden, Unreachable (never sent) and
    ServerFault.
    """
    if not bundle.get("entry"):
        return Receipt(DeliveryOutcome.UNCHANGED)
    last = OutcomeUnknown(WRITE_TRANSACTION)
    for turn in range(1, MAX_SENDS + 1):
        try:
            return _send(ehr, bundle)
        except Refused as refused:
            return Receipt(DeliveryOutcome.REFUSED, issues=refused.issues)
        except OutcomeUnknown as unknown:
            last = unknown
        ehr.event_log.note(Event.REPLY_LOST, turn=turn)
        receipt = _recovered(ehr, bundle, turn)
        if receipt is not None:
            return receipt
    return _failed(last)


def _send(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    response = ehr.transact(bundle, WRITE_TRANSACTION)
    try:
        return transaction_receipt(bundle, resource_in(response, WRITE_TRANSACTION), WRITE_TRANSACTION)
    except BadAnswer:
        # A status of 2xx says that it was carried out, but not how: the same as a lost response.
        raise OutcomeUnknown(WRITE_TRANSACTION, status=response.status) from None


def _failed(last: OutcomeUnknown) -> Receipt:
    """After the last check found nothing: a server that reported an error has failed; silence remains unknown."""
    if last.status is not None and last.status >= 500:
        raise ServerFault(WRITE_TRANSACTION, status=last.status, issues=last.issues)
    return Receipt(DeliveryOutcome.UNKNOWN, issues=last.issues)


def _recovered(ehr: EHR, bundle: Mapping[str, Any], turn: int) -> Receipt | None:
    """The receipt when every resource is in the EHR; None when nothing was written and it may be sent again."""
    creates = _conditional_creates(bundle)
    if not creates:
        return Receipt(DeliveryOutcome.UNKNOWN)
    for _ in range(CHECKS_AFTER_LOSS):
        ehr.policy.sleep(ehr.policy.wait(turn))
        try:
            matches = [_match(ehr, resource_type, query) for resource_type, query in creates]
            entries = [match for match in matches if match is not None]
            if len(entries) == len(creates) and _updates_done(ehr, bundle):
                return Receipt(DeliveryOutcome.RECOVERED, tuple(entries))
        except EHRError:
            return Receipt(DeliveryOutcome.UNKNOWN)
    return None


def _updates_done(ehr: EHR, bundle: Mapping[str, Any]) -> bool:
    """Whether no resource that the transaction updates still has the version that it was to replace."""
    requests = [entry["request"] for entry in bundle["entry"]]
    return all(
        f'"{_version(ehr.get(request["url"], "read after a lost response"))}"' not in request["ifMatch"]
        for request in requests
        if request["method"] == "PUT" and request.get("ifMatch")
    )


def _conditional_creates(bundle: Mapping[str, Any]) -> list[ConditionalCreate]:
    """The type and query of each conditional create, by which its resource can be found."""
    requests = [entry["request"] for entry in bundle["entry"]]
    return [(request["url"], parse_qsl(request["ifNoneExist"])) for request in requests if request.get("ifNoneExist")]


def _match(ehr: EHR, resource_type: str, query: list[tuple[str, str]]) -> WrittenEntry | None:
    resources = search(ehr, resource_type, query).resources
    if not resources:
        return None
    return WrittenEntry(resource_type, resources[0].get("id"), _version(resources[0]), 200)


def _version(resource: Mapping[str, Any]) -> str | None:
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, Mapping) else None
    return str(version) if version else None
