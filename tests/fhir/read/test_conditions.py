"""Diagnoses, medicines, procedures, allergies, goals, and patient details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOCAL,
    SITE,
    SUBJECT,
    Resource,
    as_values,
    concept,
    only_reading,
    patient,
    quantity,
    read_all,
)
from titrate.clinical.values.readings import Diagnosis, Medication, PatientDetails, PatientGoal
from titrate.fhir.errors import NoPatient, SeveralPatients

SNOMED = "http://snomed.info/sct"
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def condition(**more: Any) -> dict[str, Any]:
    """A Condition of the patient."""
    return {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": concept("239873007", SNOMED)} | more


def ordered(concept_: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A MedicationRequest of the patient."""
    return {"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order", "subject": SUBJECT,
            "authoredOn": "2025-01-02", "medicationCodeableConcept": concept_} | more  # fmt: skip


@pytest.mark.parametrize(
    ("code", "group"),
    [
        (concept("239873007", SNOMED), "knee-osteoarthritis"),
        (concept("M17.12", "http://hl7.org/fhir/sid/icd-10-cm"), "knee-osteoarthritis"),
        (concept("I48.0", "http://hl7.org/fhir/sid/icd-10"), "atrial-fibrillation"),
        ({"text": "Chronic fatigue syndrome"}, "me-cfs"),
        ({"text": "Prediabetes"}, None),
        (concept("444814009", SNOMED) | {"text": "Viral sinusitis"}, None),
    ],
)
def test_diagnoses(code: dict[str, Any], group: str | None) -> None:
    """A group by code, else by text; a diagnosis without a group is kept. A year alone may mean its last day."""
    reading = only_reading(condition(code=code, onsetDateTime="2019"))
    assert isinstance(reading, Diagnosis)
    assert (reading.kind, reading.concept, reading.stamp.day) == ("condition", group, date(2019, 12, 31))


ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ({"text": "Family history of breast cancer"}, None), ({"text": "FHx: colon cancer"}, None),
        (concept("Z80.3", ICD) | {"text": "Family history of breast cancer"}, None),
        (concept("Z80.3", ICD) | {"text": "Breast cancer (mother)"}, None),
        (concept("429740004", SNOMED) | {"text": "Breast cancer"}, None),
        ({"text": "Screening for malignant neoplasm of breast"}, None), ({"text": "No evidence of malignancy"}, None),
        ({"text": "No history of cancer"}, None),
        ({"text": "Breast cancer, no evidence of disease"}, "cancer"),
        ({"text": "Breast cancer, screening for recurrence"}, "cancer"),
        ({"text": "History of breast cancer"}, "cancer"),
        (concept("Z85.3", ICD) | {"text": "Breast cancer; family history too"}, "cancer"),
        (concept("C50.9", ICD) | {"text": "Family history of breast cancer"}, "cancer"),
        ({"text": "Family history of osteoporosis"}, None), ({"text": "Osteoporosis"}, "osteoporosis"),
    ],
)  # fmt: skip
def test_family_history_is_not_a_diagnosis(code: dict[str, Any], group: str | None) -> None:
    """Neither is an excluded diagnosis; a code of the diagnosis itself counts whatever its text."""
    reading = only_reading(condition(code=code))
    assert isinstance(reading, Diagnosis)
    assert reading.concept == group


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ({"text": "ICD-10: G83.4"}, "cauda-equina"), ({"text": "ICD10:G83.4"}, "cauda-equina"),
        ({"text": "Cauda (ICD-10-CM G834)"}, "cauda-equina"), ({"text": "G83.4"}, "cauda-equina"),
        ({"coding": [{"code": "G83.4"}]}, "cauda-equina"), ({"coding": [{"code": "g83.4"}]}, "cauda-equina"),
        ({"coding": [{"code": "239873007"}]}, "knee-osteoarthritis"), ({"text": "239873007"}, "knee-osteoarthritis"),
        ({"coding": [{"code": "G834"}]}, None), ({"text": "Locker G83.4 at the clinic"}, None),
        ({"coding": [{"code": "17"}], "text": "Ward 17"}, None),
    ],
)  # fmt: skip
def test_a_code_without_its_system_is_known_by_its_form(code: dict[str, Any], group: str | None) -> None:
    """Billing programs write the system into the text, or leave it out."""
    reading = only_reading(condition(code=code))
    assert isinstance(reading, Diagnosis)
    assert reading.concept == group


@pytest.mark.parametrize(
    "code",
    [
        [concept("192970008", SNOMED)], [{"text": "Back pain"}, concept("G83.4", ICD)], ["Cauda equina syndrome"],
        "Cauda equina syndrome", {"system": SNOMED, "code": "192970008"}, [{"system": ICD, "code": "G83.4"}],
        concept("192970008|Cauda equina syndrome|", SNOMED), concept("192970008 |Cauda: equina + all|", SNOMED),
        concept("192970008:246454002=1", SNOMED), concept("=== 192970008 |Cauda| : { 246454002 |n| = #1 }", SNOMED),
        concept("<<<279039007+192970008", SNOMED), {"coding": [{"system": SNOMED, "code": 192970008}]},
        {"coding": [{"code": Decimal(192970008)}]}, {"coding": {"system": SNOMED, "code": Decimal("192970008.0")}},
    ],
)  # fmt: skip
def test_shapes_of_the_code_of_a_diagnosis(code: Any) -> None:
    """A list, a text, a bare Coding, a number, and a SNOMED CT expression, which is about its focus concepts."""
    found = read_all(condition(code=code))
    assert found.refusals == ()
    assert "cauda-equina" in {one.concept for one in found.readings if isinstance(one, Diagnosis)}


@pytest.mark.parametrize(
    "code",
    [
        "243796009:246090004=192970008", "192970008x", "279039007 |not 192970008|", True, 192970008.5, None,
        {"code": "192970008"},
    ],
)  # fmt: skip
def test_what_names_no_focus_concept(code: object) -> None:
    """A situation about the diagnosis, a term, and what is no code."""
    found = read_all(condition(code={"coding": [{"system": SNOMED, "code": code}], "text": "Something else"}))
    assert "cauda-equina" not in {one.concept for one in found.readings if isinstance(one, Diagnosis)}


@pytest.mark.parametrize(
    "text",
    [
        "No cauda equina syndrome", "Cauda equina syndrome excluded", "Cauda equina syndrome has been ruled out.",
        "Cauda equina syndrome: excluded", "Cauda equina syndrome (excluded)", "No evidence of cauda equina syndrome",
        "Disc prolapse without cauda equina syndrome", "No fracture or cauda equina", "Negative for cauda equina",
        "Cauda-equina-Syndrom ausgeschlossen", "Kein Cauda equina Syndrom", "Cauda-equina-Syndrom wurde ausgeschlossen",
        "Sin cauda equina", "Síndrome de cauda equina descartado",
    ],
)  # fmt: skip
def test_a_diagnosis_that_its_text_rules_out(text: str) -> None:
    """It is kept with its text and belongs to no group; a code counts whatever the text says."""
    for code, group in (({"text": text}, None), (concept("G83.4", ICD) | {"text": text}, "cauda-equina")):
        reading = only_reading(condition(code=code))
        assert isinstance(reading, Diagnosis)
        assert (reading.concept, reading.text) == (group, text)


@pytest.mark.parametrize(
    "text",
    [
        "Suspected cauda equina syndrome", "Cannot exclude cauda equina syndrome", "Cauda equina syndrome not excluded",
        "Cauda equina syndrome cannot be excluded", "Cauda equina syndrome to be excluded", "Cauda equina syndrome?",
        "Cauda equina syndrome must be ruled out", "Rule out cauda equina syndrome", "? cauda equina",
        "Disc prolapse, not improving, cauda equina syndrome", "Could not exclude cauda equina", "No cauda equina?",
        "No cauda equina syndrome until today", "Never without cauda equina", "Not excluded: cauda equina syndrome",
        "Cauda equina excluded in May. Cauda equina syndrome again", "Cauda equina syndrome, fracture excluded",
        "Cauda-equina-Syndrom nicht ausgeschlossen", "Cauda-equina-Syndrom muss ausgeschlossen werden",
        "Síndrome de cauda equina no descartado", "Descartar cauda equina",
    ],
)  # fmt: skip
def test_a_diagnosis_in_doubt_counts(text: str) -> None:
    """A suspicion, a question, a negation of an exclusion, and a negation of something else."""
    found = read_all(condition(code={"text": text})).readings
    assert [one.concept for one in found if isinstance(one, Diagnosis)] == ["cauda-equina"]


def test_a_negation_in_one_of_two_texts_rules_out_nothing() -> None:
    """The text and the display are two statements."""
    code = {"text": "No cauda equina syndrome", "coding": [{"display": "Cauda equina syndrome"}]}
    found = read_all(condition(code=code)).readings
    assert [one.concept for one in found if isinstance(one, Diagnosis)] == ["cauda-equina"]


LOCAL_CODE = {"system": "https://ward.example/beds", "code": "G83.4"}


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ({"coding": [LOCAL_CODE]}, True), ({"coding": [LOCAL_CODE], "text": "Hay fever"}, True),
        ({"coding": [{"system": "http://hl7.org/fhir/sid/icd-9-cm", "code": "344.6"}]}, True),
        ({"coding": [{"system": "http://id.who.int/icd/release/11/mms", "code": "8B40"}]}, True),
        ({"coding": [LOCAL_CODE], "text": "Fibromyalgia"}, False),
        ({"coding": [LOCAL_CODE, {"system": SNOMED, "code": "61582004"}]}, False), ({"text": "Hay fever"}, False),
        ({"coding": [{"code": "17", "display": "Ward"}]}, False), ({"coding": [{"system": ICD, "code": "J30"}]}, False),
    ],
)  # fmt: skip
def test_a_diagnosis_of_an_unknown_code_system(code: dict[str, Any], refused: bool) -> None:
    """It is kept, and refused as not mapped unless its words name a group; a code of a known system is no reason."""
    found = read_all(condition(code=code))
    assert [type(one) for one in found.readings] == [Diagnosis]
    assert [(one.reason, one.path) for one in found.refusals] == ([("not-mapped", "Condition.code")] if refused else [])


@pytest.mark.parametrize(
    ("clinical", "verification", "kind"),
    [
        (("active", "resolved"), (), "condition"), (("resolved", "relapse"), (), "condition"),
        (("resolved", "inactive"), (), "past-condition"), (("resolved", "R"), (), "past-condition"),
        ((), ("refuted", "confirmed"), "condition"), ((), ("provisional", "entered-in-error"), "condition"),
        ((), ("refuted", "R"), None), ((), ("refuted",), None),
    ],
)  # fmt: skip
def test_statuses_that_disagree(clinical: tuple[str, ...], verification: tuple[str, ...], kind: str | None) -> None:
    """The stricter one counts; a code of a site's own beside a status contradicts nothing."""
    statuses = {"clinicalStatus": clinical, "verificationStatus": verification}
    coded = {key: {"coding": [{"code": one} for one in codes]} for key, codes in statuses.items()}
    readings = read_all(condition(**coded)).readings
    assert [one.kind for one in readings if isinstance(one, Diagnosis)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("status", "end", "kind"),
    [
        (None, "2025-01-12", "past-condition"), (None, "2025-01-13", "condition"), (None, "2025", "condition"),
        (None, "2024", "past-condition"), ("active", "2025-01-12", "condition"), ("relapse", "2024", "condition"),
        ("resolved", "2026-01-01", "past-condition"), ("unknown", "2025-01-12", "past-condition"),
    ],
)  # fmt: skip
def test_the_end_of_a_diagnosis(status: str | None, end: str, kind: str) -> None:
    """It includes its day, and an active diagnosis is active whatever its end says."""
    coded = {} if status is None else {"clinicalStatus": {"coding": [{"code": status}]}}
    reading = only_reading(condition(abatementDateTime=end, **coded))
    assert isinstance(reading, Diagnosis)
    assert reading.kind == kind


def test_the_status_of_a_diagnosis() -> None:
    """Resolved ones are past; refuted ones do not count; undated ones count as of now."""
    resolved = {"coding": [{"code": "resolved"}]}
    reading = only_reading(condition(clinicalStatus=resolved, recordedDate="2020-02-02"))
    assert isinstance(reading, Diagnosis)
    assert reading.kind == "past-condition"
    assert only_reading(condition()).stamp.day == date(2025, 1, 13)
    refuted = {"coding": [{"code": "refuted"}]}
    assert [one.reason for one in read_all(condition(verificationStatus=refuted)).refusals] == ["status"]
    assert [one.reason for one in read_all(condition(code={})).refusals] == ["no-value"]


@pytest.mark.parametrize(
    ("onset", "day", "dated"),
    [
        ("2024", date(2024, 12, 31), True), ("2024-02", date(2024, 2, 29), True), ("2025", date(2025, 1, 13), False),
        ("2025-01", date(2025, 1, 13), False), ("2025-01-12", date(2025, 1, 12), True),
    ],
)  # fmt: skip
def test_a_diagnosis_dated_by_year_or_month(onset: str, day: date, dated: bool) -> None:
    """It may mean the last day of that period; before that day it counts as undated."""
    reading = only_reading(condition(onsetDateTime=onset))
    assert (reading.stamp.day, reading.stamp.dated) == (day, dated)


@pytest.mark.parametrize("onset", ["2026", "2025-01-14", "2025-01-13T09:00:01Z"])
@pytest.mark.parametrize("status", [None, "active", "resolved"])
def test_a_diagnosis_dated_ahead(onset: str, status: str | None) -> None:
    """The date is refused. An active diagnosis counts as undated, as a yes to a safety question does."""
    coded = {} if status is None else {"clinicalStatus": {"coding": [{"code": status}]}}
    found = read_all(condition(onsetDateTime=onset, **coded))
    assert [one.reason for one in found.refusals] == ["future"]
    dates = [(one.stamp.day, one.stamp.dated) for one in found.readings if isinstance(one, Diagnosis)]
    assert dates == ([] if status == "resolved" else [(date(2025, 1, 13), False)])


@pytest.mark.parametrize(
    ("severity", "group"),
    [({}, "aortic-stenosis"), ({"text": "Severe"}, "aortic-stenosis"), ({"text": "Moderate"}, None),
     ({"coding": [{"display": "Mild (qualifier value)"}]}, None)],
)  # fmt: skip
def test_aortic_stenosis_is_severe_unless_it_is_stated_otherwise(severity: dict[str, Any], group: str | None) -> None:
    """Only a stated severity excludes it, not the text of the diagnosis if the code matches."""
    code = concept("60573004", SNOMED) | {"text": "Aortic stenosis, mild calcification"}
    reading = only_reading(condition(code=code, severity=severity))
    assert isinstance(reading, Diagnosis)
    assert reading.concept == group


def test_procedures_and_allergies() -> None:
    """Both are kept with their text."""
    done = {"resourceType": "Procedure", "id": "x", "status": "completed", "subject": SUBJECT,
            "code": concept("441509002", SNOMED), "performedDateTime": "2020-01-01"}  # fmt: skip
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "patient": SUBJECT, "code": {"text": "Latex"},
               "recordedDate": "2020-01-01"}  # fmt: skip
    result = read_all(done, allergy, done | {"id": "y", "status": "not-done"})
    kinds = {(one.kind, one.concept) for one in result.readings if isinstance(one, Diagnosis)}
    assert kinds == {("procedure", "pacemaker"), ("allergy", None)}
    assert [one.reason for one in result.refusals] == ["status"]


@pytest.mark.parametrize(
    ("medicine", "group"),
    [
        (concept("C07AB07", ATC), "beta-blocker"),
        (concept("999999", RXNORM) | {"text": "Bisoprolol 5 MG Oral Tablet"}, "beta-blocker"),
        ({"text": "Levofloxacin 500 MG"}, "fluoroquinolone"),
        (concept("1364430", RXNORM), "anticoagulant"), ({"text": "Eliquis 5 MG Oral Tablet"}, "anticoagulant"),
        (concept("1364430", "urn:oid:2.16.840.1.113883.6.88"), "anticoagulant"), (concept("136443", RXNORM), None),
        (concept("5492", RXNORM), "steroid"), (concept("5492", RXNORM) | {"text": "Hydrocortisone cream"}, None),
        (concept("H02AB09", ATC) | {"text": "Hydrocortisone, no cream"}, "steroid"),
        ({"text": "Hydrocortisone 10 MG/ML Topical Cream"}, None),
        ({"text": "Prednisone 20 MG Oral Tablet"}, "steroid"),
        (concept("849574", RXNORM) | {"text": "Naproxen sodium 220 MG Oral Tablet"}, None),
    ],
)  # fmt: skip
def test_medicines(medicine: dict[str, Any], group: str | None) -> None:
    """A group by code, else by ingredient; a cream is not a course of steroids. No group is refused as not mapped."""
    result = read_all(ordered(medicine))
    (reading,) = result.readings
    assert isinstance(reading, Medication)
    reasons = [(one.reason, one.path) for one in result.refusals]
    assert reasons == ([] if group else [("not-mapped", "MedicationRequest.medication")])
    assert (reading.group, reading.active, reading.stamp.day) == (group, True, date(2025, 1, 2))


@pytest.mark.parametrize(
    ("more", "active"),
    [
        ({"status": "active"}, True), ({"status": "unknown"}, True), ({"status": "stopped"}, False),
        ({"status": "not-taken"}, None),
        ({"status": "draft"}, None), ({"status": "entered-in-error"}, None), ({"intent": "proposal"}, None),
        ({"doNotPerform": True}, None),
    ],
)  # fmt: skip
def test_whether_a_medicine_is_taken(more: dict[str, Any], active: bool | None) -> None:
    """In doubt it is taken; one that was never ordered is refused."""
    result = read_all(ordered({"text": "Warfarin"}, **more))
    assert [one.active for one in result.readings if isinstance(one, Medication)] == (
        [] if active is None else [active]
    )


def dosed(*dosages: dict[str, Any]) -> Decimal | None:
    """The milligrams a day that are read."""
    (reading,) = [one for one in read_all(ordered({"text": "Morphine"}, dosageInstruction=list(dosages))).readings
                  if isinstance(one, Medication)]  # fmt: skip
    return reading.daily


def dosage(amount: object, unit: str, **repeat: Any) -> dict[str, Any]:
    """One dosage."""
    return {"doseAndRate": [{"doseQuantity": quantity(amount, unit)}], "timing": {"repeat": repeat}}


@pytest.mark.parametrize(
    ("dosage", "daily"),
    [
        (dosage(10, "mg", frequency=2, period=1, periodUnit="d"), "20"),
        (dosage(10, "mg", period=12, periodUnit="h"), "20"),
        (dosage(500, "ug", frequency=1, period=1, periodUnit="d"), "0.5"),
        (dosage(7, "mg", frequency=1, period=1, periodUnit="wk"), "1"),
        (dosage(1, "{tablet}", frequency=2, period=1, periodUnit="d"), None), (dosage(10, "mg"), None),
        (dosage(10, "mg", frequency=2, frequencyMax=4, period=1, periodUnit="d"), None),
        (dosage(10, "mg", frequency=2, period=0, periodUnit="d"), None),
        (dosage(10, "mg", frequency=2, period=1, periodUnit="mo"), None),
        (dosage(10, "mg", frequency=2, period=1, periodUnit="d") | {"asNeededBoolean": True}, None),
        ({"text": "as told"}, None),
    ],
)  # fmt: skip
def test_the_dose_of_a_day(dosage: dict[str, Any], daily: str | None) -> None:
    """Milligrams a day of a single simple dosage; tablets, ranges and doses as needed are uncertain."""
    assert dosed(dosage) == (None if daily is None else Decimal(daily))
    assert dosed(dosage, dosage) is None


def test_names_of_a_medicine() -> None:
    """Its codes, and the ingredients in its text."""
    code = concept("B01AF02", ATC)
    code["coding"][0]["display"] = "Apixaban 5 MG Oral Tablet"
    reading = only_reading(ordered(code, status="stopped"))
    assert isinstance(reading, Medication)
    assert (reading.names, reading.halted) == (("apixaban", f"{ATC}|B01AF02"), True)


def test_a_medicine_by_reference() -> None:
    """The medicine may be a resource of its own, or contained."""
    own = {"resourceType": "Medication", "id": "w", "code": concept("B01AA03", ATC)}
    apart = ordered({}, medicationReference={"reference": "Medication/w"})
    inside = ordered({}, id="n", medicationReference={"reference": "#w"}, contained=[own])
    result = read_all(own, apart, inside)
    assert [one.group for one in result.readings if isinstance(one, Medication)] == ["anticoagulant"] * 2


def goal(**more: Any) -> dict[str, Any]:
    """A Goal of the patient."""
    return {"resourceType": "Goal", "id": "g", "subject": SUBJECT, "lifecycleStatus": "active",
            "description": {"text": "Walk to the shop"}, "startDate": "2025-01-01"} | more  # fmt: skip


def test_goals() -> None:
    """Text, target and date; only an identifier makes a goal one of the service."""
    target = {"measure": concept("walking"), "detailQuantity": quantity(25, "min"), "dueDate": "2025-03-31"}
    reading = only_reading(goal(target=[target], identifier=[{"system": SITE.resource_system, "value": "x"}]))
    assert isinstance(reading, PatientGoal)
    assert as_values(reading.text, reading.exercise, reading.target, reading.unit) == (
        "Walk to the shop",
        "walking",
        25,
        "min",
    )
    assert (reading.due, reading.written_by_service, reading.reference) == (date(2025, 3, 31), True, "Goal/g")
    plain = only_reading(goal(description=concept("walking") | {"text": "Walk"}, target=[{"detailString": "far"}]))
    assert isinstance(plain, PatientGoal)
    assert (plain.exercise, plain.target, plain.written_by_service) == ("walking", None, False)
    assert [one.reason for one in read_all(goal(lifecycleStatus="rejected")).refusals] == ["status"]


def person(**more: Any) -> PatientDetails:
    """The patient details that are read."""
    return read_all(patient(**more)).person


def test_patient_details() -> None:
    """Data for eligibility and the rules; a birth date without its day is read as the latest possible."""
    assert person() == PatientDetails("p", "Europe/London", date(1961, 5, 4), "female", zone_assumed=True)
    assert person(birthDate="2007").birth_date == date(2007, 12, 31)
    assert person(birthDate="sometime").birth_date is None
    assert person(deceasedBoolean=True).deceased
    assert person(deceasedDateTime="2024-12-24").deceased
    assert not person(deceasedDateTime="2025-02-01").deceased
    merged = [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]
    assert person(link=merged).merged_into == "Patient/q"


@pytest.mark.parametrize(
    ("status", "provision", "out"),
    [
        ("active", "permit", False),
        ("active", "deny", True),
        ("inactive", "permit", True),
        ("entered-in-error", "deny", False),
    ],
)
def test_the_status_of_a_consent(status: str, provision: str, out: bool) -> None:
    """A Consent to the programme that denies it, or was withdrawn, opts out."""
    assert read_all(consent("c", status, provision={"type": provision})).person.opted_out is out


def consent(identifier: str, status: str = "active", **more: Any) -> Resource:
    """A Consent to the programme."""
    made = {"resourceType": "Consent", "id": identifier, "patient": SUBJECT, "status": status}
    return {**made, "category": [concept("programme-consent", LOCAL)], **more}


DENIED = {"provision": {"type": "deny"}}


@pytest.mark.parametrize(
    ("consents", "out"),
    [
        ([consent("a", "inactive", dateTime="2024-01-01"), consent("b", dateTime="2025-01-02")], False),
        ([consent("a", dateTime="2024-01-01"), consent("b", "inactive", dateTime="2025-01-02")], True),
        ([consent("a", dateTime="2025-01-02"), consent("b", "inactive", dateTime="2025-01-02T07:00:00Z")], True),
        ([consent("a", dateTime="2025-01-02"), consent("b", "inactive")], True),
        (
            [consent("a", "inactive", dateTime="2024"), consent("b", meta={"lastUpdated": "2025-01-02T00:00:00Z"})],
            False,
        ),
        ([consent("a", "inactive", dateTime="2024-05-05"), consent("b")], True),
        ([consent("a", "draft")], False),
        ([consent("a", "proposed", **DENIED)], False),
        ([consent("a", provision={"type": "deny", "period": {"end": "2024-12-31"}})], False),
        ([consent("a", provision={"type": "deny", "period": {"end": "2025-01-13"}})], True),
        ([consent("a", provision={"type": "deny", "period": {"end": "2025"}})], True),
        ([consent("a", "inactive", patient={"reference": "Patient/q"})], False),
        ([consent("a", "inactive", patient={})], True),
    ],
)
def test_the_newest_answer_of_the_patient_counts(consents: list[Resource], out: bool) -> None:
    """A draft is no answer, a period that is over is over, and in doubt about the order a no counts."""
    assert read_all(*consents).person.opted_out is out
    assert read_all(*reversed(consents)).person.opted_out is out


def test_the_consent_of_another_patient_is_refused() -> None:
    """And named."""
    result = read_all(consent("a", "inactive", patient={"reference": "Patient/q"}))
    assert [(one.source.reference, one.reason) for one in result.refusals] == [("Consent/a", "wrong-patient")]


def test_exactly_one_patient() -> None:
    """No patient and several patients are different errors, raised before anything is read."""
    with pytest.raises(SeveralPatients):
        read_all(patient(), patient(id="q"))
    with pytest.raises(NoPatient):
        read_all({"resourceType": "Patient"})


def test_a_patient_by_identifier() -> None:
    """A subject without a reference is matched by one of the patient's identifiers."""
    identifier = {"system": "urn:mrn", "value": "12"}
    result = read_all(patient(identifier=[identifier]), condition(subject={"identifier": identifier}))
    assert len(result.readings) == 1


def test_the_plan_of_another_patient_is_refused() -> None:
    """Plan resources are read elsewhere; here only their patient is checked."""
    plan = {"resourceType": "CarePlan", "id": "k", "subject": SUBJECT}
    assert read_all(plan).refusals == ()
    assert [one.reason for one in read_all(plan | {"subject": {"reference": "Patient/o"}}).refusals] == [
        "wrong-patient"
    ]
