"""What was fetched of one patient, in the form that the pipeline takes: resources, refusals and completeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from titrate.clinical.values.completeness import Completeness, Incomplete, Retrieval, graver
from titrate.clinical.values.readings import Refusal
from titrate.ehr.errors import BadAnswer, Conflict, Forbidden, NotFound, Refused, ServerFault, Unreachable
from titrate.ehr.fetch import COMPLETE_CODES, Fetched, IncompleteType
from titrate.fhir.bundle_contents import answer_contents, bundle_contents
from titrate.messages import Message
from titrate.messages.completeness import (
    AccessRefused,
    AnswerUnreadable,
    EntryUnreadable,
    FewerThanTotal,
    PageMissing,
    SearchRefused,
    SearchTimedOut,
    StatedIncomplete,
    TotalUnreadable,
)

# Faults that leave nothing of a type. Any other fault leaves a part of its resources.
WITHHELD: Mapping[str, Message] = {
    Forbidden.code: AccessRefused(),
    NotFound.code: SearchRefused(),
    Refused.code: SearchRefused(),
    Conflict.code: SearchRefused(),
    ServerFault.code: SearchTimedOut(),
    Unreachable.code: SearchTimedOut(),
    BadAnswer.code: AnswerUnreadable(),
}
PARTIAL: Mapping[str, Message] = {
    "incomplete": StatedIncomplete(),
    "odd-entry": EntryUnreadable(),
    "total": FewerThanTotal(),
    "total-unreadable": TotalUnreadable(),
}


@dataclass(frozen=True, slots=True)
class FetchResult:
    """One patient's resources, with references as `Type/id`.

    `refusals` are records that did not become resources; `completeness` tells which types are incomplete.
    """

    resources: Sequence[Mapping[str, Any]]
    refusals: tuple[Refusal, ...] = ()
    completeness: Completeness = field(default_factory=Completeness)


def fetch_result(fetched: Fetched, base_url: str) -> FetchResult:
    """The pipeline's view of what the EHR client fetched from the server at `base_url`."""
    contents = answer_contents(fetched.entries, base_url, fetched.servers)
    known = completeness_of(fetched.faults).incomplete
    incomplete = graver((*known.items(), *contents.incomplete.items()))
    return FetchResult(contents.resources, contents.refusals, Completeness(incomplete))


def file_result(bundle: Mapping[str, Any]) -> FetchResult:
    """The pipeline's view of a Bundle in a file or in a request. Raises NotABundle."""
    contents = bundle_contents(bundle)
    return FetchResult(contents.resources, contents.refusals, Completeness(contents.incomplete))


def completeness_of(faults: Iterable[IncompleteType]) -> Completeness:
    """How much of each type was retrieved; of two faults of one type the graver counts."""
    return Completeness(
        graver((fault.type, _incomplete(fault.code)) for fault in faults if fault.code not in COMPLETE_CODES)
    )


def _incomplete(code: str) -> Incomplete:
    if code in WITHHELD:
        return Incomplete(Retrieval.WITHHELD, WITHHELD[code])
    return Incomplete(Retrieval.PARTIAL, PARTIAL.get(code, PageMissing()))
