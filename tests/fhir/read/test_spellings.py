"""One code and one unit, spelled as senders spell them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fhir.read.sample_resources import (
    LOCAL,
    LOINC,
    SUBJECT,
    Resource,
    mapped,
    observation,
    pain,
    quantity,
    read_all,
)
from titrate.clinical.values.quantity import known
from titrate.clinical.values.readings import Diagnosis, Measurement, Medication

CM, WHO = "http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10"
GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"


def condition(system: str, code: str) -> Resource:
    """An active diagnosis with one coding."""
    return {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "onsetDateTime": "2025-01-12",
            "code": {"coding": [{"system": system, "code": code}]}}  # fmt: skip


def group(system: str, code: str) -> str | None:
    """The group that the diagnosis belongs to."""
    (found,) = [one for one in read_all(condition(system, code)).readings if isinstance(one, Diagnosis)]
    return found.concept


@pytest.mark.parametrize("code", ["G83.4", "G834", "g83.4", "g834", " G83.4 "])
@pytest.mark.parametrize(
    "system",
    [
        CM, WHO, GM, f"{CM}/", f"{WHO}/", f"{GM}/", f"{CM}/|2024", f"{CM}|2024/", "https://hl7.org/fhir/sid/icd-10/",
        "http://hl7.org/fhir/sid/icd-10-gm", "https://fhir.de/CodeSystem/bfarm/icd-10-gm/",
        "urn:oid:2.16.840.1.113883.6.3",
        f"{WHO}|2019", f"{GM}|2025", "https://hl7.org/fhir/sid/icd-10-cm",
        "http://hl7.org/fhir/sid/ICD-10-CM", "http://fhir.de/CodeSystem/dimdi/icd-10-gm",
        "urn:oid:2.16.840.1.113883.6.90", "2.16.840.1.113883.6.90", "urn:oid:1.2.276.0.76.5.311",
        "http://id.who.int/icd/release/10/2019",
        "https://fhir.hl7.org.uk/Id/icd-10", "https://health.example/fhir/sid/ICD10", "https://health.example/icd-10-xx",
        "ICD-10-CM", "ICD-10", "icd10", "ICD 10 GM", "I10", "I10C", "ICD10CM|2024",
    ],
)  # fmt: skip
def test_spellings_of_a_diagnosis(system: str, code: str) -> None:
    """Dot, case, edition, version, slash and OID make no other diagnosis."""
    assert group(system, code) == group(CM, "G83.4") is not None


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (CM, "G82.4"),
        ("http://hl7.org/fhir/sid/icd-9-cm", "G83.4"),
        ("http://hl7.org/fhir/sid/icd-10-pcs", "G83.4"),
        ("ICD-9", "G83.4"),
        ("ICD-10-PCS", "G83.4"),
        ("https://health.example/icd-10/beds", "G83.4"),
    ],
)
def test_another_diagnosis(system: str, code: str) -> None:
    """Another code, or the code of another system, does not belong to the group."""
    assert group(system, code) != group(CM, "G83.4")


@pytest.mark.parametrize(
    "system",
    [
        "https://loinc.org/", "https://loinc.org|2.77", "URN:OID:2.16.840.1.113883.6.1",
        "http://loinc.org", "https://loinc.org", "http://loinc.org/", "http://loinc.org|2.77",
        "urn:oid:2.16.840.1.113883.6.1", "2.16.840.1.113883.6.1", "HTTP://LOINC.ORG", "LOINC", "LN",
    ],
)  # fmt: skip
def test_spellings_of_loinc(system: str) -> None:
    """The morning pain of any of them is morning pain."""
    (reading,) = read_all(pain(code={"coding": [{"system": system, "code": "72514-3"}]})).readings
    assert isinstance(reading, Measurement)


@pytest.mark.parametrize("system", [LOCAL, f"{LOCAL}/", f"{LOCAL}|1.0"])
def test_spellings_of_the_local_system(system: str) -> None:
    """Local codes with a version, too."""
    (reading,) = read_all(observation("fatigue-nrs", system, valueInteger=3)).readings
    assert isinstance(reading, Measurement)


@pytest.mark.parametrize(
    "system",
    [
        "http://snomed.info/sct/", "https://snomed.info/sct", "https://snomed.info/sct/|20240101",
        "2.16.840.1.113883.6.96",
        "http://snomed.info/sct/731000124108", "http://snomed.info/sct/900000000000207008/version/20240101",
        "http://snomed.info/sct|http://snomed.info/sct/731000124108", "urn:oid:2.16.840.1.113883.6.96",
        "SNOMED CT", "SNOMED-CT", "snomedct", "SCT", "SNOMEDCT_US",
    ],
)  # fmt: skip
def test_editions_of_snomed(system: str) -> None:
    """An edition and a version are SNOMED CT."""
    assert group(system, "278860009") == group("http://snomed.info/sct", "278860009") is not None


def medicine(system: str, code: str) -> str | None:
    """The group that a medicine belongs to by its code alone."""
    made = {"resourceType": "MedicationStatement", "id": "m", "status": "active", "subject": SUBJECT,
            "medicationCodeableConcept": {"coding": [{"system": system, "code": code}]}}  # fmt: skip
    (found,) = [one for one in read_all(made).readings if isinstance(one, Medication)]
    return found.group


@pytest.mark.parametrize("code", ["C07AB02", "c07ab02", " C07AB02 "])
@pytest.mark.parametrize(
    "system",
    [
        "http://www.whocc.no/atc", "https://www.whocc.no/atc", "http://www.whocc.no/atc/", "http://www.whocc.no/ATC|2024",
        "http://fhir.de/CodeSystem/bfarm/atc", "urn:oid:2.16.840.1.113883.6.73", "2.16.840.1.113883.6.73",
    ],
)  # fmt: skip
def test_spellings_of_atc(system: str, code: str) -> None:
    """Case, version, slash, scheme and OID make no other medicine."""
    assert medicine(system, code) == "beta-blocker"


@pytest.mark.parametrize(
    "system",
    [
        "http://www.nlm.nih.gov/research/umls/rxnorm", "https://www.nlm.nih.gov/research/umls/rxnorm",
        "http://www.nlm.nih.gov/research/umls/rxnorm/", "http://www.nlm.nih.gov/research/umls/RxNorm|08042025",
        "urn:oid:2.16.840.1.113883.6.88", "2.16.840.1.113883.6.88",
    ],
)  # fmt: skip
def test_spellings_of_rxnorm(system: str) -> None:
    """The same for the code of an ingredient."""
    assert medicine(system, "6918") == "beta-blocker"


@pytest.mark.parametrize(
    ("system", "code"), [("http://www.whocc.no/atcvet", "C07AB02"), ("urn:oid:2.16.840.1.1", "6918")]
)
def test_another_code_system(system: str, code: str) -> None:
    """A system that is only similar has other codes."""
    assert medicine(system, code) is None


@pytest.mark.parametrize("code", ["2339-0", "2345-7", "41653-7", "14749-6", "15074-8"])
@pytest.mark.parametrize(
    ("value", "unit"), [("90.078", "mg/dL"), ("90.078", "mg/dl"), ("5", "mmol/L"), ("5", "mmol/l")]
)
def test_glucose_in_both_units(code: str, value: str, unit: str) -> None:
    """Every mapped code of glucose, in mass and in amount of substance, is the same reading."""
    (reading,) = read_all(observation(code, LOINC, valueQuantity=quantity(value, unit))).readings
    assert isinstance(reading, Measurement)
    assert (reading.what, reading.value) == ("glucose", Decimal(5))


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("min{walking}", "min"), ("/min{beats}", "/min"), ("mm[Hg]{sitting}", "mm[Hg]"), ("kg{body}", "kg"),
        ("%{saturation}", "%"), ("MIN", "min"), ("Minutes", "min"), ("Hours", "h"), ("BPM", "/min"),
        ("Beats/min", "/min"), ("1/min", "/min"), ("MMHG", "mm[Hg]"), ("mg/dl", "mg/dL"), ("mmol/l", "mmol/L"),
        ("LBS", "[lb_av]"), ("pounds", "[lb_av]"), ("KG", "kg"), ("Fahrenheit", "[degF]"), ("{nrs}", "{score}"),
        (" min ", "min"), ("rep", "{repetitions}"), ("{reps}", "{reps}"), ("min{active}", "min"), ("mins", "min"),
        ("min.", "min"), ("ｍｉｎ", "min"), ("metre", "m"), ("Metres", "m"), ("lbs.", "[lb_av]"),
        ("°C", "Cel"), ("℃", "Cel"), ("° C", "Cel"), ("deg C", "Cel"), ("CEL", "Cel"), ("℉", "[degF]"), ("㎏", "kg"),
        ("bpm", "/min"), ("beats / min", "/min"), ("beats per\u00a0minute", "/min"), ("mm hg", "mm[Hg]"), ("％", "%"),
        ("Minuten", "min"), ("minutos", "min"), ("Wiederholungen", "{repetitions}"), ("steps/day", "{steps}/d"),
        ("km/hr", "km/h"), ("ounces", "[oz_av]"),
    ],
)  # fmt: skip
def test_spellings_of_a_unit(written: str, unit: str) -> None:
    """What hospitals and devices send for a unit is that unit."""
    assert mapped()[0].units.code(written) == unit


@pytest.mark.parametrize(
    "written",
    [
        "M", "S", "H", "G", "D", "MM", "m{min}", "/min{steps}", "{minutes}", "{sets}", "x", "c", "f", '"', "'",
        "\u2032", "\u2033", "''", "#", "in", "lpm", "stone", "min min", "L/min",
    ],
)  # fmt: skip
def test_what_could_be_another_unit(written: str) -> None:
    """It is no known unit, and stays as it was written."""
    assert mapped()[0].units.code(written) == written
    assert not known(written)


def test_m_is_metres() -> None:
    """A UCUM code keeps its meaning, so that a walk of 15 m is never read as 15 minutes."""
    assert mapped()[0].units.code("m") == "m"


def test_an_annotated_unit_is_read() -> None:
    """From the Quantity to the reading."""
    beats = {"value": 70, "system": "http://unitsofmeasure.org", "code": "/min{beats}"}
    (reading,) = read_all(observation("8867-4", LOINC, valueQuantity=beats)).readings
    assert isinstance(reading, Measurement)
    assert reading.value == 70
