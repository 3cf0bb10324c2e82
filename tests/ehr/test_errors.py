"""The tree of errors."""

from __future__ import annotations

import pytest

from titrate.ehr import errors

KINDS = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.EHRError)]
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [
        {"severity": "error", "code": "required", "diagnostics": "Ms Secret", "expression": ["CarePlan.status"]},
        {"severity": "error", "code": "value", "details": {"text": "Secret"}, "expression": ["where(name='Secret')"]},
        {"severity": "Ms Secret", "code": "Ms Secret"},
        "odd",
    ],
}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.BadAnswer),
        (400, errors.Refused),
        (401, errors.Unauthorised),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (410, errors.NotFound),
        (412, errors.PreconditionFailed),
        (422, errors.Refused),
        (429, errors.ServerFault),
        (500, errors.ServerFault),
        (503, errors.ServerFault),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.EHRError]) -> None:
    """The class alone tells a caller what to do."""
    error = errors.error_for_status("read Patient", status)
    assert type(error) is kind
    assert f"HTTP {status}" in str(error)


def test_an_outcome_is_reduced_to_codes_and_elements() -> None:
    """Free texts of the server can contain patient data."""
    error = errors.error_for_status("write transaction", 422, OUTCOME)
    assert "error required at CarePlan.status; error value; error unknown" in str(error)
    assert "Secret" not in str(error) + repr(error)


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_says_what_to_do(kind: type[errors.EHRError]) -> None:
    """Each has a code of its own and a complete sentence."""
    assert str(kind("search Goal")).startswith("search Goal: ")
    assert str(kind.explanation).endswith(".")
    assert kind is errors.EHRError or kind.code != errors.EHRError.code
