"""Words of alarm in attachments and in a Binary, and attachments without any."""

from __future__ import annotations

from base64 import b64encode

from tests.faults.expectations import RISES, Case, Expected, flag
from tests.faults.records import EHR, FORMS_URL, SUBJECT, TODAY, Change, Json, add, added, response

UNANSWERED = Expected(rule="D7")
CHEST, HARM = "I get chest pain on the way to the bus stop", "I want to kill myself"
DAILY, UNKNOWN_FORM = f"{FORMS_URL}/daily-check-in", "https://portal.example/forms/7"
BINARY = "Binary/b-1"


def attachment(text: str, kind: str = "text/plain", charset: str = "utf-8") -> Json:
    """An Attachment with its content."""
    return {"contentType": kind, "data": b64encode(text.encode(charset)).decode()}


def message(held: Json) -> Change:
    """A message of the patient with an attachment."""
    sent = {"status": "completed", "sent": TODAY, "payload": [{"contentAttachment": held}]}
    return added({"resourceType": "Communication", "id": "message-1", "subject": dict(SUBJECT), **sent})


def document(held: Json) -> Change:
    """A document of today."""
    written = {"status": "current", "date": TODAY, "content": [{"attachment": held}]}
    return added({"resourceType": "DocumentReference", "id": "document-1", "subject": dict(SUBJECT), **written})


def in_form(held: Json, form: str = UNKNOWN_FORM) -> Change:
    """An attachment as the answer in a form."""
    return added(response([{"linkId": "q9", "answer": [{"valueAttachment": held}]}], form))


def binary(text: str) -> Change:
    """A Binary that belongs to the patient."""
    held = {"resourceType": "Binary", "id": "b-1", "securityContext": dict(SUBJECT), **attachment(text)}
    return lambda bundle: bundle["entry"].append({"fullUrl": f"{EHR}/{BINARY}", "resource": held})


def document_in_binary(bundle: Json) -> None:
    """A document whose content is a Binary of the record."""
    document({"contentType": "text/plain", "url": BINARY})(bundle)
    add(bundle, {"resourceType": "Binary", "id": "b-1", **attachment(CHEST)})


REPORT: Json = {
    "resourceType": "DiagnosticReport",
    "id": "report-1",
    "status": "final",
    "subject": dict(SUBJECT),
    "code": {"text": "Letter"},
    "effectiveDateTime": TODAY,
    "presentedForm": [attachment(HARM)],
}
IN_LATIN = attachment("Ich möchte nicht mehr leben", "text/plain; charset=iso-8859-1", "iso-8859-1")

FILE_CASES = (
    Case("chest pain in the attachment of a message", UNANSWERED, message(attachment(CHEST))),
    Case("self-harm in the attachment of a message", flag("rf19"), message(attachment(HARM))),
    Case("self-harm in an attachment with a character set", flag("rf19"), message(IN_LATIN)),
    Case("chest pain in a document", UNANSWERED, document(attachment(CHEST))),
    Case("self-harm in a document", flag("rf19"), document(attachment(HARM))),
    Case("self-harm in a document as HTML", flag("rf19"), document(attachment(f"<p>{HARM}</p>", "text/html"))),
    Case("chest pain in an attachment of a form", UNANSWERED, in_form(attachment(CHEST))),
    Case("self-harm in an attachment of a form", flag("rf19"), in_form(attachment(HARM))),
    Case("self-harm in an attachment of our daily form", flag("rf19"), in_form(attachment(HARM), DAILY)),
    Case("self-harm in a Binary of text", flag("rf19"), binary(HARM)),
    Case("chest pain in a Binary of text", UNANSWERED, binary(CHEST)),
    Case("chest pain in a document whose text is a Binary", UNANSWERED, document_in_binary),
    Case("self-harm in a report's presented form", flag("rf19"), added(REPORT)),
    Case("harmless words in an attachment", RISES, message(attachment("Walked well, no chest pain"))),
    Case("picture in an attachment", RISES, message({"contentType": "image/png", "data": "iVBORw0KGgo="})),
    Case("self-harm in a picture", RISES, message(attachment(HARM, "image/png"))),
    Case("document that cannot be decoded", RISES, document({"contentType": "text/plain", "data": "%%%"})),
)
ON_THE_EHR = {
    "chest pain in the attachment of a message",
    "self-harm in an attachment of a form",
    "harmless words in an attachment",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
