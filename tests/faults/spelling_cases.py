"""Spellings of one code, of its system and of its name."""

from __future__ import annotations

from tests.faults.expectations import (
    RISES,
    WALKING,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    LOCAL,
    SNOMED,
    SUBJECT,
    Change,
    Json,
    add,
    concept,
    condition,
    diagnosed,
    named,
    observation,
    quantity,
)


def taking(coding: Json | None, text: str | None = None) -> Change:
    """A new medicine, prescribed yesterday."""
    coded = {
        "medicationCodeableConcept": {**({"coding": [coding]} if coding else {}), **({"text": text} if text else {})}
    }
    return lambda bundle: add(
        bundle,
        {
            "resourceType": "MedicationRequest",
            "id": "m-1",
            "status": "active",
            "intent": "order",
            "subject": dict(SUBJECT),
            "authoredOn": "2025-01-12",
            **coded,
        },
    )


def question(text: str) -> Change:
    """A yes to a question that only this text names."""
    return lambda bundle: add(bundle, observation({"text": text}, valueBoolean=True))


ICD = "http://hl7.org/fhir/sid/icd-10"
HELD = Expected(rule="D5", flags=frozenset({"rf25"}))
SYSTOLIC = quantity(192, "mm[Hg]")

FILE_CASES = (
    Case("diagnosis in small letters", flag("rf01"), diagnosed(f"{ICD}-cm", "g83.4")),
    Case("diagnosis with a full-width letter", flag("rf01"), diagnosed(f"{ICD}-cm", "\uff27\uff18\uff13.4")),
    Case("diagnosis in full-width letters in words", flag("rf01"), named("\uff27\uff18\uff13.\uff14")),
    Case("diagnosis with spaces", flag("rf01"), diagnosed(ICD, " G83.4 ")),
    Case(
        "diagnosis of ICD-10-GM with a fifth digit",
        flag("rf01"),
        diagnosed("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "G83.41"),
    ),
    Case(
        "diagnosis of the older German system",
        flag("rf01"),
        diagnosed("http://fhir.de/CodeSystem/dimdi/icd-10-gm|2020", "G83.40"),
    ),
    Case("diagnosis by https and with a slash", flag("rf01"), diagnosed("https://hl7.org/fhir/sid/icd-10-cm/", "G834")),
    Case("diagnosis by an OID without a prefix", flag("rf01"), diagnosed("2.16.840.1.113883.6.90", "G83.4")),
    Case("diagnosis by the OID of ICD-10", flag("rf01"), diagnosed("urn:oid:2.16.840.1.113883.6.3", "G83.4")),
    Case(
        "diagnosis by a SNOMED CT edition and version",
        flag("rf01"),
        diagnosed("http://snomed.info/sct/731000124108/version/20240901", "192970008"),
    ),
    Case("diagnosis by the OID of SNOMED CT", flag("rf01"), diagnosed("urn:oid:2.16.840.1.113883.6.96", "192970008")),
    Case("diagnosis by name alone", flag("rf01"), named("Cauda equina syndrome")),
    Case("diagnosis without a system", flag("rf01"), diagnosed(None, "G83.4")),
    Case("diagnosis as its code in text", flag("rf01"), named("G83.4")),
    Case("diagnosis as text with a system", flag("rf01"), named("ICD-10: G83.4")),
    Case("diagnosis as text with a short name of the system", flag("rf01"), named("ICD10:G83.4")),
    Case("antibiotic by ATC in small letters", HELD, taking({"system": "http://www.whocc.no/atc", "code": "j01ma02"})),
    Case("antibiotic by the OID of ATC", HELD, taking({"system": "urn:oid:2.16.840.1.113883.6.73", "code": "J01MA02"})),
    Case("antibiotic by the OID of RxNorm", HELD, taking({"system": "urn:oid:2.16.840.1.113883.6.88", "code": "2551"})),
    Case("antibiotic by name", HELD, taking(None, "CIPROFLOXACIN 500 mg film-coated tablets")),
    Case(
        "pressure by another spelling of LOINC",
        flag("rf11"),
        lambda bundle: add(bundle, observation(concept("8480-6", "https://loinc.org/"), valueQuantity=SYSTOLIC)),
    ),
    Case(
        "pressure by the OID of LOINC",
        flag("rf11"),
        lambda bundle: add(
            bundle, observation(concept("8480-6", "urn:oid:2.16.840.1.113883.6.1"), valueQuantity=SYSTOLIC)
        ),
    ),
    Case(
        "safety question in a system with a slash",
        flag("rf09"),
        lambda bundle: add(bundle, observation(concept("rf09", f"{LOCAL}/"), valueBoolean=True)),
    ),
    Case(
        "safety question in a system with a version",
        flag("rf09"),
        lambda bundle: add(bundle, observation(concept("rf09", f"{LOCAL}|1.0"), valueBoolean=True)),
    ),
    Case("safety question by its code in text", flag("rf09"), question("RF09")),
    Case("safety question by its name in text", flag("rf09"), question("Chest symptoms or fainting")),
    Case(
        "diagnosis by a SNOMED CT code with its term",
        flag("rf01"),
        diagnosed(SNOMED, "192970008|Cauda equina syndrome|"),
    ),
    Case("diagnosis by a SNOMED CT expression", flag("rf01"), diagnosed(SNOMED, "192970008:246454002=1")),
    Case(
        "diagnosis by a code that is a number",
        flag("rf01"),
        lambda bundle: add(bundle, condition({"system": SNOMED, "code": 192970008})),
    ),
    Case("diagnosis of the British system", flag("rf01"), diagnosed("https://fhir.hl7.org.uk/Id/icd-10", "G834")),
    Case("diagnosis by a short name of the system", flag("rf01"), diagnosed("ICD-10-CM", "G83.4")),
    Case("diagnosis that begins in March", flag("rf01"), diagnosed(f"{ICD}-cm", "G83.4", onsetDateTime="2025-03-01")),
    Case(
        "diagnosis that is active and resolved",
        flag("rf01"),
        diagnosed(f"{ICD}-cm", "G83.4", clinicalStatus={"coding": [{"code": "active"}, {"code": "resolved"}]}),
    ),
    Case(
        "safety question without a system",
        flag("rf09"),
        lambda bundle: add(bundle, observation({"coding": [{"code": "rf09"}]}, valueBoolean=True)),
    ),
    Case("diagnosis that is suspected", flag("rf01"), named("Suspected cauda equina syndrome")),
    Case("diagnosis that cannot be excluded", flag("rf01"), named("Cannot exclude cauda equina syndrome")),
    Case("diagnosis that is denied", RISES, named("No cauda equina syndrome")),
    Case("diagnosis that was excluded", RISES, named("Cauda equina syndrome excluded")),
    Case("hay fever", RISES, diagnosed(f"{ICD}-cm", "J30.1")),
    Case("another paralysis", RISES, diagnosed(f"{ICD}-cm", "G83.1")),
    Case(
        "cauda equina syndrome refuted",
        RISES,
        diagnosed(
            f"{ICD}-cm",
            "G83.4",
            verificationStatus=concept("refuted", "http://terminology.hl7.org/CodeSystem/condition-ver-status"),
        ),
    ),
    Case(
        "diagnosis of a local system",
        Expected(rule="D10", raised=WALKING, refused="not-mapped"),
        diagnosed(
            "urn:local:problems",
            "4711",
        ),
    ),
    Case("family history in words", RISES, named("Allergic rhinitis")),
)
ON_THE_EHR = {
    "diagnosis of ICD-10-GM with a fifth digit",
    "antibiotic by the OID of ATC",
    "hay fever",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
