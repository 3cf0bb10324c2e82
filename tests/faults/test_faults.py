"""Inputs that go wrong in real EHRs, and inputs beside them that are harmless: each from a file, some from an EHR."""

from __future__ import annotations

import pytest

from tests.faults import (
    attachment_cases,
    bundle_cases,
    completeness_cases,
    form_cases,
    further_cases,
    further_server_cases,
    further_session_cases,
    identity_cases,
    limit_cases,
    measured_cases,
    noise_cases,
    person_cases,
    question_cases,
    search_cases,
    session_cases,
    spelling_cases,
    stripped_cases,
    text_cases,
    time_cases,
    word_cases,
)
from tests.faults.expectations import Case, differences, from_ehr, from_file

FROM_BOTH = (
    attachment_cases, form_cases, further_cases, further_session_cases, identity_cases, limit_cases, measured_cases,
    noise_cases, person_cases, question_cases, session_cases, spelling_cases, stripped_cases, text_cases, time_cases,
    word_cases,
)  # fmt: skip
FROM_EHR = (completeness_cases, further_server_cases, search_cases)
FILE_CASES = [case for module in (*FROM_BOTH, bundle_cases) for case in module.FILE_CASES]
EHR_CASES = [case for module in (*FROM_BOTH, *FROM_EHR) for case in module.EHR_CASES]


@pytest.mark.parametrize("case", FILE_CASES, ids=lambda case: case.id)
def test_file(case: Case) -> None:
    """`titrate plan --bundle` decides as the rules say."""
    assert differences(from_file(case), case.expected) == []


@pytest.mark.parametrize("case", EHR_CASES, ids=lambda case: case.id)
def test_ehr(case: Case) -> None:
    """`titrate plan --patient` decides the same on what an EHR sends."""
    assert differences(from_ehr(case), case.expected) == []
