"""Probes of the numbers at which a measurement opens a red flag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tests.clinical.thresholds.probe import AT, Case, Probe, ago, calm, flags, lacks, on_course, walks
from tests.courses.build import answered, measured, on, patient_readings, stamp
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.plan import NO_PLAN
from titrate.clinical.values.readings import (
    Clearance,
    Comment,
    Diagnosis,
    DiagnosisKind,
    Measurement,
    Medication,
    Reading,
    Reporter,
)
from titrate.clinical.values.rulebook import Rulebook

Ask = Callable[[Rulebook, Decimal], object]
WHEN = on(ago(2))


def _flags(book: Rulebook, *more: Reading) -> str:
    return flags(Case(more=more).run(book))


def sign(what: str, *, exercising: bool = False) -> Ask:
    """The flags that this value opens."""
    return lambda book, value: _flags(book, Measurement(what, value, stamp(what, WHEN), exercising))


def _grave(book: Rulebook, diastolic: Decimal) -> str:
    return _flags(book, measured("systolic", 180, WHEN), measured("diastolic", diastolic, WHEN))


def _old_sign(book: Rulebook, days: Decimal) -> str:
    return _flags(book, measured("systolic", 190, on(ago(int(days)))))


def _new_medicine(book: Rulebook, days: Decimal) -> str:
    drug = Medication("fluoroquinolone", "", True, stamp("medicine", on(ago(int(days)))))
    return flags(on_course(book, (patient_readings([drug]), NO_PLAN, on(AT))))


def _text_reopens(book: Rulebook, days: Decimal) -> bool:
    text = Comment("chest pain", stamp("text", on(ago(int(days)))))
    return bool(Case(more=(text,), screened=60).run(book).picture.safety.screen.reopened)


def _falls_to(exercising: bool) -> Ask:
    """The flags if 150 at rest becomes this value in exercise or on standing."""

    def ask(book: Rulebook, value: Decimal) -> str:
        name, later = ("systolic" if exercising else "systolic-standing"), WHEN + timedelta(minutes=5)
        after = Measurement(name, value, stamp("later", later), exercising)
        return _flags(book, measured("systolic", 150, WHEN), after)

    return ask


def _diagnosed(concept: str, days: int, kind: DiagnosisKind = DiagnosisKind.CONDITION) -> Diagnosis:
    return Diagnosis(kind, concept, concept, stamp(f"{concept}-{days}", on(ago(days))))


def _weighed(book: Rulebook, days: int, value: Decimal, *more: Reading) -> Evaluation:
    weights = (measured("weight", 80, on(ago(days + 1))), measured("weight", value, on(ago(1))))
    return Case(more=(*weights, *more), screened=3).run(book)


def _gain(book: Rulebook, kilograms: Decimal) -> str:
    return flags(_weighed(book, 3, 80 + kilograms, _diagnosed("heart-failure", 900)))


def _gain_within(book: Rulebook, days: Decimal) -> str:
    return flags(_weighed(book, int(days), Decimal(82), _diagnosed("heart-failure", 900)))


def _loss(book: Rulebook, value: Decimal) -> bool:
    return lacks(_weighed(book, 100, value), "RF04")


def _loss_within(book: Rulebook, days: Decimal) -> bool:
    return lacks(_weighed(book, int(days), Decimal(76)), "RF04")


def _listed(concept: str) -> Ask:
    """The flags that a diagnosis of this group opens, a number of days after it, without a programme."""

    def ask(book: Rulebook, days: Decimal) -> str:
        return flags(on_course(book, (patient_readings([_diagnosed(concept, int(days))]), NO_PLAN, on(AT))))

    return ask


def _fallen_before(book: Rulebook, days: Decimal) -> str:
    return _flags(book, _diagnosed("fall", int(days) + 1), _diagnosed("fall", 1))


def _fallen(book: Rulebook, count: Decimal) -> str:
    return _flags(book, *(_diagnosed("fall", days) for days in (1, 20, 40)[: int(count)]))


def _injured_at(book: Rulebook, age: Decimal) -> bool:
    """Whether the question of a fracture is open after an injury at this age."""
    reported, in_force, at = Case(more=(_diagnosed("injury", 1),), screened=3).course()
    person = replace(reported.person, birth_date=date(AT.year - int(age), 1, 1))
    return lacks(on_course(book, (replace(reported, person=person), in_force, at)), "RF03")


def _crash(book: Rulebook, mornings: Iterable[tuple[datetime, Decimal]], days: Iterable[int]) -> str:
    """The flags with sessions a number of days ago, usual fatigue 3 and these ratings of fatigue."""
    rated = [measured("fatigue-morning", value, when) for when, value in mornings]
    readings = [*(r for r in calm() if not (isinstance(r, Measurement) and r.what == "fatigue-morning")), *rated]
    return flags(Case(sessions=tuple(walks(days)), days=tuple(readings)).run(book))


def _tired(book: Rulebook, fatigue: Decimal) -> str:
    return _crash(book, [(on(ago(days - 1)), fatigue) for days in (9, 5)], (9, 5, 3))


def _tired_after(book: Rulebook, hours: Decimal) -> str:
    ends = [on(ago(days), time(17, 20)) for days in (9, 5)]
    return _crash(book, [(end + timedelta(hours=int(hours)), Decimal(7)) for end in ends], (9, 5))


def _tired_days(book: Rulebook, count: Decimal) -> str:
    return _crash(book, [(on(ago(days - 1)), Decimal(7)) for days in (9, 7, 5)[: int(count)]], (9, 7, 5))


def _tired_apart(book: Rulebook, sessions: Decimal) -> str:
    """Two bad mornings, after a session day and after the one a number of session days later."""
    days = (12, 10, 8, 6)
    return _crash(book, [(on(ago(d - 1)), Decimal(7)) for d in (days[0], days[int(sessions)])], days)


def _cleared_infarction(book: Rulebook, hours: Decimal) -> str:
    """The open flags when a clinician cleared a heart attack a number of hours after it."""
    began = on(ago(35))
    when = (began.astimezone(UTC) + timedelta(hours=int(hours))).astimezone(began.tzinfo)
    clearance = Clearance("rf10", replace(stamp("cleared", when), reporter=Reporter.PRACTITIONER))
    return flags(Case(more=(_diagnosed("myocardial-infarction", 35), clearance), since=40).run(book))


def _cleared_after(flag: str) -> Ask:
    """The open flags when a clinician clears a flag a number of hours after it opened."""

    def ask(book: Rulebook, hours: Decimal) -> str:
        opened = on(ago(35))
        later = (opened.timestamp(), timedelta(hours=int(hours)))
        when = datetime.fromtimestamp(later[0], opened.tzinfo) + later[1]
        clearance = Clearance(flag, replace(stamp("cleared", when), reporter=Reporter.PRACTITIONER))
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
    "GLUCOSE_HIGH": Probe(sign("glucose"), {"13.87": "", "13.88": "", "13.89": "rf17 B"}, "0.01"),
    "PHQ9_ITEM9": Probe(sign("phq-9-item-9"), {"0": "", "1": "rf19 E0", "2": "rf19 E0"}),
    "SIGN_DAYS": Probe(_old_sign, {"119": "rf11 E1", "120": "rf11 E1", "121": ""}),
    "ALARMING_TEXT_DAYS": Probe(_text_reopens, {"27": True, "28": True, "29": False}),
    "MEDICINE_NEW_DAYS": Probe(_new_medicine, {"27": "rf25 E2", "28": "rf25 E2", "29": ""}),
    "BP_EXERCISE_DROP": Probe(_falls_to(True), {"141": "", "140": "", "139": "rf12 E1"}),
    "BP_STANDING_DROP": Probe(_falls_to(False), {"131": "", "130": "", "129": "rf12 E1"}),
    "FLUID_GAIN": Probe(_gain, {"1.9": "", "2.0": "rf18 E1", "2.1": "rf18 E1"}, "0.1"),
    "FLUID_DAYS": Probe(_gain_within, {"2": "rf18 E1", "3": "rf18 E1", "4": ""}),
    "WEIGHT_LOSS_PART": Probe(_loss, {"76.01": False, "76.0": True, "75.9": True}, "0.001"),
    "WEIGHT_LOSS_DAYS": Probe(_loss_within, {"181": True, "182": True, "183": False}),
    "INFARCTION_DAYS": Probe(_listed("myocardial-infarction"), {"20": "rf10 E1", "21": "", "22": ""}),
    "EMBOLISM_DAYS": Probe(_listed("thromboembolism"), {"27": "rf10 E1", "28": "", "29": ""}),
    "DIAGNOSIS_NEW_DAYS": Probe(_listed("atrial-fibrillation"), {"27": "rf10 E1", "28": "", "29": ""}),
    "MINOR_TRAUMA_AGE": Probe(_injured_at, {"64": False, "65": False, "66": True}),
    "FALLS_DAYS": Probe(_fallen_before, {"91": "rf23 E2", "92": "", "93": ""}),
    "FALLS_COUNT": Probe(_fallen, {"1": "", "2": "rf23 E2", "3": "rf23 E2"}),
    "PEM_FATIGUE": Probe(_tired, {"6": "", "7": "rf16 B", "8": "rf16 B"}),
    "PEM_FROM_HOURS": Probe(_tired_after, {"11": "", "12": "rf16 B", "13": "rf16 B"}),
    "PEM_TO_HOURS": Probe(_tired_after, {"71": "rf16 B", "72": "rf16 B", "73": ""}),
    "PEM_COUNT": Probe(_tired_days, {"1": "", "2": "rf16 B", "3": "rf16 B"}),
    "PEM_OF": Probe(_tired_apart, {"1": "rf16 B", "2": "rf16 B", "3": ""}),
    "CLEAR_AFTER_RF10_INFARCTION": Probe(_cleared_infarction, {"503": "rf10 E1", "504": "", "505": ""}),
    "CLEAR_AFTER_RF10": Probe(_cleared_after("rf10"), {"671": "rf10 E1", "672": "", "673": ""}),
    "CLEAR_AFTER_RF15": Probe(_cleared_after("rf15"), {"47": "rf15 B", "48": "", "49": ""}),
    "CLEAR_AFTER_RF17": Probe(_cleared_after("rf17"), {"23": "rf17 E1", "24": "", "25": ""}),
}
