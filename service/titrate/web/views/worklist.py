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

from titrate.app.population.cancellation import Stop
from titrate.app.population.enrolment import Choice, NobodyEnrolled, choice_of, enrolled
from titrate.app.population.run_population import Setup, run
from titrate.app.population.run_report import tally_json
from titrate.ehr.client import connect
from titrate.ehr.client_policy import manners_of
from titrate.event_log import Journal
from titrate.web.app_context import desk, ehr
from titrate.web.errors import Problem
from titrate.web.request_schemas import WorklistQuery
from titrate.web.response_schemas import Worklist
from titrate.web.routing import Blueprint

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
    at = asked["at"] or desk().clock()
    patients = _patients(_choice(asked), at)
    with _until_the_end(Stop()) as switch:
        tally = run(patients, _setup(at, switch))
    if tally.not_begun:
        raise Problem("ehr-unreachable" if tally.stopped == "unreachable" else "out-of-time")
    found = tally_json(tally, desk().rules.rulebook)
    return {**{name: found[name] for name in ("patients", "worklist", "failures")}, "at": at}


def _choice(asked: dict[str, Any]) -> Choice:
    if asked["group"] is not None and asked["everyone"]:
        raise Problem("nobody-enrolled", "Give one of group and everyone.")
    if asked["group"] is not None or asked["everyone"]:
        return Choice(group=asked["group"], everyone=asked["everyone"])
    if desk().settings.enrolled is None:
        raise Problem("nobody-enrolled", "Give group or everyone, or set TITRATE_ENROLLED.")
    return choice_of(str(desk().settings.enrolled))


def _patients(choice: Choice, at: datetime) -> tuple[str, ...]:
    try:
        patients = enrolled(ehr(), choice, at)
    except NobodyEnrolled:
        raise Problem("nobody-enrolled") from None
    if len(patients) > MOST_PATIENTS:
        raise Problem("too-many", f"{len(patients)} are enrolled, {MOST_PATIENTS} are the most.")
    return patients


def _setup(at: datetime, switch: Stop) -> Setup:
    settings, journal = desk().settings, Journal(desk().journal.write)
    seconds = min(settings.read_timeout, g.deadline.left)
    manners = replace(manners_of(settings), sleep=switch.wait, read_timeout=seconds)
    return Setup(
        rules=desk().rules,
        at=at,
        connect=partial(connect, settings, journal, manners),
        ledger=None,
        clock=desk().clock,
        journal=journal,
        stop=switch,
        threads=settings.threads,
        kind="api",
    )


@contextmanager
def _until_the_end(switch: Stop) -> Iterator[Stop]:
    """A run that stops when the request's time is over; what is in hand is finished."""
    timer = threading.Timer(g.deadline.left, switch.ask, ("time",))
    timer.daemon = True
    timer.start()
    try:
        yield switch
    finally:
        timer.cancel()
