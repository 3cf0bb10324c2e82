"""Identifiers: what they depend on, and what they must not depend on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.fhir.example import PRESCRIPTION, PRESS, SITE, WALK, minutes, prescribed, repetitions
from titrate.clinical.values.plan import Phase
from titrate.fhir import identifiers
from titrate.fhir.site import Site

SERIES = identifiers.series_of(SITE, "b")


def version(prescription: object = PRESCRIPTION, in_force: str | None = None) -> str:
    """The version of a prescription for a plan in force."""
    return identifiers.version_of(SERIES, in_force, prescription)  # type: ignore[arg-type]


def test_one_patient_on_two_sites_has_two_series() -> None:
    """The canonical base is part of the series."""
    assert identifiers.series_of(SITE, "b") == identifiers.series_of(Site(), "b")
    assert identifiers.series_of(SITE, "b") != identifiers.series_of(Site(canonical="https://other.example/fhir"), "b")


def test_version_is_the_same_when_only_the_day_moves() -> None:
    """The next day's run with the same prescription finds the draft."""
    day = timedelta(days=1)
    later = replace(
        PRESCRIPTION,
        phase_since=PRESCRIPTION.phase_since + day,
        period_start=PRESCRIPTION.period_start + day,
        period_end=PRESCRIPTION.period_end + day,
        exercises=tuple(
            replace(item, dose_since=date(2025, 1, 14), last_raised=None) for item in PRESCRIPTION.exercises
        ),
    )
    assert version(later) == version()


def test_version_does_not_depend_on_trailing_zeros() -> None:
    """A server that drops trailing zeros does not cause a new version."""
    same = replace(PRESCRIPTION, usual_pain=Decimal("2.00"), usual_fatigue=Decimal(3))
    assert version(same) == version()


@pytest.mark.parametrize(
    "other",
    [
        replace(PRESCRIPTION, phase=Phase.DELOAD),
        replace(PRESCRIPTION, contingency=("Rest.",)),
        replace(PRESCRIPTION, limits=()),
        replace(PRESCRIPTION, usual_pain=Decimal("2.5")),
        replace(PRESCRIPTION, exercises=(prescribed(WALK, minutes("16.5"), 3),)),
        replace(PRESCRIPTION, exercises=(prescribed(WALK, minutes("16"), 4),)),
        replace(PRESCRIPTION, exercises=(prescribed(PRESS, repetitions(3, 10, "42"), 2),)),
    ],
)
def test_version_follows_the_prescription(other: object) -> None:
    """Phase, texts, limits, usual values, dose and frequency each change the version."""
    assert version(other) != version()


def test_version_follows_the_plan_in_force() -> None:
    """The same prescription for another plan is another version, so an old draft is never reused."""
    assert version(in_force="v1") != version(in_force="v2") != version()


def test_a_used_version_is_never_reused() -> None:
    """After a draft was revoked the same prescription gets the next free version."""
    first = version()
    second = identifiers.version_of(SERIES, None, PRESCRIPTION, {first})
    third = identifiers.version_of(SERIES, None, PRESCRIPTION, {first, second})
    assert len({first, second, third}) == 3
    assert identifiers.attempts(SERIES, None, PRESCRIPTION, {first, second}) == (first, second)


def test_identifiers_hold_no_patient_id() -> None:
    """No identifier or URL reveals who the patient is."""
    value = identifiers.resource_value(SITE, identifiers.series_of(SITE, "mrn-4711"), "order", WALK)
    assert "4711" not in value + identifiers.full_url(SITE.resource_system, value)


@pytest.mark.parametrize(
    ("number", "text"),
    [("15.0", "15"), ("1.5E+1", "15"), ("0.50", "0.5"), ("100", "100"), ("0", "0")],
)
def test_plain_number(number: str, text: str) -> None:
    """Numbers as text have neither exponent nor trailing zeros."""
    assert identifiers.plain_number(Decimal(number)) == text
