"""Probes of the numbers of start doses, steps and rounding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.clinical.thresholds.probe import Case, Probe, ago, intake, intake_decision
from tests.courses.build import answered, measured, minutes, on, sets
from titrate.clinical.values.dose_math import DoseForm, dose_form, round_down_dose, step_up
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.readings import Reading
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages.decisions import (
    UnstableTrials,
)

Ask = Callable[[Rulebook, Decimal], object]
CAUTIOUS: tuple[Reading, ...] = (answered("cautious-profile", True, on(ago(30))),)
IN_UNIT = {"min": "walking", "m": "lift-and-carry", "s": "balance-stance", "{repetitions}": "leg-press"}


def _form(book: Rulebook, unit: str) -> DoseForm:
    return dose_form(book.exercises[IN_UNIT[unit]], None)


def _text(dose: Dose | None) -> str | None:
    return None if dose is None else f"{dose.amount.normalize():f}"


def _start(more: tuple[Reading, ...] = ()) -> Ask:
    """The start dose of three equal trials."""
    return lambda book, done: _text(intake(book, {2: done, 4: done, 6: done}, more))


def _trials(book: Rulebook, count: Decimal) -> str | None:
    return _text(intake(book, dict.fromkeys(range(2, 2 + int(count)), 10)))


def _newest_trial(book: Rulebook, days: Decimal) -> str | None:
    return _text(intake(book, dict.fromkeys(range(int(days), int(days) + 3), 10)))


def _best_trial(book: Rulebook, done: Decimal) -> str | None:
    """Two trials of 10 minutes and this one: the mean, or the worst if they are unstable."""
    return _text(intake(book, {2: 10, 4: 10, 6: done}))


def _more_trials(book: Rulebook, done: Decimal) -> tuple[str, ...]:
    """The request after two trials of 10 minutes and this one."""
    asks = intake_decision(book, {2: 10, 4: 10, 6: done}).decision.asks
    return tuple(str(ask) for ask in asks if isinstance(ask, UnstableTrials))


def _cautious(what: str) -> Ask:
    return lambda book, value: Case(more=(measured(what, value, on(ago(20))),)).run(book).assessment.cautious


def _flare_ago(book: Rulebook, days: Decimal) -> bool:
    tick = answered("flare-self-report", True, on(ago(int(days))))
    return Case(more=(tick,)).run(book).assessment.cautious


def _step(*, cautious: bool = False) -> Ask:
    return lambda book, amount: _text(step_up(book, _form(book, "min"), minutes(amount), cautious=cautious))


def _load_step(book: Rulebook, load: Decimal) -> tuple[Decimal, Decimal | None] | None:
    """Repetitions and load after a step from 3 x 10, with plates of 2 kg."""
    dose = step_up(book, _form(book, "{repetitions}"), sets(3, 10, load), cautious=False)
    return None if dose is None else (dose.amount, dose.load)


def _down(unit: str) -> Ask:
    return lambda book, amount: _text(round_down_dose(book, _form(book, unit), Dose(amount, unit)))


def _written_for(book: Rulebook, days: Decimal) -> bool:
    """Whether a plan written today ends by this many days from now."""
    prescription = Case().run(book).prescription
    return prescription is not None and prescription.period_end <= ago(-int(days))


CASES: Mapping[str, Probe] = {
    "PLAN_DAYS": Probe(_written_for, {"27": False, "28": True, "29": True}),
    "START_FACTOR": Probe(_start(), {"10": "8", "20": "16", "30": "24"}, "0.05"),
    "START_FACTOR_CAUTIOUS": Probe(_start(CAUTIOUS), {"10": "7", "20": "14", "30": "21"}, "0.05"),
    "TRIALS_MIN": Probe(_trials, {"2": None, "3": "8", "4": "8"}),
    "TRIALS_DAYS": Probe(_newest_trial, {"13": "8", "14": "8", "15": None}),
    "TRIALS_UNSTABLE": Probe(_best_trial, {"19.5": "10", "20": "10", "20.5": "8"}, "0.1"),
    "TRIALS_UNSTABLE_MORE": Probe(
        _more_trials,
        {"20": (), "20.5": ("walking: 2 more tolerance trials, because the baseline is unstable",)},
    ),
    "TSK_11_CAUTIOUS": Probe(_cautious("tsk-11"), {"28": False, "29": True, "30": True}),
    "TSK_17_CAUTIOUS": Probe(_cautious("tsk-17"), {"36": False, "37": False, "38": True}),
    "CSI_CAUTIOUS": Probe(_cautious("csi"), {"39": False, "40": True, "41": True}),
    "PSEQ_CAUTIOUS": Probe(_cautious("pseq"), {"19": True, "20": False, "21": False}),
    "FLARE_CAUTIOUS_DAYS": Probe(_flare_ago, {"13": True, "14": True, "15": False}),
    "STEP_PCT": Probe(_step(), {"20": "22", "30": "33", "40": "44"}, "0.05"),
    "STEP_PCT_CAUTIOUS": Probe(_step(cautious=True), {"20": "21", "40": "42", "60": "63"}, "0.025"),
    "STEP_MAX_PCT": Probe(_step(), {"2": None, "2.5": "3", "3": "3.5"}, "0.05"),
    "STEP_MAX_MINUTES": Probe(_step(), {"40": "44", "50": "55", "60": "65"}),
    "LOAD_STEP": Probe(_load_step, {"40": (24, 42), "60": (24, 62), "80": (24, 84)}, "0.025"),
    "LOAD_STEP_MAX": Probe(_load_step, {"19": (33, 19), "20": (24, 22), "21": (24, 23)}, "0.01"),
    "TIME_UNIT_SMALL": Probe(_down("min"), {"9.4": "9", "9.5": "9.5", "9.8": "9.5"}, "0.25"),
    "TIME_UNIT_BELOW": Probe(_down("min"), {"9.7": "9.5", "10": "10", "10.7": "10"}),
    "TIME_UNIT": Probe(_down("min"), {"20.7": "20", "21": "21", "21.2": "21"}, "0.5"),
    "METRE_UNIT_SMALL": Probe(_down("m"), {"94": "90", "95": "95", "97": "95"}),
    "METRE_UNIT_BELOW": Probe(_down("m"), {"97": "95", "100": "100", "107": "100"}, "10"),
    "METRE_UNIT": Probe(_down("m"), {"149": "140", "150": "150", "157": "150"}),
    "SECOND_UNIT_SMALL": Probe(_down("s"), {"13.9": "13", "14": "14", "14.7": "14"}, "0.25"),
    "SECOND_UNIT_BELOW": Probe(_down("s"), {"18": "18", "20": "20", "22": "20"}, "5"),
    "SECOND_UNIT": Probe(_down("s"), {"44": "40", "45": "45", "47": "45"}),
}  # fmt: skip
