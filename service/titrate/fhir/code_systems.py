"""Systems and codes of published guides and terminologies that the service writes or reads."""

from __future__ import annotations

import re
from functools import lru_cache

from titrate.clinical.values.rulebook import Domain

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

# The code systems of reasons why there is no value.
NO_ANSWER = frozenset({f"{TERMINOLOGY}/v3-NullFlavor", f"{TERMINOLOGY}/data-absent-reason"})
# Reasons that say that there is no answer. Of any other, such as `masked` or `error`, there may have been one.
UNANSWERED = frozenset(
    (f"{TERMINOLOGY}/{system}", code)
    for system, codes in (
        ("data-absent-reason", "unknown asked-unknown temp-unknown not-asked asked-declined not-applicable"),
        ("data-absent-reason", "unsupported not-performed not-permitted"),
        ("v3-NullFlavor", "NI UNK ASKU NAV NASK NA"),
    )
    for code in codes.split()
)

# The guide announces another system for a later release, so the code is accepted from any system.
PHYSICAL_ACTIVITY_SYSTEM = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
PHYSICAL_ACTIVITY = "PhysicalActivity"

ASSESS_PLAN_SYSTEM = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category"
US_CORE_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category"
US_CORE_PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition"

PERTAINS_TO_GOAL = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal"
PARTICIPANT = f"{TERMINOLOGY}/provenance-participant-type"
APPROVERS = frozenset({"verifier", "attester"})

EXERCISE_THERAPY = ("229065009", "Exercise therapy (regime/therapy)")
KINDS_OF_EXERCISE = {
    Domain.AEROBIC: ("229072005", "Aerobic exercises"),
    Domain.STRENGTH: ("266741004", "Muscle strength exercise (regime/therapy)"),
    Domain.MOBILITY: ("229070002", "Stretching exercises (regime/therapy)"),
    Domain.NEUROMOTOR: ("386293009", "Balance exercises"),
}
CARE_PLAN = ("734163000", "Care Plan (record artifact)")
EDUCATION = ("409073007", "Education")

DECISION = "exercise-progression-decision"
READ_TEXT = "read-text"
ASSESSMENT = "exercise-tolerance-assessment"

_RXNORM, _ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
_ICD10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
# Other addresses of a code system, without scheme, version and trailing slash, in lower case.
_SYSTEM_ALIASES = {
    "loinc.org": LOINC,
    "2.16.840.1.113883.6.1": LOINC,
    "snomed.info/sct": SNOMED,
    "2.16.840.1.113883.6.96": SNOMED,
    "www.nlm.nih.gov/research/umls/rxnorm": _RXNORM,
    "2.16.840.1.113883.6.88": _RXNORM,
    "www.whocc.no/atc": _ATC,
    "fhir.de/codesystem/bfarm/atc": _ATC,
    "2.16.840.1.113883.6.73": _ATC,
    "hl7.org/fhir/sid/icd-10-cm": _ICD10_CM,
    "2.16.840.1.113883.6.90": _ICD10_CM,
    "hl7.org/fhir/sid/icd-10": ICD10,
    "hl7.org/fhir/sid/icd-10-gm": ICD10,
    "hl7.org/fhir/sid/icd-10-uk": ICD10,
    "hl7.org/fhir/sid/icd-10-am": ICD10,
    "hl7.org/fhir/sid/icd-10-ca": ICD10,
    "hl7.org/fhir/sid/icd-10-se": ICD10,
    "hl7.org/fhir/sid/icd-10-vn": ICD10,
    "id.who.int/icd/release/10": ICD10,
    "fhir.de/codesystem/bfarm/icd-10-gm": ICD10,
    "fhir.de/codesystem/dimdi/icd-10-gm": ICD10,
    "2.16.840.1.113883.6.3": ICD10,
    "1.2.276.0.76.5.311": ICD10,
}
# Short names in place of an address, in lower case and without hyphens and spaces; some are those of HL7 version 2.
_SHORT_NAMES = {
    **dict.fromkeys(("loinc", "ln"), LOINC),
    **dict.fromkeys(("snomedct", "snomed", "sct", "snomedctus", "snomedctuk"), SNOMED),
    **dict.fromkeys(("rxnorm",), _RXNORM),
    **dict.fromkeys(("atc", "whoatc", "wc"), _ATC),
    **dict.fromkeys(("icd10cm", "i10c"), _ICD10_CM),
    **dict.fromkeys(("icd10", "i10", "icd10gm", "icd10who", "icd10uk", "icd10am", "icd10ca"), ICD10),
}
_SCHEME = re.compile(r"https?://|urn:oid:", re.IGNORECASE)
# An edition or a version of SNOMED CT, and the year of an edition of ICD-10.
_EDITION = re.compile(r"(?<=snomed\.info/sct)/.*|(?<=icd/release/10)/.*")
# A national edition of ICD-10 at the address of any country, such as https://fhir.hl7.org.uk/Id/icd-10.
_NATIONAL_ICD10 = re.compile(r".*/icd-?10(?P<edition>-?[a-z]{2})?")
_TERM = re.compile(r"\|[^|]*\|?")
_SNOMED_STATUS = re.compile(r"\s*(?:===|<<<)")


@lru_cache(maxsize=1024)
def known_system(written: str) -> str:
    """The URI of a known code system, whatever its scheme, edition and case; of any, without version and slash."""
    address = written.partition("|")[0].strip().rstrip("/")
    plain = _SCHEME.sub("", address, count=1).lower()
    found = _SYSTEM_ALIASES.get(_EDITION.sub("", plain)) or _SHORT_NAMES.get(re.sub(r"[ _-]", "", plain))
    if found is None and (national := _NATIONAL_ICD10.fullmatch(plain)):
        found = _ICD10_CM if (national["edition"] or "").endswith("cm") else ICD10
    return found or address


def focus_concepts(written: str) -> tuple[str, ...]:
    """The concepts that a SNOMED CT expression refines, without terms; any other text is returned as it is.

    `192970008 |Cauda equina syndrome| : 246454002 = 1` is about `192970008`.
    """
    before = _TERM.sub(" ", _SNOMED_STATUS.sub("", written)).partition(":")[0]
    found = tuple(one.strip() for one in before.split("+"))
    return found if all(one.isdecimal() for one in found) else (written,)
