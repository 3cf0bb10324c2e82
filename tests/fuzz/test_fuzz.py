"""Broken records of the fixture patients: no crash, no slow case, and no higher dose beyond the judged exceptions."""

from __future__ import annotations

import pytest

from tests.fuzz.cases import Finding, ehr_planner, mutants, run
from tests.fuzz.judgements import judged

pytestmark = pytest.mark.timeout(900)

SEED, BY_FILE, BY_EHR = 1, 3000, 100


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    """All findings of the cases."""
    return tuple(run(SEED, BY_FILE))


def test_no_broken_record_ends_the_service(findings: tuple[Finding, ...]) -> None:
    """Each is planned, or refused with a sentence, in at most two seconds of CPU time."""
    assert [one for one in findings if one.problem != "raised"] == []


def test_no_broken_record_gives_a_higher_dose(findings: tuple[Finding, ...]) -> None:
    """B13.17. Exceptions have a reason in `judged.toml`."""
    assert [one for one in findings if one.problem == "raised" and not judged(one)] == []


def test_the_same_holds_for_answers_of_an_ehr() -> None:
    """The records come over a socket."""
    with ehr_planner() as planner:
        assert [one for one in run(SEED, BY_EHR, planner) if one.problem != "raised" or not judged(one)] == []


def test_a_seed_gives_the_same_cases() -> None:
    """A finding can be repeated."""
    first, second = ([(one.name, place, mutant) for one, place, mutant in mutants(7, 50)] for _ in range(2))
    assert first == second
