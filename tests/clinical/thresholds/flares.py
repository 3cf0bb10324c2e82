"""Probes of the numbers of flares and of the return to load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tests.clinical.thresholds.probe import WALK, Case, Probe, ago, calm, minutes_of, pain, walks, without
from tests.courses.build import answered, limit, minutes, on, state
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.readings import Reading
from titrate.clinical.values.rulebook import Rulebook

Ask = Callable[[Rulebook, Decimal], object]


def _mornings(values: Mapping[int, Decimal | int], gone: Iterable[int] = ()) -> tuple[Reading, ...]:
    """Usual mornings except for these."""
    return (*without(calm(), (*values, *gone)), *(pain(day, value) for day, value in values.items()))


def _twice(book: Rulebook, value: Decimal) -> str:
    return "D2" if "D2" in Case(days=_mornings({1: value, 2: value})).run(book).decision.matched else "none"


def _apart(book: Rulebook, days: Decimal) -> str:
    bad = (1, 1 + int(days))
    found = Case(days=_mornings(dict.fromkeys(bad, 4), range(2, bad[1]))).run(book).decision.matched
    return "D2" if "D2" in found else "none"


def _worst(book: Rulebook, value: Decimal) -> str | None:
    return minutes_of(Case(days=_mornings({1: value, 2: 4})).run(book))


def _of_ten(book: Rulebook, value: Decimal) -> str | None:
    """Two mornings two points above usual, at this usual pain."""
    days = _mornings({1: value, 2: value})
    return minutes_of(Case(days=days, plan={"usual_pain": value - 2}).run(book))


def _flare(dose: Dose, *more: Reading) -> Case:
    tick = answered("flare-self-report", True, on(ago(1)))
    return Case(more=(tick, *more), dose=dose)


def _first_grade(book: Rulebook, amount: Decimal) -> str | None:
    return minutes_of(_flare(minutes(amount)).run(book))


def _second_grade(book: Rulebook, amount: Decimal) -> str | None:
    lost = answered("daily-activity-kept", "no", on(ago(1)))
    return minutes_of(_flare(minutes(amount), lost).run(book))


def _effort(book: Rulebook, cap: Decimal) -> bool:
    """Whether a flare's order has this exertion if it is the clinician's cap."""
    prescription = _flare(WALK, limit("rpe-cap", cap, ago(10))).run(book).prescription
    return prescription is not None and any(
        f"up to {cap} of 10 (CR10)" in str(c) for c in prescription.exercises[0].caps
    )


def _reviewed(book: Rulebook, days: Decimal) -> bool:
    """Whether a plan in a flare is reviewed by this many days from now."""
    look = _flare(WALK).run(book).decision.next_review
    return look is not None and look <= ago(-int(days))


def _calm_at(book: Rulebook, value: Decimal) -> str:
    tick = answered("flare-self-report", True, on(ago(3)))
    return Case(days=_mornings({1: value, 2: value}), more=(tick,)).run(book).decision.rule


def _settled(length: int, dose: Dose = WALK) -> Case:
    """A flare of this length that settled on its second usual morning, yesterday, unanswered by a plan."""
    ticks = tuple(answered("flare-self-report", True, on(ago(day))) for day in (3, 2 + length))
    held = tuple(answered("daily-activity-kept", "with-help", on(ago(day))) for day in range(3, 3 + length))
    gone = range(3, 3 + length)
    return Case(days=_mornings({}, gone), more=(*ticks, *held), dose=dose, sessions=tuple(walks((12, 6, 4), dose)))


def _start_after(book: Rulebook, length: Decimal) -> str | None:
    case = _settled(int(length))
    return minutes_of(case.run(book))


def _start_of(length: int) -> Ask:
    return lambda book, amount: minutes_of(_settled(length, minutes(amount)).run(book))


def _in_flare(good: Iterable[int]) -> Case:
    """Pre-flare dose 20, flare dose 15, a settled flare of five days; tolerated walks at 15 a number of days ago."""
    low = minutes(15)
    ticks = tuple(answered("flare-self-report", True, on(ago(day))) for day in (9, 13))
    states = (state("walking", low, 3, ago(13), before_flare=WALK),)
    plan = {"flare_first_day": ago(13), "flare_grade": "f1"}
    days = _mornings({}, range(9, 14))
    return Case(
        states=states, sessions=tuple(walks(good, low)), days=days, more=ticks, phase=Phase.FLARE, since=13, plan=plan
    )


def _tolerated(book: Rulebook, count: Decimal) -> str | None:
    return minutes_of(_in_flare((4, 3, 2)[: int(count)]).run(book))


def _tolerated_since(book: Rulebook, days: Decimal) -> str | None:
    return minutes_of(_in_flare((int(days), 2)).run(book))


def _returning(dose: Dose, before: Dose, since: int, good: Iterable[int]) -> Case:
    states = (state("walking", dose, 3, ago(since), before_flare=before),)
    return Case(states=states, sessions=tuple(walks(good, dose)), phase=Phase.RETURN, since=since)


def _rung(book: Rulebook, before: Decimal) -> str | None:
    return minutes_of(_returning(minutes(40), minutes(before), 8, (8, 6, 4, 2)).run(book))


def _rung_sessions(book: Rulebook, good: Decimal) -> str | None:
    """Other walks since the rung was taken were marginal."""
    case = _returning(minutes(40), minutes(50), 9, ())
    marginal = walks((9, 8, 7, 6), minutes(40), rpe=Decimal(5))
    sessions = (*marginal, *walks((5, 4, 3)[: int(good)], minutes(40)))
    return minutes_of(Case(states=case.states, sessions=sessions, phase=Phase.RETURN, since=9).run(book))


def _held(book: Rulebook, days: Decimal) -> str:
    return _returning(WALK, WALK, int(days), (8, 6, 4, 2)).run(book).decision.phase.value


CASES: Mapping[str, Probe] = {
    "FLARE_RISE": Probe(_twice, {"3.5": "none", "4": "D2", "4.5": "D2"}, "0.5"),
    "FLARE_APART_DAYS": Probe(_apart, {"2": "D2", "3": "D2", "4": "none"}),
    "FLARE_F2_RISE": Probe(_worst, {"4.5": "14", "5": "14", "5.5": "10"}, "0.5"),
    "FLARE_F2_PAIN": Probe(_of_ten, {"7.5": "14", "8": "10", "8.5": "10"}, "0.5"),
    "FLARE_F1": Probe(_first_grade, {"20": "14", "30": "21", "40": "28"}, "0.05"),
    "FLARE_F2": Probe(_second_grade, {"20": "10", "30": "15", "40": "20"}, "0.05"),
    "FLARE_RPE_MAX": Probe(_effort, {"2.5": True, "3": True, "3.5": False}, "0.5"),
    "FLARE_LOOK_DAYS": Probe(_reviewed, {"1": False, "2": True, "3": True}),
    "SETTLED_ABOVE_USUAL": Probe(_calm_at, {"2.5": "D8", "3": "D8", "3.5": "D2"}, "0.5"),
    "RETURN_SHORT_DAYS": Probe(_start_after, {"2": "16", "3": "16", "4": "14"}),
    "RETURN_MIDDLE_DAYS": Probe(_start_after, {"6": "14", "7": "14", "8": "10"}),
    "RETURN_LONG_DAYS": Probe(_start_after, {"13": "10", "14": "10", "15": None}),
    "RETURN_SHORT": Probe(_start_of(2), {"20": "16", "30": "24", "40": "32"}, "0.05"),
    "RETURN_MIDDLE": Probe(_start_of(5), {"20": "14", "30": "21", "40": "28"}, "0.05"),
    "RETURN_LONG": Probe(_start_of(10), {"20": "10", "30": "15", "40": "20"}, "0.05"),
    "RETURN_T_SESSIONS": Probe(_tolerated, {"1": "14", "2": "15", "3": "15"}),
    "RETURN_T_DAYS": Probe(_tolerated_since, {"3": "15", "4": "15", "5": "14"}),
    "RETURN_RUNG": Probe(_rung, {"50": "45", "60": "46", "70": "47"}, "0.02"),
    "RETURN_HOLD_DAYS": Probe(_held, {"6": "return", "7": "loading", "8": "loading"}),
}  # fmt: skip
