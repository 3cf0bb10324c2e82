"""Benign noise lowers no dose: a service that holds everyone is unsafe too (B13.18, H09)."""

from __future__ import annotations

import pytest

from tests.noise.cases import course_cases, fixture_cases, outcome_of

pytestmark = pytest.mark.timeout(600)
SEED, ON_FIXTURES, ON_COURSES = 1, 300, 100


def test_noise_in_fixture_records_lowers_nothing() -> None:
    """Other specialties' data, unmapped codes, harmless texts and technical elements."""
    assert [one for one in map(outcome_of, fixture_cases(SEED, ON_FIXTURES)) if one.lower] == []


def test_noise_in_simulated_courses_lowers_nothing() -> None:
    """On days of random courses, where most patients have a plan in force."""
    assert [one for one in map(outcome_of, course_cases(SEED, ON_COURSES)) if one.lower] == []


def test_noise_reaches_every_kind_of_record() -> None:
    """The cases contain records of every type that a rule reads, beside types that it does not."""
    types = {str(one["resourceType"]) for case in fixture_cases(SEED, ON_FIXTURES) for one in case.noisy}
    assert {"Observation", "Condition", "MedicationRequest", "QuestionnaireResponse", "CarePlan", "Flag"} <= types
