"""Probes of the numbers from which a measurement opens a red flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from service.clinical.plan import NO_PLAN
from service.clinical.readings import Cleared, Measured, Medicated, Reading, Reporter
from service.clinical.rulebook import Rulebook
from tests.clinical.thresholds.probe import AT, Case, Probe, ago, flags, on_course
from tests.courses.build import answered, heard, measured, on, stamp

Ask = Callable[[Rulebook, Decimal], object]
WHEN = on(ago(2))


def _flags(book: Rulebook, *more: Reading) -> str:
    return flags(Case(more=more).run(book))


def sign(what: str, *, exercising: bool = False) -> Ask:
    """The flags that this value opens."""
    return lambda book, value: _flags(book, Measured(what, value, stamp(what, WHEN), exercising))


def _grave(book: Rulebook, diastolic: Decimal) -> str:
    return _flags(book, measured("systolic", 180, WHEN), measured("diastolic", diastolic, WHEN))


def _old_sign(book: Rulebook, days: Decimal) -> str:
    return _flags(book, measured("systolic", 190, on(ago(int(days)))))


def _new_medicine(book: Rulebook, days: Decimal) -> str:
    drug = Medicated("fluoroquinolone", "", True, stamp("medicine", on(ago(int(days)))))
    return flags(on_course(book, (heard([drug]), NO_PLAN, on(AT))))


def _cleared_after(flag: str) -> Ask:
    """What is open when a clinician clears a flag so many hours after it opened."""

    def ask(book: Rulebook, hours: Decimal) -> str:
        opened = on(ago(35))
        later = (opened.timestamp(), timedelta(hours=int(hours)))
        when = datetime.fromtimestamp(later[0], opened.tzinfo) + later[1]
        clearance = Cleared(flag, replace(stamp("cleared", when), reporter=Reporter.PRACTITIONER))
        return _flags(book, answered(flag, True, opened), clearance)

    return ask


CASES: Mapping[str, Probe] = {
    "BP_SYSTOLIC_STOP": Probe(sign("systolic"), {"179": "", "180": "rf11 E1", "181": "rf11 E1"}),
    "BP_DIASTOLIC_STOP": Probe(sign("diastolic"), {"109": "", "110": "rf11 E1", "111": "rf11 E1"}),
    "BP_DIASTOLIC_GRAVE": Probe(_grave, {"119": "rf11 E1", "120": "rf11 E0", "121": "rf11 E0"}),
    "BP_SYSTOLIC_EXERCISE": Probe(sign("systolic", exercising=True), {"249": "", "250": "", "251": "rf12 E1"}),
    "BP_DIASTOLIC_EXERCISE": Probe(sign("diastolic", exercising=True), {"114": "", "115": "", "116": "rf12 E1"}),
    "HR_REST_STOP": Probe(sign("heart-rate"), {"119": "", "120": "", "121": "rf13 E1"}),
    "HR_REST_LOW": Probe(sign("heart-rate"), {"39": "rf13 E1", "40": "", "41": ""}),
    "SPO2_REST_LOW": Probe(sign("spo2"), {"91": "rf14 E1", "92": "", "93": ""}),
    "SPO2_EXERCISE_LOW": Probe(sign("spo2", exercising=True), {"88": "rf14 E1", "89": "", "90": ""}),
    "FEVER": Probe(sign("temperature"), {"37.9": "", "38.0": "rf05 E1", "38.1": "rf05 E1 rf15 B"}, "0.1"),
    "GLUCOSE_STOP": Probe(sign("glucose"), {"2.8": "rf17 E1", "2.9": "rf17 B", "3.0": "rf17 B"}, "0.1"),
    "GLUCOSE_LOW": Probe(sign("glucose"), {"3.8": "rf17 B", "3.9": "", "4.0": ""}, "0.1"),
    "GLUCOSE_HIGH": Probe(sign("glucose"), {"16.6": "", "16.65": "", "16.7": "rf17 B"}, "0.1"),
    "PHQ9_ITEM9": Probe(sign("phq-9-item-9"), {"0": "", "1": "rf19 E0", "2": "rf19 E0"}),
    "SIGN_DAYS": Probe(_old_sign, {"119": "rf11 E1", "120": "rf11 E1", "121": ""}),
    "MEDICINE_NEW_DAYS": Probe(_new_medicine, {"27": "rf25 E2", "28": "rf25 E2", "29": ""}),
    "CLEAR_AFTER_RF10": Probe(_cleared_after("rf10"), {"671": "rf10 E1", "672": "", "673": ""}),
    "CLEAR_AFTER_RF15": Probe(_cleared_after("rf15"), {"47": "rf15 B", "48": "", "49": ""}),
    "CLEAR_AFTER_RF17": Probe(_cleared_after("rf17"), {"23": "rf17 E1", "24": "", "25": ""}),
}
