"""Systems and codes of published guides and terminologies that the service writes or reads."""

from __future__ import annotations

from titrate.clinical.values.rulebook import Domain

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

# Panels of blood pressure, whose components are the values.
PRESSURE_PANELS = frozenset({(LOINC, "85354-9"), (LOINC, "55284-4")})
# The code systems of reasons why there is no value.
NO_ANSWER = frozenset({f"{TERMINOLOGY}/v3-NullFlavor", f"{TERMINOLOGY}/data-absent-reason"})

# The guide announces another system for a later release, so the code is accepted from any system.
PHYSICAL_ACTIVITY_SYSTEM = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
PHYSICAL_ACTIVITY = "PhysicalActivity"

ASSESS_PLAN_SYSTEM = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category"
US_CORE_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category"
US_CORE_PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition"
US_CORE_VERSION = "6.1.0"

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
