"""What the HTTP service gives, field by field, as marshmallow writes it and OpenAPI shows it."""

from __future__ import annotations

from marshmallow import Schema, fields


def _says(text: str) -> dict[str, str]:
    return {"description": text}


class SettledPlan(Schema):
    """What became of a decision on a plan."""

    plan = fields.Str(required=True)
    patient = fields.Str(required=True)
    ending = fields.Str(required=True, metadata=_says("done, already, refused or overtaken"))
    why = fields.List(fields.Str(), required=True)
    changes = fields.List(fields.Str(), required=True)
    receipt = fields.Dict(keys=fields.Str(), required=True, allow_none=True)


class Run(Schema):
    """One run: how it ended, how many patients, how many of them failed."""

    run = fields.Int(required=True)
    kind = fields.Str(required=True)
    started = fields.AwareDateTime(required=True)
    ended = fields.AwareDateTime(required=True, allow_none=True)
    state = fields.Str(required=True, metadata=_says("running, ended, stopped or cut-off"))
    patients = fields.Int(required=True, allow_none=True)
    failed = fields.Int(required=True, allow_none=True)
    rulebook = fields.Str(required=True, metadata=_says("The digest of the mapping files."))


class Entry(Schema):
    """One resource that was written."""

    type = fields.Str(required=True)
    id = fields.Str(required=True, allow_none=True)
    version = fields.Str(required=True, allow_none=True)


class Receipt(Schema):
    """One delivery. `key` is the keyed hash that stands for the patient in this ledger."""

    run = fields.Int(required=True)
    key = fields.Str(required=True)
    plan = fields.Str(required=True, allow_none=True, metadata=_says("The plan's version identifier."))
    outcome = fields.Str(required=True)
    at = fields.AwareDateTime(required=True)
    entries = fields.List(fields.Nested(Entry), required=True)


class Failure(Schema):
    """A patient who could not be done: the step, the reason (a code), and the run that did them after all."""

    number = fields.Int(required=True)
    run = fields.Int(required=True)
    key = fields.Str(required=True)
    step = fields.Str(required=True)
    reason = fields.Str(required=True)
    at = fields.AwareDateTime(required=True)
    settled = fields.Int(required=True, allow_none=True)


class RunWhole(Run):
    """A run with its deliveries and failures."""

    receipts = fields.List(fields.Nested(Receipt), required=True)
    failures = fields.List(fields.Nested(Failure), required=True)


class Runs(Schema):
    """Runs, the newest last."""

    runs = fields.List(fields.Nested(Run), required=True)


class Receipts(Schema):
    """Deliveries, the newest last."""

    receipts = fields.List(fields.Nested(Receipt), required=True)


class WorkRow(Schema):
    """One thing to do: why, for whom, about which plan."""

    work = fields.Str(required=True)
    patient = fields.Str(required=True)
    plan = fields.Str(required=True, allow_none=True)


class PatientFailure(Schema):
    """A patient who could not be looked at."""

    patient = fields.Str(required=True)
    step = fields.Str(required=True)
    reason = fields.Str(required=True)
    message = fields.Str(required=True)


class Worklist(Schema):
    """What needs a person now, the most urgent first. Nothing was written."""

    at = fields.AwareDateTime(required=True)
    patients = fields.Dict(keys=fields.Str(), values=fields.Int(), required=True)
    worklist = fields.List(fields.Nested(WorkRow), required=True)
    failures = fields.List(fields.Nested(PatientFailure), required=True)


class MappingProblem(Schema):
    """One mistake in the mapping files."""

    file = fields.Str(required=True)
    key = fields.Str(required=True)
    message = fields.Str(required=True)


class MappingProblems(Schema):
    """Everything that is wrong with the mapping files as they lie on the disk now."""

    problems = fields.List(fields.Nested(MappingProblem), required=True)


class Health(Schema):
    """Alive."""

    status = fields.Str(required=True)


class Readiness(Schema):
    """Each part and whether it can be used. `ehr` says whether one is set, not whether it answers."""

    status = fields.Str(required=True)
    ledger = fields.Str(required=True)
    ehr = fields.Str(required=True)
