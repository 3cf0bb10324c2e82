"""Broken characters, and null beside a value."""

from __future__ import annotations

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Case,
    flag,
)
from tests.faults.limit_cases import BY, on
from tests.faults.records import (
    FORMS_URL,
    LOCAL,
    Json,
    added,
    answer,
    observation,
    one,
    patient,
    resources,
    response,
    walk,
)
from tests.faults.time_cases import KEPT

HALF = "good day \ud83d"


def half_goal(bundle: Json) -> None:
    """The patient's goal ends in half a character."""
    one(bundle, "e2-progress-goal")["description"]["text"] = "Walk to the bus stop \udeb6"


def half_everywhere(bundle: Json) -> None:
    """Displays and texts of the codes of all records end in half a character."""
    for held in resources(bundle):
        if "code" in held:
            held["code"]["text"] = HALF
            held["code"]["coding"][0]["display"] = HALF


TEXTS = (
    Case("half a character in the goal", RISES, half_goal),
    Case("half a character in every code", RISES, half_everywhere),
    Case("half a character in a name", RISES, lambda bundle: patient(bundle)["name"][0].update(family="Muster\ud83d")),
    Case(
        "half a character in a comment",
        RISES,
        added(
            response(
                [answer("comment", valueString=HALF), answer("pain-morning", valueInteger=2)],
                f"{FORMS_URL}/daily-check-in",
            )
        ),
    ),
    Case(
        "control characters in the goal",
        RISES,
        lambda bundle: one(bundle, "e2-progress-goal")["description"].update(
            text="Walk\u0000 to\u0001 the\u000b bus\uffff stop"
        ),
    ),
    Case(
        "whole emoji in the goal",
        RISES,
        lambda bundle: one(bundle, "e2-progress-goal")["description"].update(
            text="Walk 🚶🏽 to the bus <b>stop</b> & back"
        ),
    ),
    Case(
        "yes with half a character beside it",
        flag("rf09"),
        added(observation("rf09", valueBoolean=True, note=[{"text": HALF}])),
    ),
)


NULLS: Json = {
    "valueString": None,
    "valueQuantity": None,
    "component": None,
    "note": None,
    "dataAbsentReason": None,
    "performer": None,
}


def nulls_everywhere(bundle: Json) -> None:
    """Every record has optional elements that are null, and its lists hold a null."""
    for held in resources(bundle):
        for name in (
            "meta",
            "text",
            "extension",
            "modifierExtension",
            "contained",
            "note",
            "implicitRules",
            "language",
        ):
            held.setdefault(name, None)
        if held["resourceType"] == "Observation":
            for name in (
                "dataAbsentReason",
                "hasMember",
                "derivedFrom",
                "effectiveInstant",
                "valueString",
                "interpretation",
                "component",
            ):
                held.setdefault(name, None)


def null_bundle(bundle: Json) -> None:
    """The Bundle's own elements are null."""
    bundle.update(total=None, link=None, identifier=None, signature=None)
    bundle["entry"].append(None)
    for entry in bundle["entry"][:-1]:
        entry.update(search=None, response=None, request=None)


def null_values(bundle: Json) -> None:
    """The components of the walks have nulls beside their values."""
    for day in ("06", "08", "10"):
        held = walk(bundle, day)
        held["effectiveDateTime"] = None
        for part in held["component"]:
            part["valueString"] = None
            part["dataAbsentReason"] = None


ABSENT = (
    Case("yes with nulls beside it", flag("rf09"), added(observation("rf09", valueBoolean=True, **NULLS))),
    Case(
        "yes with a null time beside its time",
        flag("rf02"),
        added({**observation("rf02", valueBoolean=True), "effectivePeriod": None, "effectiveInstant": None}),
    ),
    Case(
        "yes in a form with null answers",
        flag("rf05"),
        added(
            response(
                [{**answer("rf05", valueBoolean=True, valueString=None, item=None), "item": None, "text": None}],
                f"{FORMS_URL}/safety-screen-short",
            )
        ),
    ),
    Case(
        "yes beside a null coding",
        flag("rf09"),
        added(
            {
                **observation("rf09", valueBoolean=True),
                "code": {"coding": [None, {"system": LOCAL, "code": "rf09", "display": None}], "text": None},
            }
        ),
    ),
    Case(
        "null performer in a limit",
        RISES,
        added({**on("walking", 30, "min"), "performer": [None, *BY]}),
    ),
    Case("nulls in every record", RISES, nulls_everywhere),
    Case("nulls in the Bundle", RISES, null_bundle),
    Case("nulls in the walks", KEPT, null_values),
    Case("null in place of a yes or no", NO_RISE, added(observation("rf09", valueBoolean=None))),
)
ON_THE_EHR = {
    "half a character in the goal",
    "half a character in every code",
    "nulls in every record",
    "yes beside a null coding",
    "control characters in the goal",
}
FILE_CASES = (*TEXTS, *ABSENT)
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
