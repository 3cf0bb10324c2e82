"""Contacts by phase, and what counts as one: every expectation is worked out by hand from the table of C41."""

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
    """The next contact in a changed situation; limits do not expire unless `renewed` gives a day."""
    picture = replace(result.picture, limits=replace(result.picture.limits, renewed=renewed))
    return next_follow_up(replace(picture, **other), result.decision)  # type: ignore[arg-type]


def due(found: FollowUp | None) -> tuple[str, int]:
    """The kind of contact, and its days from the last contact, which was yesterday."""
    assert found is not None
    return found.mode, (found.due - YESTERDAY).days


@pytest.mark.parametrize("phase", WHILE_DOSES_ARE_FOUND)
def test_every_week_while_doses_are_being_found(phase: Phase) -> None:
    """Also two months after the start; in person if there is no dose yet."""
    result = evaluation(talk(YESTERDAY))
    assert due(contact(result, phase=phase)) == ("telehealth", 7)
    assert due(contact(result, phase=phase, dosed=())) == ("in person", 7)


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.LIGHTER_WEEK])
def test_every_other_week_while_loading_goes_on(phase: Phase) -> None:
    """Weekly in person without a dose in force, and by phone if the start of the plan is unknown."""
    result = evaluation(talk(YESTERDAY))
    assert due(contact(result, phase=phase)) == ("telehealth", 14)
    assert due(contact(result, phase=phase, dosed=())) == ("in person", 7)
    assert due(contact(evaluation(talk(YESTERDAY), started=None), phase=phase)) == ("telehealth", 7)


def test_none_after_discharge_and_today_when_stopped() -> None:
    """A stopped plan is a visit today, with or without an open flag."""
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
    """A preliminary or unanswered contact does not count."""
    found = contact(evaluation(*reported))
    assert found is not None
    assert found.last == last


def test_limits_run_out_only_where_a_dose_is_in_force() -> None:
    """Renewed 40 days ago they end in 2 days; without a dose or a limit the weekly call stays."""
    result = evaluation(talk(YESTERDAY), since=7)
    assert due(contact(result, ago(40))) == ("in person", 3)
    assert due(contact(result, ago(40), dosed=())) == ("in person", 7)
    assert due(contact(result)) == ("telehealth", 7)


def test_a_red_flag_comes_before_expired_limits() -> None:
    """Both are visits that are due; the flag is the reason."""
    flagged = evaluation(talk(YESTERDAY), answered("rf01", True, on(YESTERDAY)))
    found = contact(flagged, ago(60))
    assert found is not None
    assert (found.mode, found.due) == ("in person", AT)
    assert "red flag" in str(found.reason)


def in_a_flare(last: int | None) -> tuple[ClinicalPicture, Evaluation]:
    """A flare that began two days ago, and the last contact the given number of days ago."""
    more = (pain(2, 6), pain(1, 6), *(() if last is None else (talk(ago(last)),)))
    result = Case(more=more).run(BOOK)
    assert result.picture.flare is not None
    assert result.picture.flare.first == ago(2)
    return replace(result.picture, limits=replace(result.picture.limits, renewed=None)), result


@pytest.mark.parametrize(("last", "days"), [(None, 1), (3, 1), (2, 5), (1, 5)])
def test_a_contact_on_the_day_a_flare_began_is_one_about_it(last: int | None, days: int) -> None:
    """It covers the first days, and day 7 is next; without it a contact is due tomorrow."""
    picture, result = in_a_flare(last)
    found = next_follow_up(picture, replace(result.decision, next_review=AT + timedelta(days=1)))
    assert found is not None
    assert (found.mode, found.due) == ("telehealth", AT + timedelta(days=days))


def test_a_flare_without_a_next_decision_is_due_today() -> None:
    """No later day is known."""
    picture, result = in_a_flare(None)
    found = next_follow_up(picture, replace(result.decision, next_review=None))
    assert found is not None
    assert found.due == AT
