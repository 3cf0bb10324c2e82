"""Where texts with words of alarm are found, and which texts state nothing about the patient (B13.5)."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    AT,
    LOCAL,
    MORNING,
    PRACTITIONER,
    SITE,
    SUBJECT,
    component,
    concept,
    form,
    item,
    observation,
    pain,
    read_all,
    walking,
)
from titrate.clinical.values.readings import Comment, FreeText
from titrate.json_codec import loads

Resource = dict[str, Any]
CHEST = "chest pain since yesterday"
RECENT = "2025-01-12T10:00:00+00:00"
NOTE = [{"text": CHEST}]
WRITTEN = b64encode(CHEST.encode()).decode()
ATTACHED = {"contentType": "text/plain", "data": WRITTEN}
PICTURE = {"contentType": "image/png", "data": WRITTEN}
NARRATIVE = {
    "status": "additional",
    "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>chest&nbsp;<b>pain</b></p></div>',
}
SNOMED = "http://snomed.info/sct"
IN_ERROR = {"coding": [{"code": "entered-in-error"}]}
OTHER = {"reference": "Patient/other"}
DEVICE = {"reference": "Device/d"}


def condition(**more: Any) -> Resource:
    """A coded diagnosis of a week ago."""
    coded = {"coding": [{"system": "http://snomed.info/sct", "code": "278860009", "display": "Chronic low back pain"}]}
    made = {"resourceType": "Condition", "id": "c", "code": coded, "subject": SUBJECT, "recordedDate": "2025-01-06"}
    return {key: value for key, value in (made | more).items() if value is not None}


def resource(kind: str, **more: Any) -> Resource:
    """A resource of another type about the patient."""
    return {"resourceType": kind, "id": "r", "subject": SUBJECT, **more}


def report(contained: Resource) -> Resource:
    """A report with a contained record, of an Observation if nothing else is said."""
    return resource("DiagnosticReport", contained=[{"resourceType": "Observation", **contained}])


def unmapped(**more: Any) -> Resource:
    """An Observation whose code no mapping knows."""
    return observation("x-1", "urn:other", **more)


def named(code: Resource, **more: Any) -> Resource:
    """An Observation with this concept as its code."""
    return observation("x", **more) | {"code": code}


def coded(text: str, **more: Any) -> Resource:
    """An Observation with the text alone as its code."""
    return named({"text": text}, **more)


def found(*resources: Resource, at: datetime = AT) -> list[str]:
    """The texts with words of alarm that are not comments."""
    return [one.text for one in read_all(*resources, at=at).readings if isinstance(one, FreeText)]


def texts(*resources: Resource) -> list[str]:
    """The texts with words of alarm, comments among them."""
    return [one.text for one in read_all(*resources).readings if isinstance(one, FreeText | Comment)]


PLACES = [
    form("daily-check-in", item("anything-else", {"valueString": CHEST})),
    form("unknown-form", item("x", {"valueString": CHEST})),
    form("safety-screen-short", item("remark", {"valueString": CHEST})),
    form("session-check-in", item("x", {"valueString": CHEST})),
    form("daily-check-in", item("a", {"valueInteger": 3, "item": [item("b", {"valueString": CHEST})]})),
    form("daily-check-in", item("x", {"valueCoding": {"system": "urn:x", "code": "1", "display": CHEST}})),
    form("daily-check-in", item("comment", {"valueString": CHEST}), status="in-progress"),
    form("daily-check-in", item("comment", {"valueString": CHEST}), authored=None),
    form("daily-check-in", item("comment", {"valueString": CHEST}), status="unheard-of"),
    pain(valueInteger=99, note=NOTE), pain(effectiveDateTime=None, note=NOTE),
    pain(status="unheard-of", note=NOTE), pain(subject=None, note=NOTE), pain(note=CHEST),
    pain(effectiveDateTime=None, issued="2030-01-01T00:00:00Z", note=NOTE),
    unmapped(valueString=CHEST), unmapped(component=[component("y", "urn:other", valueString=CHEST)]),
    walking(component("stop-reason", valueCodeableConcept={**concept("other"), "text": CHEST})),
    walking(component("z", "urn:other", valueCodeableConcept={"text": CHEST})),
    coded(CHEST), coded(CHEST, valueBoolean=True), coded(CHEST, valueString="severe"), coded(CHEST, valueInteger=7),
    pain(extension=[{"url": "urn:x", "valueString": CHEST}]),
    condition(note=NOTE), condition(code={"text": CHEST}), condition(evidence=[{"code": [{"text": CHEST}]}]),
    condition(text=NARRATIVE), condition(onsetString=CHEST),
    resource("Communication", status="completed", payload=[{"contentString": CHEST}]),
    resource("Communication", sent=RECENT, status="completed", payload=[{"contentString": CHEST}], sender=PRACTITIONER),
    resource("Procedure", status="completed", code=concept("1", "urn:x"), note=NOTE),
    resource("Goal", lifecycleStatus="proposed", description={"text": CHEST}), resource("Flag", code={"text": CHEST}),
    resource("Task", description=CHEST), resource("Encounter", reasonCode=[{"text": CHEST}]),
    resource("MedicationStatement", note=NOTE), resource("ServiceRequest", reasonCode=[{"text": CHEST}]),
    resource("CarePlan", note=NOTE), resource("CarePlan", activity=[{"progress": [{"text": CHEST}]}]),
    resource("DiagnosticReport", conclusion=CHEST),
    resource("Communication", status="completed", payload=[{"contentAttachment": ATTACHED}]),
    resource("DocumentReference", status="current", content=[{"attachment": ATTACHED}]),
    resource("DiagnosticReport", presentedForm=[ATTACHED]), {"resourceType": "Binary", "id": "b", **ATTACHED},
    {"resourceType": "Binary", "id": "b", "securityContext": SUBJECT, **ATTACHED},
    form("daily-check-in", item("x", {"valueAttachment": ATTACHED})),
    form("x", item("q", {"valueInteger": 1}, extension=[{"url": "urn:x", "valueString": CHEST}])),
    form("x", item("q", extension=[{"url": "urn:x", "extension": [{"url": "y", "valueMarkdown": CHEST}]}])),
    form("x", item("q", {"valueReference": {"reference": "Condition/c", "display": CHEST}})),
    form("x", item("q", {"valueReference": {"display": CHEST}})),
    report({"id": "o", "note": NOTE}),
    report({"resourceType": "Condition", "id": "o", "note": NOTE}),
]  # fmt: skip


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one["resourceType"])
def test_a_text_is_found_wherever_it_is(one: Resource) -> None:
    """Also of refused, unmapped, preliminary and unreadable records, and in elements that nothing else reads."""
    (text,) = texts(one)
    assert text in (CHEST, "chest\u00a0 pain")


def shown(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept whose coding has a display."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


BREATHLESS = shown(LOCAL, "breathless", "Short of breath")
TRANSLATED = [{"url": "urn:t", "valueString": "chest pain"}]
QUESTION = "Do you have chest pain or pressure?"
WITHOUT = [
    form("safety-screen-short", item("rf09", {"valueBoolean": False}, text=QUESTION)),
    form("x", item("q", text="chest pain")),
    form("x", item("q", {"valueBoolean": True}, text="chest pain", extension=TRANSLATED)),
    form("x", item("q", {"valueString": "no chest pain"}, text=QUESTION)),
    form("x", item("q", {"valueString": "fine"}, _text={"extension": TRANSLATED})),
    form("x", item("q", {"valueBoolean": True}, extension=[{"url": "urn:x/translation", "extension": TRANSLATED}])),
    form("x", item("q", {"valueInteger": 1}, extension=[{"url": "urn:x", "valueCoding": {"display": "chest pain"}}])),
    form("x", item("q", {"valueReference": {"reference": "Organization/o", "display": "Chest pain clinic"}})),
    form("x", item("q", {"valueAttachment": PICTURE})),
    resource("DocumentReference", content=[{"attachment": {"contentType": "application/pdf", "data": WRITTEN}}]),
    form("x", contained=[{"resourceType": "Questionnaire", "id": "q", "item": [item("a", text="chest pain")]}]),
    named({**concept("rf09"), "text": "chest pain"}, valueBoolean=False),
    named({**concept("rf09"), "text": "chest pain"}, valueBoolean=True),
    named(shown(LOCAL, "rf09", "chest pain"), valueBoolean=False),
    coded(CHEST, valueBoolean=False), coded(CHEST, valueString="None."), coded(CHEST, valueInteger=0),
    coded(CHEST, valueString="nein"),
    coded(CHEST, valueCodeableConcept={"coding": [{"display": "Not at all"}]}),
    coded(CHEST, dataAbsentReason={"text": "unknown"}),
    coded("better off dead", valueCodeableConcept={"text": "Not at all"}), coded(CHEST, valueQuantity={"value": 0}),
    coded("panel of chest pain", component=[component("y", "urn:other", valueInteger=1)]),
    walking(component("stop-reason", valueCodeableConcept=BREATHLESS)),
    walking(
        component(
            "stop-reason",
            valueCodeableConcept={**BREATHLESS, "text": "Short of breath"},
        )
    ),
    condition(code={**shown(SNOMED, "29857009", "Chest pain"), "text": "Chest pain"}),
    condition(code={"text": "chest pain"}, clinicalStatus={"coding": [{"code": "resolved"}]}),
    condition(text=NARRATIVE | {"status": "generated"}),
    condition(note=[{"text": "No fever, chest pain or numbness between the legs"}]),
    condition(asserter={"reference": "Practitioner/a", "display": "Chest pain clinic"}),
    condition(encounter={"display": "Chest pain"}, extension=[{"valueReference": {"display": "chest pain"}}]),
    condition(stage=[{"assessment": [{"reference": "Observation/x", "display": "chest pain"}]}]),
    resource("Encounter", serviceType={"text": "Chest pain clinic"}, location=[{"display": "Chest pain unit"}]),
    resource("MedicationRequest", dosageInstruction=[{"text": "a puff for chest pain"}], reasonCode=[{"text": CHEST}]),
    resource("ServiceRequest", code={"text": "Chest pain work-up"}, patientInstruction="Stop if chest pain starts"),
    resource("CarePlan", activity=[{"detail": {"description": "Stop as soon as chest pain starts"}}]),
    resource("FamilyMemberHistory", patient=SUBJECT, note=[{"text": "father: chest pain, suicide"}]),
    resource("Communication", sender=PRACTITIONER, payload=[{"contentString": QUESTION}]),
    {"resourceType": "Organization", "id": "o", "name": "Chest pain clinic", "alias": ["chest pain"]},
]  # fmt: skip


@pytest.mark.parametrize("one", WITHOUT, ids=lambda one: one["resourceType"])
def test_what_states_nothing(one: Resource) -> None:
    """Questions, names of coded entries and answers, instructions, names of places, and negations."""
    assert found(one) == []


OWN = {"identifier": [{"system": SITE.resource_system, "value": "1"}]}


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (resource("Task", description=CHEST, **OWN), []), (resource("CarePlan", title=CHEST, **OWN), []),
        (resource("CarePlan", title=CHEST, note=NOTE, **OWN), [CHEST]), (resource("Goal", note=NOTE, **OWN), [CHEST]),
        (observation("exercise-progression-decision", note=NOTE), []),
        (resource("CarePlan", note=[{"text": CHEST, "authorReference": DEVICE}], **OWN), []),
        (resource("CarePlan", note=[{"text": CHEST, "authorReference": PRACTITIONER}], **OWN), [CHEST]),
        (resource("Task", note=[{"text": CHEST, "authorString": "Nurse"}], **OWN), [CHEST]),
        (resource("Task", description=CHEST, identifier=[{"system": "urn:ehr", "value": "1"}]), [CHEST]),
    ],
)  # fmt: skip
def test_what_the_service_wrote_does_not_count(one: Resource, expected: list[str]) -> None:
    """But for notes that a person added to it."""
    assert found(one) == expected


@pytest.mark.parametrize(
    "one",
    [
        pain(subject=OTHER, note=NOTE), condition(subject=OTHER, note=NOTE),
        pain(focus=[OTHER], note=NOTE), {"resourceType": "Binary", "id": "b", "securityContext": OTHER, **ATTACHED},
        resource("Communication", payload=[{"contentString": CHEST}]) | {"subject": OTHER},
        report({"subject": OTHER, "valueString": CHEST}),
        pain(status="entered-in-error", note=NOTE), condition(note=NOTE, verificationStatus=IN_ERROR),
        resource("Goal", lifecycleStatus="entered-in-error", note=NOTE),
        report({"status": "entered-in-error", "valueString": CHEST}),
    ],
    ids=lambda one: one["resourceType"],
)  # fmt: skip
def test_of_another_patient_or_entered_in_error(one: Resource) -> None:
    """Never."""
    assert texts(one) == []


def when(one: Resource) -> tuple[datetime, bool]:
    """The time of the only text, and whether it has one."""
    (text,) = (text for text in read_all(one).readings if isinstance(text, FreeText))
    return text.stamp.when, text.stamp.dated


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (unmapped(valueString=CHEST, issued=RECENT), MORNING),
        (unmapped(valueString=CHEST, effectiveDateTime=None, issued=RECENT), RECENT),
        (condition(note=NOTE, recordedDate=RECENT, onsetDateTime="2015-01-01"), RECENT),
        (condition(note=[{"text": CHEST, "time": RECENT}], recordedDate="2015-01-01"), RECENT),
        (condition(note=[{"text": CHEST, "time": "2030-01-01"}], recordedDate=RECENT), RECENT),
        (condition(note=NOTE, recordedDate=None, onsetDateTime=RECENT), RECENT),
        (condition(note=NOTE, recordedDate=None, meta={"lastUpdated": RECENT}), RECENT),
        (resource("Encounter", reasonCode=[{"text": CHEST}], period={"start": RECENT, "end": "2030-01-01"}), RECENT),
        (resource("Communication", payload=[{"contentString": CHEST}], sent=MORNING, received=RECENT), RECENT),
    ],
)  # fmt: skip
def test_the_time_of_a_text(one: Resource, expected: str) -> None:
    """Of its note, else of writing, else of the event, else of the last change of the record."""
    assert when(one) == (datetime.fromisoformat(expected), True)


@pytest.mark.parametrize("dates", [{}, {"recordedDate": "2030-01-01"}, {"recordedDate": "soon"}, {"recordedDate": 3}])
def test_an_undated_text_counts_as_of_now(dates: Resource) -> None:
    """Without a time that can be read, or with times to come alone."""
    assert when(condition(note=NOTE, recordedDate=None) | dates) == (AT, False)


@pytest.mark.parametrize(
    ("one", "by_patient"),
    [
        (unmapped(valueString=CHEST), True), (unmapped(valueString=CHEST, performer=[SUBJECT]), True),
        (unmapped(valueString=CHEST, performer=[PRACTITIONER]), False),
        (unmapped(valueString=CHEST, performer=[PRACTITIONER, SUBJECT]), True),
        (condition(note=NOTE), False), (condition(note=NOTE, asserter=SUBJECT), True),
        (resource("Communication", payload=[{"contentString": CHEST}]), True),
        (resource("Communication", payload=[{"contentString": CHEST}], sender=PRACTITIONER), False),
    ],
)  # fmt: skip
def test_whose_words_they_are(one: Resource, by_patient: bool) -> None:
    """A report is the patient's unless clinicians alone are named; any other record is a clinical note."""
    (text,) = (text for text in read_all(one).readings if isinstance(text, FreeText))
    assert text.by_patient is by_patient


def test_a_comment_is_not_read_twice() -> None:
    """A text that a reader took as a comment of the same resource is that comment alone."""
    assert found(pain(note=NOTE)) == found(observation("daily-comment", valueString=f" {CHEST} ")) == []
    assert texts(pain(note=NOTE, extension=[{"url": "urn:x", "valueString": f"{CHEST}!"}])) == [
        CHEST,
        f"{CHEST}!",
    ]


def test_the_order_of_resources_makes_no_difference() -> None:
    """And deep nesting is no obstacle."""
    deep: Any = CHEST
    for _ in range(5000):
        deep = {"extension": [deep if isinstance(deep, dict) else {"valueString": deep}]}
    nested = condition(id="deep", extension=[deep])
    assert found(nested, condition(note=NOTE)) == found(condition(note=NOTE), nested)
    assert len(found(nested)) == 1


def test_accents_in_another_form() -> None:
    """As some phones send them: a letter and its accent as two characters."""
    message = resource("Communication", payload=loads(b'[{"contentString": "opresio\\u0301n en el pecho"}]'))
    assert len(found(message)) == 1
