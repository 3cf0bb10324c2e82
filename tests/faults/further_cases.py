"""Further inputs of the kinds of faults in a record: births, contained records, forms, modifiers, spellings, times."""

from __future__ import annotations

from tests.faults import (
    form_cases,
    identity_cases,
    limit_cases,
    measured_cases,
    person_cases,
    session_cases,
    time_cases,
)
from tests.faults.expectations import NO_RISE, RISES, WALKING, WALKING_HELD, Case, Expected, flag
from tests.faults.records import (
    CLINICIAN,
    FORMS_URL,
    LOINC,
    SUBJECT,
    TODAY,
    Change,
    Json,
    add,
    added,
    answer,
    both,
    component,
    concept,
    condition,
    diagnosed,
    elsewhere,
    marked,
    named,
    observation,
    one,
    patient,
    quantity,
    resources,
    response,
    walk,
)  # fmt: skip

HELD, NOT_ELIGIBLE = Expected(rule="D5"), Expected(rule="D0")
NEW_MEDICINE = Expected(rule="D5", flags=frozenset({"rf25"}))
SCREEN = f"{FORMS_URL}/safety-screen-short"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
CAUDA_EQUINA = {"system": ICD, "code": "G83.4"}
MODIFIER = [{"url": "http://portal.example/not", "valueBoolean": True}]
YES = observation("rf09", valueBoolean=True)
SATURATION, GLUCOSE = concept("59408-5", LOINC), concept("2345-7", LOINC)
HALF = "\ud83d"


def approved(**more: object) -> Change:
    """An old plan, approved by a clinician nine days ago; the approval has these elements."""
    return both(limit_cases.approved_by({"reference": CLINICIAN}), marked("-approval", **more))


def medicine(kind: str, **more: object) -> Change:
    """A fluoroquinolone since yesterday."""
    coded = {"medicationCodeableConcept": concept("J01MA02", "http://www.whocc.no/atc")}
    held = {"resourceType": kind, "id": "medicine-1", "status": "active", "subject": dict(SUBJECT), **coded, **more}
    return added({"intent": "order", "authoredOn": "2025-01-12", **held} if kind == "MedicationRequest" else held)


def form_in(kind: str, **more: object) -> Change:
    """A yes in a form that another resource contains."""
    form = response([answer("rf09", valueBoolean=True)], SCREEN)
    del form["subject"]
    return added({"resourceType": kind, "id": "outer-1", "subject": dict(SUBJECT), "contained": [form], **more})


def mornings_with_a_modifier(bundle: Json) -> None:
    """No morning pain keeps its plain meaning."""
    for held in resources(bundle):
        if "-72514-3-" in held["id"]:
            held["modifierExtension"] = MODIFIER


def ceiling_with_a_modifier(bundle: Json) -> None:
    """A higher ceiling, and a peak above the old one."""
    add(bundle, limit_cases.limit("pain-ceiling", valueQuantity=quantity(7, "{score}"), modifierExtension=MODIFIER))
    component(walk(bundle), "pain-peak")["valueQuantity"]["value"] = 6


def session_form(start: str, end: str, authored: str, zone: str = "Europe/London") -> Change:
    """The walk of the 10th comes as a form instead, with these times."""
    items = [
        answer("exercise", valueCoding=session_cases.local("walking")),
        answer("started", valueDateTime=start),
        answer("ended", valueDateTime=end),
        answer("prescribed", valueQuantity=quantity(15, "min")),
        answer("done", valueQuantity=quantity(15, "min")),
        answer("pain-before", valueInteger=2),
        answer("pain-peak", valueInteger=3),
        answer("rpe-cr10", valueInteger=3),
    ]

    def change(bundle: Json) -> None:
        patient(bundle)["extension"][0]["valueCode"] = zone
        held = walk(bundle)
        bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"] is not held]
        add(bundle, response(items, f"{FORMS_URL}/session-check-in", authored))

    return change


PEOPLE = (
    Case("birth date with a month in words", HELD, person_cases.born("17 May 1960")),
    Case("birth date of zeros", HELD, person_cases.born("0000-00-00")),
    Case("birth date in an object", HELD, person_cases.born({"value": "2010-05-04"})),
    Case("birth date of a child with spaces", NO_RISE, person_cases.born(" 2010-05-04 ")),
    Case("death as a number", NO_RISE, person_cases.person(deceasedBoolean=1)),
    Case("permit on the day after a denial", RISES, person_cases.consents(
        person_cases.consent("c-1", "active", "deny", "2025-01-05T10:00:00Z"),
        person_cases.consent("c-2", "active", "permit", "2025-01-06"),
    )),
    Case("permit, denial, permit", RISES, person_cases.consents(
        person_cases.consent("c-1", "active", "permit", "2024-01-05"),
        person_cases.consent("c-2", "active", "deny", "2024-06-05"),
        person_cases.consent("c-3", "active", "permit", "2024-12-05"),
    )),
    Case("denial, permit, denial", NOT_ELIGIBLE, person_cases.consents(
        person_cases.consent("c-1", "active", "deny", "2024-01-05"),
        person_cases.consent("c-2", "active", "permit", "2024-06-05"),
        person_cases.consent("c-3", "active", "deny", "2024-12-05"),
    )),
    Case("inactive, then a permit of a month", RISES, person_cases.consents(
        person_cases.consent("c-1", "inactive", "permit", "2024-01-05"),
        person_cases.consent("c-2", "active", "permit", "2024-11"),
    )),
)  # fmt: skip
FORMS = (
    Case("form contained in a message", flag("rf09"), form_in("Communication", status="completed", sent=TODAY)),
    Case(
        "saturation contained in a panel",
        flag("rf14"),
        added(form_cases.panel([form_cases.inner(SATURATION, valueQuantity=quantity(80, "%"))])),
    ),
    Case(
        "yes contained in a panel that refers to nothing",
        flag("rf09"),
        added(form_cases.panel([form_cases.inner("rf09", valueBoolean=True)], hasMember=[])),
    ),
    Case(
        "form in the shape of FHIR STU3",
        flag("rf09"),
        added(
            {
                **response([answer("rf09", valueBoolean=True)], None),
                "questionnaire": {"reference": "Questionnaire/safety-screen-short"},
            }
        ),
    ),
    Case("form with a version and a fragment", flag("rf05"), form_cases.screen(f"{SCREEN}|1.0#part-1", "rf05")),
    Case("form by an empty address", flag("rf19"), form_cases.screen("", "rf19")),
    Case(
        "form with a port",
        flag("rf15"),
        form_cases.screen(SCREEN.replace("titrate.example", "titrate.example:443"), "rf15"),
    ),
    Case("form with a query in its address", flag("rf01"), form_cases.screen(f"{SCREEN}?_format=json", "rf01")),
    Case("yes as the text true", flag("rf09"), form_cases.yes_in(answer("rf09", valueBoolean="true"))),
    Case(
        "answer as an object in place of a list",
        flag("rf09"),
        form_cases.yes_in({"linkId": "rf09", "answer": {"valueBoolean": True}}),
    ),
)
MODIFIERS = (
    Case("all mornings with a modifier", NO_RISE, mornings_with_a_modifier),
    Case(
        "high pressure with a modifier",
        flag("rf11"),
        added(form_cases.pressure(form_cases.SYSTOLIC_HIGH, form_cases.DIASTOLIC, modifierExtension=MODIFIER)),
    ),
    Case("antibiotic with a modifier", NEW_MEDICINE, medicine("MedicationRequest", modifierExtension=MODIFIER)),
    Case("approval with a modifier", NO_RISE, approved(modifierExtension=MODIFIER)),
    Case("ceiling with a modifier", WALKING_HELD, ceiling_with_a_modifier),
    Case(
        "denial with a modifier",
        NOT_ELIGIBLE,
        person_cases.consents(person_cases.consent("c-1", "active", "deny", "2025-01-05", modifierExtension=MODIFIER)),
    ),
)
ADDRESSES = (
    Case(
        "port with a leading zero in references",
        flag("rf09"),
        identity_cases.subjects("https://ehr.example:0443/fhir/Patient/e2-progress"),
    ),
    Case("last slash after references", flag("rf09"), identity_cases.subjects("Patient/e2-progress/")),
    Case(
        "references by http", Expected(code=2), identity_cases.subjects("http://ehr.example/fhir/Patient/e2-progress")
    ),
    Case(
        "clinician of a portal who left, with the same id",
        RISES,
        both(
            approved(),
            elsewhere({"resourceType": "Practitioner", "id": "example-physiotherapist", "active": False}),
        ),
    ),
    Case(
        "denial of a portal's patient with the same id",
        RISES,
        elsewhere(person_cases.consent("c-1", "active", "deny", "2025-01-05")),
    ),
    Case(
        "yes of a portal under the id of a morning",
        flag("rf09"),
        elsewhere(
            observation("rf09", id_="e2-progress-72514-3-2025-01-12-0730", valueBoolean=True),
            subject=identity_cases.ABSOLUTE,
        ),
    ),
)
SPELLINGS = (
    Case("diagnosis with its name in the code", flag("rf01"), diagnosed(ICD, "G83.4 Cauda equina syndrome")),
    Case("diagnosis with an asterisk", flag("rf01"), diagnosed("http://hl7.org/fhir/sid/icd-10", "G83.4*")),
    Case("code system in capitals", flag("rf01"), diagnosed("HTTP://SNOMED.INFO/SCT", "192970008")),
    Case("diagnosis in German", flag("rf01"), named("Cauda-equina-Syndrom")),
    Case("diagnosis with another hyphen", flag("rf01"), named("Cauda\u2010equina syndrome")),
    Case("diagnosis by its display alone", flag("rf01"), added(condition({"display": "Cauda equina syndrome"}))),
    Case("paralysis of one arm", RISES, diagnosed(ICD, "G83.2")),
    Case(
        "diagnosis in an unknown spelling of a system",
        Expected(rule="D10", raised=WALKING, refused="not-mapped"),
        diagnosed("http://www.snomed.info/sct", "84757009"),
    ),
)
URGENT = (
    Case(
        "saturation with a time of issue only",
        flag("rf14"),
        added(observation(SATURATION, None, valueQuantity=quantity(84, "%"), **measured_cases.ISSUED)),
    ),
    Case(
        "glucose above 300 with a time of issue only",
        flag("rf17"),
        added(observation(GLUCOSE, None, valueQuantity=quantity(340, "mg/dL"), **measured_cases.ISSUED)),
    ),
    Case(
        "pressure at 24 hours",
        flag("rf11"),
        added(form_cases.pressure(form_cases.SYSTOLIC_HIGH, form_cases.DIASTOLIC, "2025-01-12T24:00:00Z")),
    ),
    Case(
        "item 9 issued at a time that cannot be read",
        flag("rf19"),
        added(observation(form_cases.ITEM_9, None, valueInteger=2, issued="yesterday")),
    ),
    Case(
        "item 9 by a timing",
        flag("rf19"),
        added(
            observation(form_cases.ITEM_9, None, valueInteger=2, effectiveTiming={"event": ["2025-01-12T08:00:00Z"]})
        ),
    ),
    Case(
        "normal saturation with a time of issue only",
        RISES,
        added(observation(SATURATION, None, valueQuantity=quantity(97, "%"), **measured_cases.ISSUED)),
    ),
)
TIMES = (
    Case(
        "approved in a role that ends today",
        RISES,
        limit_cases.approved_by(
            {"reference": "PractitionerRole/r"}, limit_cases.role("r", active=True, period={"end": "2025-01-13"})
        ),
    ),
    Case(
        "antibiotic until today",
        NEW_MEDICINE,
        medicine("MedicationStatement", effectivePeriod={"start": "2025-01-10", "end": "2025-01-13"}),
    ),
    Case(
        "walk until the date of another zone",
        time_cases.KEPT,
        time_cases.period("2025-01-10T05:00:00-05:00", "2025-01-10"),
    ),
    Case(
        "walk in a form that ends with a date",
        time_cases.KEPT,
        session_form("2025-01-10T10:00:00+00:00", "2025-01-10", "2025-01-10T10:30:00+00:00"),
    ),
    Case(
        "clock goes back in Sydney",
        Expected(walks=1),
        time_cases.in_zone("Australia/Sydney", "2024-04-07T02:50:00", "2024-04-07T02:10:00"),
        at="2024-04-08T00:00:00Z",
    ),
    Case(
        "clock goes back in Chile at midnight",
        Expected(walks=1),
        time_cases.in_zone("America/Santiago", "2024-04-06T23:50:00", "2024-04-06T23:10:00"),
        at="2024-04-08T09:00:00Z",
    ),
    Case(
        "clock goes back in Berlin, in a form",
        Expected(walks=1),
        session_form("2024-10-27T02:45:00", "2024-10-27T02:05:00", "2024-10-27T09:00:00+01:00", "Europe/Berlin"),
        at="2024-10-28T09:00:00Z",
    ),
    *(
        Case(f"yes of {day}, patient in {zone}", flag("rf09"), time_cases.yes_at(day, zone))
        for day, zone in (
            ("1858-11-17", "Europe/Athens"),
            ("1900-01-01T00:00:00+00:19:32", "Europe/Amsterdam"),
            ("0000-01-01", "Europe/Vienna"),
        )
    ),
    Case(
        "item 9 at an empty date",
        flag("rf19"),
        added(observation(form_cases.ITEM_9, "0001-01-01T00:00:00Z", valueInteger=3)),
    ),
)
TEXTS = (
    Case(
        "half a character in an item",
        RISES,
        added(response([answer(f"comment{HALF}", valueString="fine")], f"{FORMS_URL}/daily-check-in")),
    ),
    Case(
        "half a character in the clinician's name",
        RISES,
        lambda bundle: one(bundle, "example-physiotherapist")["name"][0].update(family="Muster\udc00"),
    ),
    Case(
        "half a character in a unit",
        WALKING_HELD,
        lambda bundle: component(walk(bundle), "done")["valueQuantity"].update(unit=f"min{HALF}", code=f"min{HALF}"),
    ),
    Case(
        "halves in the wrong order",
        RISES,
        added(observation("daily-comment", valueString="fine \ude00\ud83d day")),
    ),
    Case(
        "yes as a coded value beside a null",
        flag("rf09"),
        added(observation("rf09", valueBoolean=None, valueCodeableConcept={"coding": [session_cases.YES]})),
    ),
    Case(
        "yes after a null answer",
        flag("rf09"),
        form_cases.yes_in({"linkId": "rf09", "answer": [None, {"valueBoolean": True}]}),
    ),
    Case(
        "diagnosis with null codings and a text",
        flag("rf01"),
        added({**condition(None), "code": {"coding": None, "text": "Cauda equina syndrome"}}),
    ),
    Case("null among the agents", RISES, lambda bundle: one(bundle, "-approval")["agent"].append(None)),
)
FILE_CASES = (*PEOPLE, *FORMS, *MODIFIERS, *ADDRESSES, *SPELLINGS, *URGENT, *TIMES, *TEXTS)
ON_THE_EHR = {
    "birth date in an object",
    "death as a number",
    "denial, permit, denial",
    "form contained in a message",
    "saturation contained in a panel",
    "form in the shape of FHIR STU3",
    "approval with a modifier",
    "ceiling with a modifier",
    "last slash after references",
    "clinician of a portal who left, with the same id",
    "diagnosis with its name in the code",
    "diagnosis in German",
    "glucose above 300 with a time of issue only",
    "item 9 by a timing",
    "walk in a form that ends with a date",
    "antibiotic until today",
    "clock goes back in Berlin, in a form",
    "yes of 1900-01-01T00:00:00+00:19:32, patient in Europe/Amsterdam",
    "half a character in a unit",
    "yes after a null answer",
}  # fmt: skip
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
