"""The worklist: what needs a person now, out of the EHR itself. A run that writes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import g

from titrate.app.population.cancellation import Cancellation
from titrate.app.population.enrolment import EnrolmentChoice, NoEnrolledPatients, enrolled_patients, enrolment_choice
from titrate.app.population.run_population import RunSettings, run_population
from titrate.app.population.run_report import run_report_json
from titrate.ehr.client import connect
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.web.app_context import app_context, ehr
from titrate.web.blueprint import Blueprint
from titrate.web.errors import Problem
from titrate.web.schemas import Worklist, WorklistQuery

worklist = Blueprint("worklist", __name__, url_prefix="/v1", description="What needs a person")
MOST_PATIENTS = 500


@worklist.at("/worklist")
@worklist.takes(WorklistQuery)
@worklist.gives(Worklist, "What needs a person, the most urgent first.")
@worklist.named("worklist")
@worklist.can_fail(
    "nobody-enrolled", "too-many", "no-ehr", "ehr-failed", "ehr-unauthorised", "ehr-unreachable", "no-such-patient",
    "out-of-time", "wrong-parameter",
)  # fmt: skip
def rows(asked: dict[str, Any]) -> dict[str, Any]:
    """Who waits for a clinician: drafts, red flags, edits, rejections. Everyone is looked at anew."""
    at = asked["at"] or app_context().clock()
    patients = _patients(_choice(asked), at)
    with _until_the_end(Cancellation()) as switch:
        tally = run_population(patients, _setup(at, switch))
    if tally.not_begun:
        raise Problem("ehr-unreachable" if tally.stopped == "unreachable" else "out-of-time")
    found = run_report_json(tally, app_context().rules.rulebook)
    return {**{name: found[name] for name in ("patients", "worklist", "failures")}, "at": at}


def _choice(asked: dict[str, Any]) -> EnrolmentChoice:
    if asked["group"] is not None and asked["everyone"]:
        raise Problem("nobody-enrolled", "Give one of group and everyone.")
    if asked["group"] is not None or asked["everyone"]:
        return EnrolmentChoice(group=asked["group"], everyone=asked["everyone"])
    if app_context().settings.enrolled is None:
        raise Problem("nobody-enrolled", "Give group or everyone, or set TITRATE_ENROLLED.")
    return enrolment_choice(str(app_context().settings.enrolled))


def _patients(choice: EnrolmentChoice, at: datetime) -> tuple[str, ...]:
    try:
        patients = enrolled_patients(ehr(), choice, at)
    except NoEnrolledPatients:
        raise Problem("nobody-enrolled") from None
    if len(patients) > MOST_PATIENTS:
        raise Problem("too-many", f"{len(patients)} are enrolled, {MOST_PATIENTS} are the most.")
    return patients


def _setup(at: datetime, switch: Cancellation) -> RunSettings:
    settings, journal = app_context().settings, EventLog(app_context().journal.write)
    seconds = min(settings.read_timeout, g.deadline.left)
    manners = replace(client_policy(settings), sleep=switch.wait, read_timeout=seconds)
    return RunSettings(
        rules=app_context().rules,
        at=at,
        connect=partial(connect, settings, journal, manners),
        ledger=None,
        clock=app_context().clock,
        journal=journal,
        stop=switch,
        threads=settings.threads,
        kind="api",
    )


@contextmanager
def _until_the_end(switch: Cancellation) -> Iterator[Cancellation]:
    """A run that stops when the request's time is over; what is in hand is finished."""
    timer = threading.Timer(g.deadline.left, switch.ask, ("time",))
    timer.daemon = True
    timer.start()
    try:
        yield switch
    finally:
        timer.cancel()
