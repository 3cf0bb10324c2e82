"""Delivering one transaction, so that its effect happens once even when replies are lost.

A transaction is all or nothing. When its reply is lost we look for what it should have made, by identifier, before
sending it again; what cannot be looked for is never sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from titrate.ehr import json_bytes
from titrate.ehr.client import EHR, content_of
from titrate.ehr.errors import BadAnswer, EHRError, OutcomeUnknown, Refused, ServerFault
from titrate.ehr.http import HttpResponse
from titrate.ehr.receipt import Outcome, Receipt, Unreadable, WrittenEntry, receipt_of, written_of
from titrate.ehr.search import search
from titrate.event_log import Event

SENDS = 3
LOOKS = 2
WRITE_TRANSACTION = "write transaction"

Conditional = tuple[str, list[tuple[str, str]]]


def deliver(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    """Send a transaction Bundle and say what became of it.

    Raises Conflict (409, 412: read again), Unauthorised, Forbidden, Unreachable (never sent) and ServerFault. Gives a
    receipt with `refused` when the server finds it wrong, and with `unknown` when nobody can say.
    """
    if not bundle.get("entry"):
        return Receipt(Outcome.UNCHANGED)
    last = OutcomeUnknown(WRITE_TRANSACTION)
    for turn in range(1, SENDS + 1):
        try:
            return _sent(ehr, bundle)
        except Refused as refused:
            return Receipt(Outcome.REFUSED, issues=refused.issues)
        except OutcomeUnknown as unknown:
            last = unknown
        ehr.event_log.note(Event.REPLY_LOST, turn=turn)
        found = _looked(ehr, bundle, turn)
        if found is not None:
            return found
    return _given_up(last)


def create_once(ehr: EHR, resource: Mapping[str, Any], query: str) -> WrittenEntry:
    """Create one resource unless `query` (such as `identifier=system|value`) finds it; for what patients share."""
    kind = str(resource["resourceType"])
    answer = ehr.write(kind, resource, f"create {kind}", once=query)
    written = written_of(kind, answer.status, answer.headers.get("location"), answer.headers.get("etag"))
    return written if written.id else _from_body(answer, written, kind)


def _sent(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    answer = ehr.write("", bundle, WRITE_TRANSACTION)
    try:
        return receipt_of(bundle, content_of(answer, WRITE_TRANSACTION))
    except (BadAnswer, Unreadable):
        # 2xx says that it was done, but not what: the same as a lost reply
        raise OutcomeUnknown(WRITE_TRANSACTION, status=answer.status) from None


def _given_up(last: OutcomeUnknown) -> Receipt:
    """After the last look found nothing: a server that answered with an error has failed; silence stays unknown."""
    if last.status is not None and last.status >= 500:
        raise ServerFault(WRITE_TRANSACTION, status=last.status, issues=last.issues)
    return Receipt(Outcome.UNKNOWN, issues=last.issues)


def _looked(ehr: EHR, bundle: Mapping[str, Any], turn: int) -> Receipt | None:
    """The receipt when everything is in the EHR; None when nothing was done and it may be sent again."""
    proposal = _identified(bundle)
    if not proposal:
        return Receipt(Outcome.UNKNOWN)
    for _ in range(LOOKS):
        ehr.policy.sleep(ehr.policy.wait(turn))
        try:
            found = [_match(ehr, kind, query) for kind, query in proposal]
            there = [one for one in found if one is not None]
            if len(there) == len(proposal) and _updated(ehr, bundle):
                return Receipt(Outcome.RECOVERED, tuple(there))
        except EHRError:
            return Receipt(Outcome.UNKNOWN)
    return None


def _updated(ehr: EHR, bundle: Mapping[str, Any]) -> bool:
    """Whether no resource that the transaction updates is still at the version that it wanted to replace."""
    requests = [entry["request"] for entry in bundle["entry"]]
    return all(
        f'"{_version(ehr.get(one["url"], "read after a lost reply"))}"' not in one["ifMatch"]
        for one in requests
        if one["method"] == "PUT" and one.get("ifMatch")
    )


def _identified(bundle: Mapping[str, Any]) -> list[Conditional]:
    """The conditional creates of a transaction: what can be looked for."""
    requests = [entry["request"] for entry in bundle["entry"]]
    return [(one["url"], parse_qsl(one["ifNoneExist"])) for one in requests if one.get("ifNoneExist")]


def _match(ehr: EHR, kind: str, query: list[tuple[str, str]]) -> WrittenEntry | None:
    found = search(ehr, kind, query).resources
    if not found:
        return None
    return WrittenEntry(kind, found[0].get("id"), _version(found[0]), 200)


def _version(resource: Mapping[str, Any]) -> str | None:
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, Mapping) else None
    return str(version) if version else None


def _from_body(answer: HttpResponse, written: WrittenEntry, kind: str) -> WrittenEntry:
    try:
        content = json_bytes.read(answer.body)
    except json_bytes.NotJson:
        return written
    same = content.get("resourceType") == kind and isinstance(content.get("id"), str)
    return WrittenEntry(kind, content["id"], written.version, answer.status) if same else written
