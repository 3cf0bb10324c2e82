"""What the HTTP service takes, field by field, as marshmallow checks it and OpenAPI shows it."""

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
