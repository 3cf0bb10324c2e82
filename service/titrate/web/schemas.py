"""Requests and responses of the HTTP service, as marshmallow validates them and OpenAPI documents them."""

from __future__ import annotations

import re

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from titrate.fhir.plan_decisions.clinician_decision import CHOICES
from titrate.messages import Message, http_errors
from titrate.settings.values import EARLIEST, ID_PATTERN, LATEST

MAX_REASON = 1000


class FullMatch(Regexp):
    """The whole text matches the pattern. `Regexp` alone accepts a line break after `$`."""

    def __init__(self, pattern: str, error: Message) -> None:
        super().__init__(pattern, error=str(error))
        self.pattern = pattern
        self.message = str(error)

    def __call__(self, value: str) -> str:  # type: ignore[override] # of a text, not of bytes
        """The text if it matches. Raises ValidationError."""
        if re.fullmatch(self.pattern, value) is None:
            raise ValidationError(self.message)
        return value


FHIR_ID = FullMatch(f"^{ID_PATTERN}$", http_errors.HttpInvalidFhirId())
PRACTITIONER = FullMatch(f"^(Practitioner|PractitionerRole)/{ID_PATTERN}$", http_errors.HttpInvalidPractitioner())
REASON = FullMatch(
    rf"^(?=.*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]{{1,{MAX_REASON}}}$",
    http_errors.HttpInvalidReason(limit=MAX_REASON),
)
RECEIPT_KEY = FullMatch("^[0-9a-f]{24}$", http_errors.HttpInvalidReceiptKey())
INSTANT_RANGE = Range(
    EARLIEST, LATEST, error=str(http_errors.HttpInstantOutOfRange(earliest=EARLIEST.year, latest=LATEST.year))
)


def _described(text: str) -> dict[str, str]:
    return {"description": text}


def _instant() -> fields.AwareDateTime:
    return fields.AwareDateTime(
        format="iso",
        load_default=None,
        validate=INSTANT_RANGE,
        metadata=_described("The instant of the decision, with offset, as in 2025-01-13T09:00:00Z. Default: now."),
    )


# Requests


class AtQuerySchema(Schema):
    """The instant of a decision."""

    at = _instant()


class PlanRequestSchema(Schema):
    """The patient, the instant, and whether the draft is written to the EHR."""

    patient = fields.Str(required=True, validate=FHIR_ID, metadata=_described("The Patient's id in the EHR."))
    at = _instant()
    write = fields.Bool(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata=_described("Deliver the draft. Needs the scope `write`."),
    )


class DecisionRequestSchema(Schema):
    """A decision on a plan, and the clinician who makes it."""

    plan = fields.Str(required=True, validate=FHIR_ID, metadata=_described("The CarePlan's id in the EHR."))
    practitioner = fields.Str(
        required=True,
        data_key="as",
        validate=PRACTITIONER,
        metadata=_described("Practitioner/ID or PractitionerRole/ID of the EHR."),
    )
    at = _instant()


class ApprovalRequestSchema(DecisionRequestSchema):
    """Approve a draft, with its doses or with others."""

    doses = fields.Dict(
        keys=fields.Str(validate=Length(1, 64)),
        values=fields.Str(validate=Length(1, 40)),
        load_default=dict,
        metadata=_described(
            'Other amounts for one session, by exercise, as in {"walking": "14", "leg-press": "3x8@40"}.'
        ),
    )
    reason = fields.Str(
        load_default=None,
        validate=REASON,
        metadata=_described("The reason. Required for doses above the draft's, and where a flag is open."),
    )


class RejectionRequestSchema(DecisionRequestSchema):
    """Reject a draft."""

    reason = fields.Str(required=True, validate=REASON, metadata=_described("The reason, which the EHR keeps."))


class PhaseRequestSchema(RejectionRequestSchema):
    """Set the phase of the current plan."""

    phase = fields.Str(required=True, validate=OneOf([phase.value for phase in CHOICES]))


class RunsQuerySchema(Schema):
    """The number of runs."""

    last = fields.Int(
        load_default=20, validate=Range(1, 1000), metadata=_described("Number of most recent runs to return.")
    )


class ReceiptsQuerySchema(Schema):
    """The receipts of a run or of a patient."""

    run = fields.Int(load_default=None, validate=Range(1, 2**31 - 1), metadata=_described("Only receipts of this run."))
    key = fields.Str(
        load_default=None,
        validate=RECEIPT_KEY,
        metadata=_described("Only receipts of one patient, by the patient's key in the ledger."),
    )
    last = fields.Int(
        load_default=200, validate=Range(1, 10_000), metadata=_described("Number of most recent receipts to return.")
    )


class WorklistQuerySchema(Schema):
    """The patients; by default those of the setting TITRATE_ENROLLED."""

    group = fields.Str(
        load_default=None, validate=FHIR_ID, metadata=_described("The members of this Group of the EHR.")
    )
    everyone = fields.Bool(load_default=False, metadata=_described("Every Patient of the EHR."))
    at = _instant()


# Responses


class DecisionResultSchema(Schema):
    """The result of a decision on a plan."""

    plan = fields.Str(required=True)
    patient = fields.Str(required=True)
    ending = fields.Str(required=True, metadata=_described("done, already, refused or overtaken"))
    why = fields.List(fields.Str(), required=True)
    changes = fields.List(fields.Str(), required=True)
    receipt = fields.Dict(keys=fields.Str(), required=True, allow_none=True)


class RunSchema(Schema):
    """One run: its state, how many patients it processed, and how many of them failed."""

    run = fields.Int(required=True)
    kind = fields.Str(required=True)
    started = fields.AwareDateTime(required=True)
    ended = fields.AwareDateTime(required=True, allow_none=True)
    state = fields.Str(required=True, metadata=_described("running, ended, stopped or cut-off"))
    patients = fields.Int(required=True, allow_none=True)
    failed = fields.Int(required=True, allow_none=True)
    rulebook = fields.Str(required=True, metadata=_described("The digest of the mapping files."))


class ReceiptEntrySchema(Schema):
    """One resource that was written."""

    type = fields.Str(required=True)
    id = fields.Str(required=True, allow_none=True)
    version = fields.Str(required=True, allow_none=True)


class ReceiptSchema(Schema):
    """One delivery. `key` is the keyed hash of the patient in this ledger."""

    run = fields.Int(required=True)
    key = fields.Str(required=True)
    plan = fields.Str(required=True, allow_none=True, metadata=_described("The plan's version identifier."))
    outcome = fields.Str(required=True)
    at = fields.AwareDateTime(required=True)
    entries = fields.List(fields.Nested(ReceiptEntrySchema), required=True)


class FailureSchema(Schema):
    """A patient who could not be processed: the step, the reason (a code), and the run that succeeded later."""

    number = fields.Int(required=True)
    run = fields.Int(required=True)
    key = fields.Str(required=True)
    step = fields.Str(required=True)
    reason = fields.Str(required=True)
    at = fields.AwareDateTime(required=True)
    settled = fields.Int(required=True, allow_none=True)


class RunDetailsSchema(RunSchema):
    """A run with its deliveries and failures."""

    receipts = fields.List(fields.Nested(ReceiptSchema), required=True)
    failures = fields.List(fields.Nested(FailureSchema), required=True)


class RunsSchema(Schema):
    """Runs, oldest first."""

    runs = fields.List(fields.Nested(RunSchema), required=True)


class ReceiptsSchema(Schema):
    """Deliveries, oldest first."""

    receipts = fields.List(fields.Nested(ReceiptSchema), required=True)


class WorklistItemSchema(Schema):
    """One thing that a clinician has to do: the kind of work, the patient, the plan, and the resource with a text."""

    work = fields.Str(required=True)
    patient = fields.Str(required=True)
    plan = fields.Str(required=True, allow_none=True)
    source = fields.Str(required=True, allow_none=True)


class PatientFailureSchema(Schema):
    """A patient who could not be assessed."""

    patient = fields.Str(required=True)
    step = fields.Str(required=True)
    reason = fields.Str(required=True)
    message = fields.Str(required=True)


class WorklistSchema(Schema):
    """What needs a clinician now, most urgent first. Nothing was written."""

    at = fields.AwareDateTime(required=True)
    patients = fields.Dict(keys=fields.Str(), values=fields.Int(), required=True)
    worklist = fields.List(fields.Nested(WorklistItemSchema), required=True)
    failures = fields.List(fields.Nested(PatientFailureSchema), required=True)


class MappingProblemSchema(Schema):
    """One mistake in the mapping files."""

    file = fields.Str(required=True)
    key = fields.Str(required=True)
    message = fields.Str(required=True)


class MappingProblemsSchema(Schema):
    """Every mistake in the mapping files as they are on disk now."""

    problems = fields.List(fields.Nested(MappingProblemSchema), required=True)


class HealthSchema(Schema):
    """The process is alive."""

    status = fields.Str(required=True)


class ReadinessSchema(Schema):
    """Each part and whether it can be used. `ehr` says whether one is configured, not whether it responds."""

    status = fields.Str(required=True)
    ledger = fields.Str(required=True)
    ehr = fields.Str(required=True)
