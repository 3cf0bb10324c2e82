"""Searches for Observations in the way that the EHR accepts: by date alone, by category and code, or without a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from titrate.ehr.client import EHR
from titrate.ehr.errors import Forbidden, Refused
from titrate.ehr.first_page import Query
from titrate.ehr.search import SearchGap, SearchResult, search
from titrate.messages import Message, ehr_errors

VALUES_PER_SEARCH = 20
# Every code of the FHIR R4 value set of Observation categories.
CATEGORIES = (
    "social-history",
    "vital-signs",
    "imaging",
    "laboratory",
    "procedure",
    "survey",
    "exam",
    "therapy",
    "activity",
)
CATEGORY = ("category", ",".join(CATEGORIES))
BY_CATEGORY = ehr_errors.EhrSearchedByCategory()


def batches(values: Sequence[str], size: int = VALUES_PER_SEARCH) -> Iterator[Sequence[str]]:
    """Batches of `values`: with many values in one parameter, servers respond slowly or truncate."""
    return (values[start : start + size] for start in range(0, len(values), size))


def search_observations(ehr: EHR, query: Query, known: Sequence[str]) -> Iterator[SearchResult]:
    """The Observations that match `query`, or those of searches in its place that this EHR accepts.

    `known` are the codes, as `system|code`, that the service reads. Raises EHRError, also after some results.
    """
    try:
        found = search(ehr, "Observation", query)
    except (Refused, Forbidden) as error:
        if not is_about_form(error):
            raise
        refused = error
    else:
        yield found
        return
    has_code = any(name == "code" for name, _ in query)
    by_category = accepted(ehr, "Observation", [*query, CATEGORY])
    if by_category is not None:
        yield noted(by_category)
    elif has_code:
        raise refused
    if has_code:
        return
    by_code = _by_code(ehr, query, known, has_category=by_category is not None)
    if by_code:
        yield from by_code
    elif by_category is None:
        yield _without_date(ehr, query, refused)
    elif by_code is None:
        raise refused


def is_about_form(error: Refused | Forbidden) -> bool:
    """Whether a search was refused for its form, such as a missing parameter, and not for its subject."""
    return error.status in (400, 422) or any(issue.code == "required" for issue in error.issues)


def _by_code(ehr: EHR, query: Query, known: Sequence[str], *, has_category: bool) -> list[SearchResult] | None:
    """The Observations with a code that the service reads: a record can have no category, or a site's own.

    None where the EHR refuses a code. Where it requires a category with the code too, there is nothing else to find.
    """
    found: list[SearchResult] = []
    for codes in batches(known):
        by_code = [*query, ("code", ",".join(codes))]
        result = accepted(ehr, "Observation", by_code)
        if result is None:
            is_required = has_category and accepted(ehr, "Observation", [*by_code, CATEGORY]) is not None
            return found if is_required else None
        found.append(noted(result))
    return found


def _without_date(ehr: EHR, query: Query, refused: Refused | Forbidden) -> SearchResult:
    """The Observations of any age. Raises `refused` where that is refused too."""
    found = accepted(ehr, "Observation", [one for one in query if one[0] != "date"])
    if found is None:
        raise refused
    return noted(found, "without-date", ehr_errors.EhrSearchedWithoutDate())


def accepted(ehr: EHR, resource_type: str, query: Query) -> SearchResult | None:
    """The result of a search; None where the EHR refuses it."""
    try:
        return search(ehr, resource_type, query)
    except (Refused, Forbidden):
        return None


def noted(found: SearchResult, code: str = "by-category", note: Message = BY_CATEGORY) -> SearchResult:
    """The result with a note on how it was searched; the note says that nothing is missing."""
    return replace(found, gaps=(SearchGap(code, note), *found.gaps))
