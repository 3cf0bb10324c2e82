"""Problems of the HTTP service and their details."""

from __future__ import annotations

from titrate.messages.message import Message

# Titles: one for each problem code.


class HttpBrokenJson(
    Message,
    text="The body is not acceptable JSON: it must be UTF-8, with no duplicate name in an object, at most {levels} "
    "levels deep, and with at most {digits} digits in a number.",
):
    """The body cannot be parsed, or exceeds a limit of the JSON reader."""

    levels: int
    digits: int


class HttpUnusableRequest(Message, text="The request cannot be read."):
    """The request is not valid HTTP."""


class HttpTokenRequired(Message, text="A bearer token is required."):
    """The Authorization header has no bearer token."""


class HttpTokenUnknown(Message, text="The bearer token is unknown or no longer valid."):
    """The token is in no file, or its signature or claims are wrong."""


class HttpNotPermitted(Message, text="The token does not permit this operation."):
    """The client lacks a scope."""


class HttpLocalOnly(Message, text="Without authentication the service answers only programs on the same computer."):
    """The request comes from the network, and no client is configured."""


class HttpCrossSite(Message, text="The request comes from a page of another site and is rejected."):
    """The Origin header names another site."""


class HttpNotFound(Message, text="Nothing exists at this address."):
    """No operation has this path, or no item has this name."""


class HttpNoSuchResource(Message, text="The EHR does not have this resource."):
    """The EHR answered 404 or 410."""


class HttpMethodNotSupported(Message, text="This address does not support this method."):
    """The path exists, the method does not."""


class HttpBodyTimeout(Message, text="The body did not arrive in time."):
    """The client sends too slowly."""


class HttpPatientBusy(Message, text="Another run is processing this patient: try again in a minute."):
    """The patient's lease is taken."""


class HttpConflict(
    Message, text="The resources have changed in the EHR: read them again before you repeat the request."
):
    """The EHR answered 409 or 412."""


class HttpBodyTooLarge(Message, text="The body exceeds the size limit: send fewer resources."):
    """The body has more bytes than the settings allow."""


class HttpWrongMediaType(Message, text="Send the body as application/json or application/fhir+json."):
    """The Content-Type is not JSON."""


class HttpInvalidParameter(Message, text="A parameter or field is not valid: see the list of errors."):
    """A schema rejected the request."""


class HttpInvalidDose(
    Message,
    text="A dose is not valid: for an exercise of the plan, give the amount of one session, such as 14 or 3x8@40.",
):
    """The approval names a dose that cannot be read."""


class HttpNotABundle(Message, text="The body is not a FHIR Bundle with entries."):
    """The body is JSON, but not a Bundle."""


class HttpNoPatient(Message, text="The Bundle contains no Patient: exactly one is required."):
    """The Bundle has no Patient."""


class HttpSeveralPatients(Message, text="The Bundle contains several Patients: exactly one is required."):
    """The Bundle has more than one Patient."""


class HttpOtherPatients(Message, text="Most records of the Bundle belong to another patient than its Patient."):
    """The subjects do not refer to the Patient."""


class HttpNoEnrolment(
    Message, text="The request does not say which patients are enrolled, or what it says cannot be used."
):
    """Neither the request nor the settings say who is enrolled."""


class HttpTooManyPatients(Message, text="More patients are enrolled than one request can process: use `titrate sync`."):
    """The worklist would take too long."""


class HttpInvalidPlan(Message, text="The drafted plan is not valid FHIR. Nothing was sent. Report this error."):
    """The service's own check rejected the draft."""


class HttpInternalError(Message, text="An internal error occurred. Report it with the request id."):
    """An exception that no other problem describes."""


class HttpPlanRejected(Message, text="The EHR rejected the plan and wrote no part of it."):
    """The transaction was refused."""


class HttpPlanUnknown(
    Message, text="The response to the plan was lost: look for the plan in the EHR before you repeat the request."
):
    """Nothing says whether the transaction was carried out."""


class HttpEhrFailed(Message, text="The EHR did not return a usable response."):
    """The EHR failed, or its response is not FHIR."""


class HttpEhrUnauthorised(
    Message, text="The EHR does not accept the token of this service, or does not permit the operation."
):
    """The EHR answered 401 or 403."""


class HttpEhrUnreachable(Message, text="The EHR cannot be reached."):
    """No connection to the EHR."""


class HttpNoEhr(
    Message, text="No EHR is configured (TITRATE_FHIR_URL): the service can only preview plans for Bundles."
):
    """TITRATE_FHIR_URL is not set."""


class HttpLedgerUnusable(Message, text="The ledger cannot be used. Nothing was written."):
    """The operations database failed."""


class HttpOutOfTime(
    Message, text="The request took longer than permitted. If a plan was to be written, look for it in the EHR."
):
    """The deadline of the request has passed."""


# Details: what a title leaves open.


class HttpScopeRequired(Message, text="The scope {scope} is required."):
    """The scope that the client lacks."""

    scope: str


class HttpBodyLimit(Message, text="The limit is {limit} bytes."):
    """The size limit of a body."""

    limit: int


class HttpJsonPosition(Message, text="At line {line}, column {column}."):
    """Where the JSON breaks off."""

    line: int
    column: int


class HttpQuestionnaireNames(Message, text="The questionnaires are: {names}."):
    """The names that exist."""

    names: tuple[str, ...]


class HttpNoSuchRun(Message, text="The ledger has no run with this number."):
    """The run is not in this ledger."""


class HttpChooseOneEnrolment(Message, text="Give either `group` or `everyone`, not both."):
    """The request names two enrolments."""


class HttpEnrolmentRequired(Message, text="Give `group` or `everyone`, or set TITRATE_ENROLLED."):
    """The request names no enrolment."""


class HttpEnrolmentLimit(Message, text="{enrolled} patients are enrolled; the limit is {limit}."):
    """How many patients the worklist would process."""

    enrolled: int
    limit: int


class HttpNotOwnDecision(Message, text="`as` must name the clinician who signed in (fhirUser)."):
    """A clinician who signed in decides in their own name only."""


class HttpRequestId(Message, text="Request {request}."):
    """The request id, for the OperationOutcome."""

    request: str


class HttpFieldError(Message, text="{field}: {error}"):
    """One field of the request and what is wrong with it."""

    field: str
    error: str


# Validation of fields.


class HttpInvalidFhirId(Message, text="Not a FHIR id: 1 to 64 letters, digits, dots and hyphens."):
    """The value is not a FHIR id."""


class HttpInvalidPractitioner(Message, text="Give Practitioner/ID or PractitionerRole/ID."):
    """The value is not a reference to a practitioner."""


class HttpInvalidReason(Message, text="Give a reason of 1 to {limit} characters."):
    """The reason is empty, too long, or contains control characters."""

    limit: int


class HttpInstantOutOfRange(Message, text="The time must be between the years {earliest} and {latest}."):
    """The years between which a decision can be made."""

    earliest: int
    latest: int


class HttpInvalidReceiptKey(Message, text="Not a patient key: copy it from a receipt."):
    """The value is not a key of the ledger."""


class HttpInvalidField(Message, text="Not a valid value."):
    """A field whose error has no sentence of its own."""
