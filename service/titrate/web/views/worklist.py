"""The worklist: what needs a clinician now, from the EHR itself. A run over the population that writes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import g

from titrate.app.population.enrolment import EnrolledPatients, EnrolmentChoice, enrolled_patients, enrolment_choice
from titrate.app.population.run_context import Cancellation, RunContext, StopReason
from titrate.app.population.run_population import run_population
from titrate.app.population.run_report import run_report_json
from titrate.ehr.client import connect
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.messages import http_errors
from titrate.web.app_context import app_context, ehr
from titrate.web.errors import Problem, ProblemType
from titrate.web.openapi import Blueprint
from titrate.web.schemas import WorklistQuerySchema, WorklistSchema
from titrate.web.views.plans import EHR_PROBLEMS

worklist = Blueprint("worklist", __name__, url_prefix="/v1", description="What needs a clinician")
MAX_PATIENTS = 500


@worklist.route("/worklist")
@worklist.arguments(WorklistQuerySchema, location="query")
@worklist.response(200, WorklistSchema, description="What needs a clinician, most urgent first.")
@worklist.doc(operationId="worklist")
@worklist.problems(*EHR_PROBLEMS, ProblemType.NO_ENROLMENT, ProblemType.TOO_MANY, ProblemType.WRONG_PARAMETER)
def rows(query: dict[str, Any]) -> dict[str, Any]:
    """Which patients wait for a clinician: drafts, red flags, edits, rejections. Every patient is assessed anew."""
    at = query["at"] or app_context().clock()
    patients = _patients(_enrolment(query), at)
    with _cancelled_at_deadline(Cancellation()) as cancellation:
        report = run_population(patients.ids, _run_context(at, cancellation))
    if report.not_started:
        unreachable = report.stopped is StopReason.UNREACHABLE
        raise Problem(ProblemType.EHR_UNREACHABLE if unreachable else ProblemType.OUT_OF_TIME)
    content = run_report_json(replace(report, left_out=patients.left_out), app_context().rules.rulebook)
    return {**{name: content[name] for name in ("patients", "worklist", "failures")}, "at": at}


def _enrolment(query: dict[str, Any]) -> EnrolmentChoice:
    group, everyone, setting = query["group"], query["everyone"], app_context().settings.enrolled
    if group is not None and everyone:
        raise Problem(ProblemType.NO_ENROLMENT, http_errors.HttpChooseOneEnrolment())
    if group is not None or everyone:
        return EnrolmentChoice(group=group, everyone=everyone)
    if setting is None:
        raise Problem(ProblemType.NO_ENROLMENT, http_errors.HttpEnrolmentRequired())
    return enrolment_choice(setting)


def _patients(choice: EnrolmentChoice, at: datetime) -> EnrolledPatients:
    patients = enrolled_patients(ehr(), choice, at)
    if len(patients.ids) > MAX_PATIENTS:
        detail = http_errors.HttpEnrolmentLimit(enrolled=len(patients.ids), limit=MAX_PATIENTS)
        raise Problem(ProblemType.TOO_MANY, detail)
    return patients


def _run_context(at: datetime, cancellation: Cancellation) -> RunContext:
    context = app_context()
    event_log = EventLog(context.event_log.write)
    seconds = min(context.settings.read_timeout, g.deadline.seconds_left)
    policy = replace(client_policy(context.settings), sleep=cancellation.wait, read_timeout=seconds)
    return RunContext(
        rules=context.rules,
        at=at,
        connect=partial(connect, context.settings, event_log, policy),
        ledger=None,
        clock=context.clock,
        event_log=event_log,
        cancellation=cancellation,
        threads=context.settings.threads,
        kind="api",
    )


@contextmanager
def _cancelled_at_deadline(cancellation: Cancellation) -> Iterator[Cancellation]:
    """Cancel the run at the deadline of the request; patients in progress are completed."""
    timer = threading.Timer(g.deadline.seconds_left, cancellation.request, (StopReason.TIME,))
    timer.daemon = True
    timer.start()
    try:
        yield cancellation
    finally:
        timer.cancel()
