"""A case as the rules see it, before any rule is asked."""

from __future__ import annotations

from service.clinical.plan import ExerciseState
from service.clinical.readings import Refusal
from service.clinical.record import Record, gather
from service.clinical.situation import Situation, situation_of
from service.mappings import load
from tests.clinical.thresholds.probe import WALK, Case, ago
from tests.courses.build import state

BOOK = load()


def record_of(case: Case, *refusals: Refusal) -> Record:
    """What was heard of a case, in order."""
    heard, plan, at = case.course()
    return gather(type(heard)(heard.person, heard.readings, refusals, heard.resources), plan, BOOK, at)


def situation(case: Case) -> Situation:
    """The situation of a case."""
    return situation_of(record_of(case))


def walking(**other: object) -> ExerciseState:
    """20 minutes of walking three times a week, since two weeks."""
    return state("walking", WALK, 3, ago(14), **other)
