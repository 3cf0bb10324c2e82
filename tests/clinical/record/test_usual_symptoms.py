"""Usual pain and fatigue: set by a clinician or the plan, else the median (B11.2, D)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago, pain
from tests.courses.build import Number, answered, limit, measured, on
from titrate.clinical.record.usual_symptoms import median_of, usual_symptoms
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, Reading

NOT_SET: dict[str, object] = {"usual_pain": None, "usual_fatigue": None}


def usual(*more: Reading, **plan: object) -> tuple[Decimal | None, str]:
    """Usual pain and its source, with mornings of 2 and a plan value of 2."""
    found = usual_symptoms(record_of(Case(more=more, plan=plan)))
    return found.pain, found.pain_from


def early(reading: Measurement) -> Measurement:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def test_who_set_it() -> None:
    """The clinician's before the plan's; the lower of two on the newest day; never a patient's or preliminary one."""
    assert usual() == (Decimal(2), "plan")
    assert usual(limit("usual-pain", 3, ago(5))) == (Decimal(3), "clinician")
    assert usual(limit("usual-pain", 3, ago(5)), limit("usual-pain", 4, ago(4))) == (Decimal(4), "clinician")
    two = limit("usual-pain", 4, ago(5)), replace(limit("usual-pain", 3, ago(5)))
    assert usual(*two) == (Decimal(3), "clinician")
    assert usual(measured("usual-pain", 4, on(ago(5)))) == (Decimal(2), "plan")
    assert usual(early(limit("usual-pain", 4, ago(5)))) == (Decimal(2), "plan")


def test_a_preliminary_value_only_lowers() -> None:
    """It counts where it is lower, until a later final value replaces it, and makes no usual level known."""
    preliminary = early(limit("usual-pain", 1, ago(5)))
    assert usual(preliminary) == (Decimal(1), "clinician")
    assert usual(early(limit("usual-pain", 2, ago(5)))) == (Decimal(2), "plan")
    assert usual(preliminary, limit("usual-pain", 3, ago(5))) == (Decimal(1), "clinician")
    assert usual(preliminary, limit("usual-pain", 3, ago(4))) == (Decimal(3), "clinician")
    unknown = usual_symptoms(record_of(Case(phase=Phase.FLARE, more=(preliminary,), plan=NOT_SET)))
    assert (unknown.pain, unknown.pain_from) == (None, "unknown")


@pytest.mark.parametrize(
    ("edited", "decided", "expected"),
    [(3, 4, (2, "plan")), (3, 5, (3, "clinician")), (3, 6, (3, "clinician")), (2, 4, (2, "clinician")),
     (1, 4, (1, "clinician"))],
)  # fmt: skip
def test_the_state_counts_when_it_is_newer_and_lower(edited: int, decided: int, expected: tuple[int, str]) -> None:
    """The plan's 2 replaces a clinician's value of 5 days ago only if its decision is later and it is lower."""
    assert usual(limit("usual-pain", edited, ago(5)), state_date=ago(decided)) == (Decimal(expected[0]), expected[1])


def test_the_state_of_an_unknown_day_is_not_newer() -> None:
    """A decision of an unknown date replaces no clinician's value."""
    assert usual(limit("usual-pain", 3, ago(5)), state_date=None) == (Decimal(3), "clinician")


def test_mornings_where_no_clinician_set_it() -> None:
    """The median of the last seven days; none in a flare or the return after it."""
    derived = record_of(Case(plan=NOT_SET))
    assert (usual_symptoms(derived).pain, usual_symptoms(derived).pain_from) == (Decimal(2), "mornings")
    assert (usual_symptoms(derived).fatigue, usual_symptoms(derived).fatigue_from) == (Decimal(3), "mornings")
    for phase in (Phase.FLARE, Phase.RETURN):
        assert usual_symptoms(record_of(Case(plan=NOT_SET, phase=phase))).pain_from == "unknown"


def test_a_week_with_a_flare_is_not_usual() -> None:
    """A flare in the last week leaves the week before the plan; a flare in both leaves none."""
    ticks = [answered("flare-self-report", True, on(ago(day))) for day in (3, 15)]
    assert usual(ticks[0], **NOT_SET) == (Decimal(2), "mornings")
    assert usual(*ticks, **NOT_SET) == (None, "unknown")
    assert usual(ticks[0], **(NOT_SET | {"started": None})) == (None, "unknown")


@pytest.mark.parametrize(("now", "before", "expected"), [(3, 2, 2), (1, 2, 1), (2, 3, 2)])
def test_the_lower_of_two_weeks(now: int, before: int, expected: int) -> None:
    """The last week, or the seven days before the plan began: the lower is the stricter."""
    days = (
        *(pain(d, now) for d in range(1, 8)),
        *(pain(d, before) for d in range(15, 22)),
        *(pain(d, 9) for d in (8, 14, 22)),
    )
    assert usual_symptoms(record_of(Case(days=days, plan=NOT_SET))).pain == expected


def test_fatigue_of_the_clinician() -> None:
    """Fatigue has its own value."""
    found = usual_symptoms(record_of(Case(more=(limit("usual-fatigue", 5, ago(5)),))))
    assert (found.pain, found.fatigue, found.fatigue_from) == (Decimal(2), Decimal(5), "clinician")


MEDIANS: list[tuple[tuple[Number | None, ...], str | None]] = [
    ((4, 4, 3, 5, 4, 4, None), "4"),  # E1
    ((1, 2, 3, 4, 5, None, None), "3"),
    ((1, 2, 3, 4, None, None, None), None),
    ((1, 2, 3, 4, 5, 6, None), "3.5"),
    ((9, 1, 8, 2, 7, 3, 6), "6"),
]


@pytest.mark.parametrize(("values", "expected"), MEDIANS)
def test_median(values: tuple[Number | None, ...], expected: str | None) -> None:
    """The middle of at least five mornings; with an even number the mean of the middle two."""
    record = record_of(Case(days=tuple(pain(n, v) for n, v in enumerate(values, 1) if v is not None)))
    assert median_of(record, record.pain, record.week()) == (None if expected is None else Decimal(expected))


def test_a_morning_that_is_not_final_is_no_morning() -> None:
    """Four final ratings and a preliminary one are too few."""
    days = (*(pain(n, 2) for n in range(1, 5)), early(pain(5, 2)))
    record = record_of(Case(days=days))
    assert median_of(record, record.pain, record.week()) is None


def test_without_a_state_the_clinicians_value_counts() -> None:
    """There is no value of the plan that could be lower."""
    assert usual(limit("usual-pain", 3, ago(5)), **NOT_SET) == (Decimal(3), "clinician")


def test_which_preliminary_values_lower() -> None:
    """The lowest of a clinician; a patient's does not count."""
    two = early(limit("usual-pain", 1, ago(5))), early(limit("usual-pain", "0.5", ago(4)))
    assert usual(*two) == (Decimal("0.5"), "clinician")
    assert usual(early(measured("usual-pain", 1, on(ago(5))))) == (Decimal(2), "plan")
