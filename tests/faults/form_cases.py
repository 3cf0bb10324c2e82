"""Contained records, and our forms under other addresses and in other shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.faults.expectations import (
    RISES,
    WALKING,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    EHR,
    FORMS_URL,
    LOINC,
    SUBJECT,
    TODAY,
    Change,
    Json,
    added,
    answer,
    concept,
    condition,
    observation,
    quantity,
    response,
)

SBP, DBP, BP = concept("8480-6", LOINC), concept("8462-4", LOINC), concept("85354-9", LOINC)
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ITEM_9 = concept("44260-8", LOINC)
UNKNOWN_FORM = "https://portal.example/forms/77"
QUESTION = (
    "Do you have chest pain or pressure, new irregular heartbeat, fainting or near-fainting, or undue breathlessness?"
)


def inner(code: Json | str, id_: str = "a", **more: Any) -> Json:
    """A contained Observation without a subject and a time."""
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": concept(code) if isinstance(code, str) else code,
        **more,
    }


def panel(contained: Sequence[Json], code: str = "panel", **more: Any) -> Json:
    """An Observation that gathers the contained ones."""
    members = [{"reference": f"#{held['id']}"} for held in contained]
    return observation(
        concept(code, "http://portal.example"), contained=list(contained), **{"hasMember": members, **more}
    )


def report(contained: Sequence[Json], **more: Any) -> Json:
    """A DiagnosticReport with contained results."""
    return {
        "resourceType": "DiagnosticReport",
        "id": "report-1",
        "status": "final",
        "subject": dict(SUBJECT),
        "code": BP,
        "effectiveDateTime": TODAY,
        "contained": list(contained),
        "result": [{"reference": f"#{held['id']}"} for held in contained],
        **more,
    }


def pressure(systolic: Json, diastolic: Json, at: str | None = TODAY, **more: Any) -> Json:
    """A blood pressure panel."""
    parts = [{"code": SBP, "valueQuantity": systolic}, {"code": DBP, "valueQuantity": diastolic}]
    return observation(
        BP,
        at,
        category=[concept("vital-signs", "http://terminology.hl7.org/CodeSystem/observation-category")],
        component=parts,
        **more,
    )


def screen(form: str | None, yes: str = "rf09", **more: Any) -> Change:
    """A short screen of this morning with one yes."""
    items = [
        answer(link, valueBoolean=link == yes) for link in ("rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19")
    ]
    return added(response(items, form, **more))


def defined(form: str | None = f"{FORMS_URL}/safety-screen-short") -> Change:
    """A yes under another item name, with the definition of the item on chest symptoms."""
    item = {**answer("1.2", valueBoolean=True), "definition": f"{FORMS_URL}/safety-screen-short#rf09"}
    return yes_in(item, form)


def yes_in(item: Json, form: str | None = f"{FORMS_URL}/safety-screen-short") -> Change:
    """A form of this morning with this item alone."""
    return added(response([item], form))


def order_for(system: str, code: str, **more: Any) -> Change:
    """An order for an image, with the diagnosis that is its reason contained in it."""
    diagnosis = condition({"system": system, "code": code}, "c")
    return added(
        {
            "resourceType": "ServiceRequest",
            "id": "x-ray",
            "status": "active",
            "intent": "order",
            "subject": dict(SUBJECT),
            "code": concept("24627-2", LOINC),
            "authoredOn": "2025-01-12",
            "contained": [{key: value for key, value in diagnosis.items() if key != "subject"}],
            "reasonReference": [{"reference": "#c"}],
            **more,
        }
    )


SYSTOLIC_HIGH, DIASTOLIC = quantity(192, "mm[Hg]"), quantity(88, "mm[Hg]")

CONTAINED = (
    Case("diagnosis contained in an order", flag("rf01"), order_for(ICD10, "G83.4")),
    Case("harmless diagnosis contained in an order", RISES, order_for(ICD10, "J30.1")),
    Case(
        "diagnosis contained in an order entered in error", RISES, order_for(ICD10, "G83.4", status="entered-in-error")
    ),
    Case(
        "blood pressure contained in a report",
        flag("rf11"),
        added(report([inner(BP, component=pressure(SYSTOLIC_HIGH, DIASTOLIC)["component"])])),
    ),
    Case(
        "item 9 contained in a panel, without a status",
        flag("rf19"),
        added(panel([{k: v for k, v in inner(ITEM_9, valueInteger=1).items() if k != "status"}])),
    ),
    Case(
        "yes contained and derived from",
        flag("rf02"),
        added(panel([inner("rf02", valueBoolean=True)], hasMember=None, derivedFrom=[{"reference": "#a"}])),
    ),
    Case(
        "two contained members, the second one urgent",
        flag("rf01"),
        added(panel([inner("rf09", valueBoolean=False), inner("rf01", "b", valueBoolean=True)])),
    ),
    Case(
        "yes contained in a preliminary panel",
        flag("rf09"),
        added(panel([inner("rf09", valueBoolean=True)], status="preliminary")),
    ),
    Case(
        "yes contained in a panel of another patient",
        Expected(rule="D10", raised=WALKING, refused="wrong-patient"),
        added(panel([inner("rf09", valueBoolean=True)], subject={"reference": "Patient/other"})),
    ),
    Case(
        "yes contained in a panel entered in error",
        RISES,
        added(panel([inner("rf09", valueBoolean=True)], status="entered-in-error")),
    ),
    Case("no contained in a panel", RISES, added(panel([inner("rf09", valueBoolean=False)]))),
    Case(
        "contained author",
        RISES,
        added(
            observation(
                "mood-nrs",
                valueQuantity=quantity(7, "{score}"),
                contained=[{"resourceType": "Practitioner", "id": "p"}],
                performer=[{"reference": "#p"}],
            )
        ),
    ),
    Case(
        "normal blood pressure contained in a report",
        RISES,
        added(report([inner(BP, component=pressure(quantity(124, "mm[Hg]"), quantity(78, "mm[Hg]"))["component"])])),
    ),
)

FORMS = (
    Case(
        "form by a version in its address",
        flag("rf02"),
        screen(f"{EHR}/Questionnaire/safety-screen-short/_history/3", "rf02"),
    ),
    Case("form with a last slash and a version", flag("rf19"), screen(f"{FORMS_URL}/safety-screen-short/|2.0", "rf19")),
    Case("form by a relative address", flag("rf05"), screen("Questionnaire/safety-screen-short", "rf05")),
    Case("form of a portal with our item names", flag("rf01"), screen(UNKNOWN_FORM, "rf01")),
    Case("no form named", flag("rf05"), screen(None, "rf05")),
    Case(
        "form by another scheme and host in capitals",
        flag("rf08"),
        screen("http://TITRATE.example/fhir/Questionnaire/safety-screen-full", "rf08"),
    ),
    Case(
        "contained form",
        flag("rf15"),
        screen(
            "#q",
            "rf15",
            contained=[
                {
                    "resourceType": "Questionnaire",
                    "id": "q",
                    "url": f"{FORMS_URL}/safety-screen-short",
                    "status": "active",
                }
            ],
        ),
    ),
    Case(
        "yes in a group of a group",
        flag("rf09"),
        yes_in({"linkId": "g", "item": [{"linkId": "h", "item": [answer("rf09", valueBoolean=True)]}]}),
    ),
    Case(
        "yes under an answer",
        flag("rf09"),
        yes_in({"linkId": "any", "answer": [{"valueBoolean": True, "item": [answer("rf09", valueBoolean=True)]}]}),
    ),
    Case(
        "yes in a group of an unknown form",
        flag("rf09"),
        yes_in(
            {"linkId": "g", "item": [answer("rf09", valueBoolean=True)]},
            "urn:uuid:0d9b1b4e-0000-4000-8000-000000000001",
        ),
    ),
    Case(
        "yes as a coding",
        flag("rf09"),
        yes_in(answer("rf09", valueCoding={"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"})),
    ),
    Case(
        "yes as a LOINC answer in an unknown form",
        flag("rf09"),
        yes_in(answer("rf09", valueCoding={"system": LOINC, "code": "LA33-6", "display": "Yes"}), None),
    ),
    Case("item name in capitals", flag("rf09"), yes_in(answer("RF09", valueBoolean=True))),
    Case(
        "item name in capitals in an unknown form",
        flag("rf09"),
        yes_in(answer("RF09", valueBoolean=True), UNKNOWN_FORM),
    ),
    Case("item by its definition", flag("rf09"), defined()),
    Case("item by its definition in an unknown form", flag("rf09"), defined(UNKNOWN_FORM)),
    Case(
        "item by its question in an unknown form",
        flag("rf09"),
        yes_in({**answer("1.2", valueBoolean=True), "text": QUESTION}, UNKNOWN_FORM),
    ),
    Case(
        "item 9 in the form of the PHQ-9 by LOINC",
        flag("rf19"),
        added(
            response(
                [
                    answer(
                        "/44260-8",
                        valueCoding={"system": LOINC, "code": "LA6570-1", "display": "More than half the days"},
                    )
                ],
                f"{LOINC}/q/44249-1",
            )
        ),
    ),
    Case("unknown form with other items", RISES, yes_in(answer("q7", valueBoolean=True), UNKNOWN_FORM)),
    Case("all no at an address of the EHR", RISES, screen(f"{EHR}/Questionnaire/safety-screen-short", "none")),
    Case("satisfaction survey without a form", RISES, yes_in(answer("satisfied", valueString="very"), None)),
    Case("form entered in error", RISES, screen(f"{FORMS_URL}/safety-screen-short", "rf09", status="entered-in-error")),
)
ON_THE_EHR = {
    "diagnosis contained in an order",
    "item 9 contained in a panel, without a status",
    "yes contained in a panel entered in error",
    "form of a portal with our item names",
    "no form named",
    "unknown form with other items",
}
FILE_CASES = (*CONTAINED, *FORMS)
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
