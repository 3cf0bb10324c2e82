"""Contacts by phase, and what counts as one: each expectation from the table of C41, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.thresholds.probe import AT, Case, ago, pain
from tests.courses.build import answered, on
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.insights.follow_up import FollowUp, next_follow_up
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Reporter, SafetyAnswer

YESTERDAY = ago(1)
WHILE_DOSES_ARE_FOUND = [Phase.INTAKE, Phase.BASELINE, Phase.DELOAD, Phase.RETURN]


def evaluation(*more: SafetyAnswer, since: int = 60, **plan: object) -> Evaluation:
    """A plan in force for the given number of days, with these contacts."""
    return Case(since=since, more=more, plan=plan).run(BOOK)


def talk(day: date, value: str | None = "telehealth", *, preliminary: bool = False) -> SafetyAnswer:
    """A contact that a clinician recorded."""
    found = answered("contact", value, on(day), Reporter.PRACTITIONER)
    return replace(found, stamp=replace(found.stamp, preliminary=preliminary))


def contact(result: Evaluation, renewed: date | None = None, **other: object) -> FollowUp | None:
    """The next contact where the situation is otherwise; limits do not run out, unless they are `renewed` on a day."""
    picture = replace(result.picture, limits=replace(result.picture.limits, renewed=renewed))
    return next_follow_up(replace(picture, **other), result.decision)  # type: ignore[arg-type]


def due(found: FollowUp | None) -> tuple[str, int]:
    """How, and in how many days from the last contact, which was yesterday."""
    assert found is not None
    return found.mode, (found.due - YESTERDAY).days


@pytest.mark.parametrize("phase", WHILE_DOSES_ARE_FOUND)
def test_every_week_while_doses_are_being_found(phase: Phase) -> None:
    """Two months after the start, too; in person where there is no dose yet."""
    result = evaluation(talk(YESTERDAY))
    assert due(contact(result, phase=phase)) == ("telehealth", 7)
    assert due(contact(result, phase=phase, dosed=())) == ("in person", 7)


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.LIGHTER_WEEK])
def test_every_other_week_while_loading_goes_on(phase: Phase) -> None:
    """Every week in person where no dose is in force, and by phone where no one knows since when the plan runs."""
    result = evaluation(talk(YESTERDAY))
    assert due(contact(result, phase=phase)) == ("telehealth", 14)
    assert due(contact(result, phase=phase, dosed=())) == ("in person", 7)
    assert due(contact(evaluation(talk(YESTERDAY), started=None), phase=phase)) == ("telehealth", 7)


def test_none_after_discharge_and_today_when_stopped() -> None:
    """A stopped plan is a visit today, with and without an open flag."""
    result = evaluation(talk(YESTERDAY))
    assert contact(result, phase=Phase.DISCHARGED) is None
    assert due(contact(result, phase=Phase.STOPPED)) == ("in person", 1)


@pytest.mark.parametrize(
    ("reported", "last"),
    [
        ((talk(ago(9)), talk(ago(4))), ago(4)), ((talk(ago(4)), talk(ago(9))), ago(4)),
        ((talk(ago(9)), talk(ago(4), preliminary=True)), ago(9)), ((talk(ago(9)), talk(ago(4), None)), ago(9)),
        ((talk(ago(9)), talk(ago(4), "")), ago(9)), ((talk(ago(4), preliminary=True),), None),
        ((talk(ago(4), None),), None), ((), None),
    ],
    ids=["two", "in any order", "preliminary", "refused", "empty", "only preliminary", "only refused", "none"],
)  # fmt: skip
def test_the_last_contact_is_final_and_took_place(reported: tuple[SafetyAnswer, ...], last: date | None) -> None:
    """What is not final and what no one answered is no contact."""
    found = contact(evaluation(*reported))
    assert found is not None
    assert found.last == last


def test_limits_run_out_only_where_a_dose_is_in_force() -> None:
    """Renewed 40 days ago they end in 2 days; without a dose, or when no one set any, the weekly call stays."""
    result = evaluation(talk(YESTERDAY), since=7)
    assert due(contact(result, ago(40))) == ("in person", 3)
    assert due(contact(result, ago(40), dosed=())) == ("in person", 7)
    assert due(contact(result)) == ("telehealth", 7)


def test_a_red_flag_comes_before_expired_limits() -> None:
    """Both are visits and due; the flag is why."""
    flagged = evaluation(talk(YESTERDAY), answered("rf01", True, on(YESTERDAY)))
    found = contact(flagged, ago(60))
    assert found is not None
    assert (found.mode, found.due) == ("in person", AT)
    assert "red flag" in str(found.reason)


def in_a_flare(last: int | None) -> tuple[ClinicalPicture, Evaluation]:
    """A flare since two days, and the last contact the given number of days ago."""
    more = (pain(2, 6), pain(1, 6), *(() if last is None else (talk(ago(last)),)))
    result = Case(more=more).run(BOOK)
    assert result.picture.flare is not None
    assert result.picture.flare.first == ago(2)
    return replace(result.picture, limits=replace(result.picture.limits, renewed=None)), result


@pytest.mark.parametrize(("last", "days"), [(None, 1), (3, 1), (2, 5), (1, 5)])
def test_a_contact_on_the_day_a_flare_began_is_one_about_it(last: int | None, days: int) -> None:
    """That contact covers the first days, and day 7 is next; without it the flare is due tomorrow."""
    picture, result = in_a_flare(last)
    found = next_follow_up(picture, replace(result.decision, next_review=AT + timedelta(days=1)))
    assert found is not None
    assert (found.mode, found.due) == ("telehealth", AT + timedelta(days=days))


def test_a_flare_without_a_next_decision_is_due_today() -> None:
    """Nothing later is known."""
    picture, result = in_a_flare(None)
    found = next_follow_up(picture, replace(result.decision, next_review=None))
    assert found is not None
    assert found.due == AT
