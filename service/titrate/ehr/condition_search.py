"""Searches for Conditions: by patient alone, or by category and clinical status where the EHR requires one of them."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.ehr.client import EHR
from titrate.ehr.errors import Forbidden, Refused
from titrate.ehr.first_page import Query
from titrate.ehr.observation_search import accepted, is_about_form, noted
from titrate.ehr.search import SearchResult, search

# The categories of FHIR R4 and of US Core, and every clinical status of FHIR R4.
BY_CATEGORY = ("category", "problem-list-item,encounter-diagnosis,health-concern")
BY_STATUS = ("clinical-status", "active,recurrence,relapse,inactive,remission,resolved")


def search_conditions(ehr: EHR, query: Query) -> Iterator[SearchResult]:
    """The Conditions that match `query`, or those of the searches in its place that this EHR accepts.

    Raises EHRError where it accepts none.
    """
    try:
        found = [search(ehr, "Condition", query)]
    except (Refused, Forbidden) as refused:
        if not is_about_form(refused):
            raise
        results = [accepted(ehr, "Condition", [*query, by]) for by in (BY_CATEGORY, BY_STATUS)]
        found = [noted(result) for result in results if result is not None]
        if not found:
            raise
    yield from found
