"""The first page of a search, in the form that the EHR accepts: by POST or GET, with or without the size of a page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from titrate.ehr.client import EHR, ResourceAnswer
from titrate.ehr.errors import EHRError
from titrate.settings import Handling

Query = Sequence[tuple[str, str]]
# A server that answers one of these to a POST may still answer a GET, and says so for every search.
POST_NOT_SUPPORTED = frozenset({404, 405, 415, 501})
# Statuses that concern neither POST nor the size of a page: the token, and a server that is busy.
_NOT_ABOUT_FORM = frozenset({401, 408, 425, 429})


def first_page(ehr: EHR, resource_type: str, query: Query, handling: Handling) -> ResourceAnswer:
    """The first page. A server can limit the size of a page: a refused search is repeated once without a size."""
    if not ehr.sends_page_size:
        return _request_page(ehr, resource_type, query, handling)
    sized = [*query, ("_count", str(ehr.policy.page_size))]
    try:
        return _request_page(ehr, resource_type, sized, handling)
    except EHRError as refused:
        if not _may_be_about_size(refused):
            raise
        try:
            page = _request_page(ehr, resource_type, query, handling)
        except EHRError:
            raise refused from None
        ehr.sends_page_size = False
        return page


def _may_be_about_size(refused: EHRError) -> bool:
    """Whether a smaller page may be accepted. A missing parameter is another matter."""
    codes = {issue.code for issue in refused.issues}
    return refused.status == 400 or (refused.status == 422 and "required" not in codes) or "too-costly" in codes


def _request_page(ehr: EHR, resource_type: str, query: Query, handling: Handling) -> ResourceAnswer:
    exchange, prefer = f"search {resource_type}", f"handling={handling}"
    url = f"{resource_type}?{urlencode(query)}"
    if not ehr.searches_by_post or resource_type in ehr.types_by_get:
        return ehr.answer(url, exchange, prefer)
    try:
        page = ehr.post_search(resource_type, urlencode(query).encode(), exchange, prefer)
    except EHRError as error:
        if error.status in POST_NOT_SUPPORTED:
            # A 404 can concern the type alone; the other statuses concern the whole server.
            ehr.searches_by_post = error.status == 404
            return ehr.answer(url, exchange, prefer)
        if not _may_answer_get(ehr, error):
            raise
        return _page_by_get(ehr, resource_type, url, prefer, error)
    ehr.post_has_worked = True
    return page


def _may_answer_get(ehr: EHR, refused: EHRError) -> bool:
    """Whether a search that was refused by POST is tried by GET.

    Where POST has worked a refusal of access is about the type, and a missing parameter about the search.
    """
    codes = {issue.code for issue in refused.issues}
    if not _refuses_form(refused) and not (refused.status == 500 and "not-supported" in codes):
        return False
    about_search = refused.status == 403 or "required" in codes
    return not (ehr.post_has_worked and about_search)


def _refuses_form(refused: EHRError) -> bool:
    status = refused.status or 0
    return 400 <= status < 500 and status not in _NOT_ABOUT_FORM


def _page_by_get(ehr: EHR, resource_type: str, url: str, prefer: str, refused: EHRError) -> ResourceAnswer:
    """The page by GET, which then is the way for this type, or for all where POST has never worked.

    Raises `refused` where GET is refused too.
    """
    try:
        page = ehr.answer(url, refused.exchange, prefer)
    except EHRError:
        raise refused from None
    ehr.types_by_get.add(resource_type)
    ehr.searches_by_post = ehr.post_has_worked
    return page
