"""Requests and responses of the HTTP service, field by field, as marshmallow checks them and OpenAPI shows them."""

from __future__ import annotations

import re

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from titrate.fhir.transitions.set_phase import CHOICES
from titrate.settings.validators import EARLIEST, ID_PATTERN, LATEST


class StrictSchema(Regexp):
    """The whole text fits the pattern. `$` alone would let a line break at the end through."""

    def __init__(self, pattern: str, error: str) -> None:
        super().__init__(pattern, error=error)
        self.pattern = pattern
        self.says = error

    def __call__(self, value: str) -> str:  # type: ignore[override] # of a text, not of bytes
        """The text, if it fits."""
        if re.fullmatch(self.pattern, value) is None:
            raise ValidationError(self.says)
        return value


FHIR_ID = StrictSchema(f"^{ID_PATTERN}$", error="Is no FHIR id: 1 to 64 letters, digits, dots and dashes.")
PERSON = StrictSchema(
    f"^(Practitioner|PractitionerRole)/{ID_PATTERN}$", error="Write Practitioner/ID or PractitionerRole/ID."
)
REASON = StrictSchema(
    r"^(?=.*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]{1,1000}$", error="Must say why, in 1 to 1000 characters."
)


def _says(text: str) -> dict[str, str]:
    return {"description": text}


def _at() -> fields.AwareDateTime:
    return fields.AwareDateTime(
        format="iso",
        load_default=None,
        validate=Range(EARLIEST, LATEST, error="Must lie between 2000 and 2100."),
        metadata=_says("The moment of the decision, with offset, as in 2025-01-13T09:00:00Z. Default: now."),
    )


class AtQuery(Schema):
    """When."""

    at = _at()


class PlanRequest(Schema):
    """Whom, when, and whether the draft is to be written into the EHR."""

    patient = fields.Str(required=True, validate=FHIR_ID, metadata=_says("The Patient's id in the EHR."))
    at = _at()
    write = fields.Bool(
        load_default=False, truthy={True}, falsy={False}, metadata=_says("Deliver the draft. Needs the scope `write`.")
    )


class Decision(Schema):
    """A decision on a plan: which, and in whose name."""

    plan = fields.Str(required=True, validate=FHIR_ID, metadata=_says("The CarePlan's id in the EHR."))
    who = fields.Str(
        required=True,
        data_key="as",
        validate=PERSON,
        metadata=_says("Practitioner/ID or PractitionerRole/ID of the EHR."),
    )
    at = _at()


class ApprovalRequest(Decision):
    """Approve a draft, also with other doses than the draft's."""

    doses = fields.Dict(
        keys=fields.Str(validate=Length(1, 64)),
        values=fields.Str(validate=Length(1, 40)),
        load_default=dict,
        metadata=_says('Other amounts of a session, by exercise, as in {"walking": "14", "leg-press": "3x8@40"}.'),
    )
    reason = fields.Str(
        load_default=None,
        validate=REASON,
        metadata=_says("Why. Needed for more than the draft says, and where a flag is open."),
    )


class RejectionRequest(Decision):
    """Reject a draft."""

    reason = fields.Str(required=True, validate=REASON, metadata=_says("Why. It is kept in the EHR."))


class PhaseRequest(RejectionRequest):
    """Set the phase of the plan in force."""

    phase = fields.Str(required=True, validate=OneOf([phase.value for phase in CHOICES]))


class RunsQuery(Schema):
    """How many runs."""

    last = fields.Int(load_default=20, validate=Range(1, 1000), metadata=_says("The newest so many runs."))


class ReceiptsQuery(Schema):
    """Which receipts."""

    run = fields.Int(load_default=None, validate=Range(1, 2**31 - 1), metadata=_says("Those of one run."))
    key = fields.Str(
        load_default=None,
        validate=StrictSchema("^[0-9a-f]{24}$", error="Is no key: copy it from a receipt."),
        metadata=_says("Those of one patient, by the key that stands in the ledger for them."),
    )
    last = fields.Int(load_default=200, validate=Range(1, 10_000), metadata=_says("The newest so many receipts."))


class WorklistQuery(Schema):
    """For whom; by default the site's setting TITRATE_ENROLLED."""

    group = fields.Str(load_default=None, validate=FHIR_ID, metadata=_says("The members of this Group of the EHR."))
    everyone = fields.Bool(load_default=False, metadata=_says("Every Patient of the EHR."))
    at = _at()


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
