"""Delivering one transaction, so that its effect happens once even when replies are lost.

A transaction is all or nothing. When its reply is lost we look for what it should have made, by identifier, before
sending it again; what cannot be looked for is never sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from service.ehr import jsonbytes
from service.ehr.client import EHR, content_of
from service.ehr.errors import BadAnswer, EHRError, OutcomeUnknown, Refused
from service.ehr.receipt import Outcome, Receipt, Unreadable, Written, receipt_of, written_of
from service.ehr.search import search
from service.ehr.wire import Answer
from service.journal import Event

SENDS = 3
LOOKS = 2
WHAT = "write transaction"

Conditional = tuple[str, list[tuple[str, str]]]


def deliver(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    """Send a transaction Bundle and say what became of it.

    Raises Conflict (409, 412: read again), Unauthorised, Forbidden, Unreachable (never sent) and ServerFault. Gives a
    receipt with `refused` when the server finds it wrong, and with `unknown` when nobody can say.
    """
    if not bundle.get("entry"):
        return Receipt(Outcome.UNCHANGED)
    for turn in range(1, SENDS + 1):
        try:
            return _sent(ehr, bundle)
        except Refused as refused:
            return Receipt(Outcome.REFUSED, issues=refused.issues)
        except OutcomeUnknown:
            ehr.journal.note(Event.REPLY_LOST, turn=turn)
        found = _looked(ehr, bundle, turn)
        if found is not None:
            return found
    return Receipt(Outcome.UNKNOWN)


def create_once(ehr: EHR, resource: Mapping[str, Any], query: str) -> Written:
    """Create one resource unless `query` (such as `identifier=system|value`) finds it; for what patients share."""
    kind = str(resource["resourceType"])
    answer = ehr.write(kind, resource, f"create {kind}", once=query)
    written = written_of(kind, answer.status, answer.headers.get("location"), answer.headers.get("etag"))
    return written if written.id else _from_body(answer, written, kind)


def _sent(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    answer = ehr.write("", bundle, WHAT)
    try:
        return receipt_of(bundle, content_of(answer, WHAT))
    except (BadAnswer, Unreadable):
        # 2xx says that it was done, but not what: the same as a lost reply
        raise OutcomeUnknown(WHAT, status=answer.status) from None


def _looked(ehr: EHR, bundle: Mapping[str, Any], turn: int) -> Receipt | None:
    """The receipt when everything is in the EHR; None when nothing was done and it may be sent again."""
    wanted = _identified(bundle)
    if not wanted:
        return Receipt(Outcome.UNKNOWN)
    for _ in range(LOOKS):
        ehr.manners.sleep(ehr.manners.wait(turn))
        try:
            found = [_match(ehr, kind, query) for kind, query in wanted]
        except EHRError:
            return Receipt(Outcome.UNKNOWN)
        there = [one for one in found if one is not None]
        if len(there) == len(wanted):
            return Receipt(Outcome.RECOVERED, tuple(there))
    return None


def _identified(bundle: Mapping[str, Any]) -> list[Conditional]:
    """The conditional creates of a transaction: what can be looked for."""
    requests = [entry["request"] for entry in bundle["entry"]]
    return [(one["url"], parse_qsl(one["ifNoneExist"])) for one in requests if one.get("ifNoneExist")]


def _match(ehr: EHR, kind: str, query: list[tuple[str, str]]) -> Written | None:
    found = search(ehr, kind, query).resources
    if not found:
        return None
    meta = found[0].get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return Written(kind, found[0].get("id"), version, 200)


def _from_body(answer: Answer, written: Written, kind: str) -> Written:
    try:
        content = jsonbytes.read(answer.body)
    except jsonbytes.NotJson:
        return written
    same = content.get("resourceType") == kind and isinstance(content.get("id"), str)
    return Written(kind, content["id"], written.version, answer.status) if same else written
