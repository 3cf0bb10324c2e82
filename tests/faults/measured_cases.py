"""Records whose sender marks a changed meaning, urgent values without a usable time, bounds, and lost parts."""

from __future__ import annotations

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Case,
    Expected,
    flag,
)
from tests.faults.form_cases import DIASTOLIC, ITEM_9, SYSTOLIC_HIGH, pressure
from tests.faults.records import (
    CLINICIAN,
    FORMS_URL,
    LOINC,
    TODAY,
    Json,
    added,
    answer,
    component,
    concept,
    condition,
    marked,
    observation,
    one,
    quantity,
    resources,
    response,
    walk,
)

HELD = Expected(rule="D5")
MODIFIER = [{"url": "http://portal.example/retracted", "valueBoolean": True}]


def marked_walks(bundle: Json) -> None:
    """The amount done of each walk carries a modifier."""
    for day in ("06", "08", "10"):
        component(walk(bundle, day), "done")["modifierExtension"] = MODIFIER


def marked_items(bundle: Json) -> None:
    """The items of the answered screen carry a modifier."""
    for item in one(bundle, "safety-screen-full-2025-01-11-0900")["item"]:
        item["modifierExtension"] = MODIFIER


def marked_entries(bundle: Json) -> None:
    """The entry of each walk carries a modifier."""
    for entry in bundle["entry"]:
        if "walking-2025" in entry["resource"]["id"]:
            entry["modifierExtension"] = MODIFIER


def marked_timing(bundle: Json) -> None:
    """The timing of the order for walking carries a modifier."""
    one(bundle, "order-walking")["occurrenceTiming"]["modifierExtension"] = MODIFIER


def empty_lists(bundle: Json) -> None:
    """Every resource has an empty list of modifiers and a plain extension."""
    for held in resources(bundle):
        held["modifierExtension"] = []
    for entry in bundle["entry"]:
        entry["modifierExtension"] = []
        held.setdefault("extension", []).append({"url": "http://portal.example/seen", "valueBoolean": True})


def no_exercise(bundle: Json) -> None:
    """The last walk does not say which exercise it was."""
    held = walk(bundle)
    held["component"] = [part for part in held["component"] if part["code"]["coding"][0]["code"] != "exercise"]


CLEARED = observation(
    "flag-clearance",
    "2025-01-13T08:30:00+00:00",
    "clear-1",
    valueCodeableConcept=concept("rf09"),
    performer=[{"reference": CLINICIAN}],
)


YES = observation("rf09", valueBoolean=True)


MODIFIERS = (
    Case(
        "clearance under implicit rules",
        flag("rf09"),
        added(YES, {**CLEARED, "implicitRules": "http://portal.example/negated"}),
    ),
    Case("clearance with a modifier in its code", flag("rf09"), added(YES, {**CLEARED, "modifierExtension": MODIFIER})),
    Case("screen with a modifier", NO_RISE, marked("safety-screen-full-2025-01-11-0900", modifierExtension=MODIFIER)),
    Case("items of the screen with a modifier", NO_RISE, marked_items),
    Case("amounts done with a modifier", NO_RISE, marked_walks),
    Case(
        "diagnosis with a modifier",
        flag("rf01"),
        added(
            {
                **condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"}),
                "modifierExtension": MODIFIER,
            }
        ),
    ),
    Case(
        "flare with a modifier",
        NO_RISE,
        added(observation("flare-self-report", valueBoolean=True, modifierExtension=MODIFIER)),
    ),
    Case("order with a modifier", HELD, marked("e2-progress-order-walking", modifierExtension=MODIFIER)),
    Case("fullUrl entry with a modifier", NO_RISE, marked_entries),
    Case("timing with modifier", HELD, marked_timing),
    Case("plan with a modifier", HELD, marked("e2-progress-plan", modifierExtension=MODIFIER)),
    Case(
        "decision under implicit rules",
        HELD,
        marked("e2-progress-decision", implicitRules="http://portal.example/rules"),
    ),
    Case("cleared flag without a modifier", RISES, added(YES, CLEARED)),
    Case("empty lists of modifiers", RISES, empty_lists),
    Case(
        "unmapped record with a modifier",
        RISES,
        added(
            observation(
                concept("9279-1", LOINC),
                "2024-12-13T07:30:00+00:00",
                valueQuantity=quantity(14, "/min"),
                modifierExtension=MODIFIER,
            )
        ),
    ),
)


ISSUED = {"issued": TODAY}


URGENT = (
    Case(
        "systolic pressure with a time of issue only",
        flag("rf11"),
        added(pressure(SYSTOLIC_HIGH, DIASTOLIC, None, **ISSUED)),
    ),
    Case(
        "temperature in Fahrenheit, issued only",
        flag("rf05", "rf15"),
        added(observation(concept("8310-5", LOINC), None, valueQuantity=quantity(103.1, "[degF]"), **ISSUED)),
    ),
    Case(
        "pressure at an empty date",
        flag("rf11"),
        added(pressure(SYSTOLIC_HIGH, DIASTOLIC, "1899-12-30T00:00:00")),
    ),
    Case("pressure at the first day of clocks", flag("rf11"), added(pressure(SYSTOLIC_HIGH, DIASTOLIC, "1970-01-01"))),
    Case("normal pressure at an empty date", RISES, added(pressure(quantity(124, "mm[Hg]"), DIASTOLIC, "1899-12-30"))),
    Case("pressure of 2001", RISES, added(pressure(SYSTOLIC_HIGH, DIASTOLIC, "2001-12-30T08:00:00Z"))),
    Case("item 9 in a year", flag("rf19"), added(observation(ITEM_9, "2025", valueInteger=2))),
    Case(
        "item 9 as an answer code, issued only",
        flag("rf19"),
        added(
            observation(ITEM_9, None, valueCodeableConcept=concept("LA6569-3", LOINC, display="Several days"), **ISSUED)
        ),
    ),
    Case("item 9 without any time", flag("rf19"), added(observation(ITEM_9, None, valueInteger=3))),
    Case(
        "pulse at rest, issued only",
        flag("rf13"),
        added(observation(concept("8867-4", LOINC), None, valueQuantity=quantity(134, "/min"), **ISSUED)),
    ),
    Case(
        "glucose, issued only",
        flag("rf17"),
        added(observation(concept("2345-7", LOINC), None, valueQuantity=quantity(44, "mg/dL"), **ISSUED)),
    ),
    Case(
        "yes in a form without a time",
        flag("rf09"),
        added(response([answer("rf09", valueBoolean=True)], f"{FORMS_URL}/safety-screen-short", None)),
    ),
    Case("pressure at a time of no calendar", flag("rf11"), added(pressure(SYSTOLIC_HIGH, DIASTOLIC, "2025-01-32"))),
    Case(
        "normal pressure with a time of issue only",
        RISES,
        added(pressure(quantity(124, "mm[Hg]"), quantity(78, "mm[Hg]"), None, **ISSUED)),
    ),
    Case("item 9 not at all, issued only", RISES, added(observation(ITEM_9, None, valueInteger=0, **ISSUED))),
)
BOUNDS = (
    Case(
        "systolic pressure above a bound that is high",
        flag("rf11"),
        added(pressure(quantity(200, "mm[Hg]", comparator=">"), DIASTOLIC)),
    ),
    Case(
        "systolic pressure at a bound that is high",
        flag("rf11"),
        added(pressure(quantity(180, "mm[Hg]", comparator=">="), DIASTOLIC)),
    ),
    Case(
        "diastolic pressure above a bound that is high",
        flag("rf11"),
        added(pressure(quantity(150, "mm[Hg]"), quantity(118, "mm[Hg]", comparator=">"))),
    ),
    Case(
        "temperature above a bound that is high",
        flag("rf05", "rf15"),
        added(observation(concept("8310-5", LOINC), valueQuantity=quantity(39, "Cel", comparator=">"))),
    ),
    Case(
        "saturation below a bound that is low",
        flag("rf14"),
        added(observation(concept("59408-5", LOINC), valueQuantity=quantity(85, "%", comparator="<"))),
    ),
    Case(
        "systolic pressure above a low bound",
        NO_RISE,
        added(pressure(quantity(150, "mm[Hg]", comparator=">"), DIASTOLIC)),
    ),
)
NO_TOPIC = Expected(rule="D5", refused="malformed")
SURVEY = [concept("survey", "http://terminology.hl7.org/CodeSystem/observation-category")]
LOST_PARTS = (
    Case(
        "survey without a time and a code",
        NO_TOPIC,
        added(observation({"coding": [{"system": "urn:site"}]}, None, category=SURVEY, valueInteger=3)),
    ),
    Case(
        "record of today without a code and a category",
        NO_TOPIC,
        added({k: v for k, v in observation("mood-nrs", valueInteger=3).items() if k != "code"}),
    ),
    Case("code as text in place of an object", flag("rf09"), added({**YES, "code": "rf09"})),
    Case("session without its exercise", Expected(rule="D5", refused="no-value"), no_exercise),
    Case(
        "blood pressure in words",
        Expected(rule="D5", refused="wrong-value"),
        added(observation(concept("85354-9", LOINC), valueString="192/120 mmHg")),
    ),
)
ON_THE_EHR = {
    "clearance under implicit rules",
    "screen with a modifier",
    "empty lists of modifiers",
    "fullUrl entry with a modifier",
    "systolic pressure with a time of issue only",
    "item 9 without any time",
    "normal pressure with a time of issue only",
    "yes in a form without a time",
}
FILE_CASES = (*MODIFIERS, *URGENT, *BOUNDS, *LOST_PARTS)
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
