"""What every decision must satisfy (section F, iii to v, vii, viii), as checks that report what is wrong."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from tests.clinical.engine_runs import key
from tests.courses.examples import Course
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.prescription.approval_checks import withholding_reasons
from titrate.clinical.values.decision import Decision, DoseChange
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import DoseLimit, Reporter
from titrate.clinical.values.rulebook import Urgency

RULES = tuple(f"D{n}" for n in range(12))
MOST = Decimal("1.20")
# A number or a date on its own: not the digits of G4, RF01 or PHQ-9.
NUMBER = re.compile(r"\d{4}-\d\d-\d\d|(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")


def is_bounded(course: Course, result: Evaluation) -> Iterator[str]:
    """Never above 1.20 x the dose in force; the end of a lighter week restores the reference dose, not more."""
    states = {s.exercise: s for s in course[1].exercises}
    for change in result.decision.doses:
        new, old = change.next, change.current
        if new is None or old is None or _restores(result.decision, states[change.exercise], new):
            continue
        heavier = (new.load or 0) > (old.load or 0) * MOST
        if heavier or new.amount > old.amount * MOST:
            yield f"{change.exercise} rises from {old} to {new}"


def _restores(decision: Decision, state: ExerciseState, new: Dose) -> bool:
    return decision.rule == "D9" and decision.phase is Phase.LOADING and key(new) <= key(state.reference)


def is_within_clinicians_limit(course: Course, result: Evaluation) -> Iterator[str]:
    """Never above the newest limit of a clinician for the exercise."""
    limits = [r for r in course[0].readings if isinstance(r, DoseLimit) and r.stamp.reporter is Reporter.PRACTITIONER]
    for limit in limits:
        same = [x for x in limits if (x.exercise, x.unit == "kg") == (limit.exercise, limit.unit == "kg")]
        newest = max((x.stamp.day for x in same if not x.stamp.preliminary), default=None)
        dose = next((d.next for d in result.decision.doses if d.exercise == limit.exercise), None)
        if dose is None or (limit.stamp.day != newest and not limit.stamp.preliminary):
            continue
        given = dose.load if limit.unit == "kg" else dose.amount
        if given is not None and given > limit.amount:
            yield f"{limit.exercise}: {given} above the limit {limit.amount}"


def flag_gives_no_dose(course: Course, result: Evaluation) -> Iterator[str]:
    """With a flag E0, E1 or B no exercise has a dose; with E2 no dose rises."""
    urgencies = {flag.urgency for flag in result.flags}
    rule = result.decision.rule
    if urgencies - {Urgency.E2} and (rule != "D1" or any(d.next for d in result.decision.doses)):
        yield f"{rule} gives a dose while a flag is open"
    if urgencies and any(d.current and key(d.next) > key(d.current) for d in result.decision.doses):
        yield f"{rule} raises a dose while a flag is open"


def one_thing_rises(course: Course, result: Evaluation) -> Iterator[str]:
    """At most one exercise rises, in load or in amount."""
    decision = result.decision
    restored = decision.rule == "D9" and decision.phase is Phase.LOADING
    risen = [d for d in decision.doses if _is_up(d)]
    if decision.rule == "D6" or restored:
        return
    if len(risen) > 1:
        yield f"{decision.rule} raises {[d.exercise for d in risen]}"
    for change in risen:
        new, old = change.next, change.current
        if new and old and (new.load or 0) > (old.load or 0) and new.amount > old.amount:
            yield f"{change.exercise}: load and amount rise"


def _is_up(change: DoseChange) -> bool:
    new, old = change.next, change.current
    if new is None or old is None:
        return new is not None
    return new.amount > old.amount or (new.load or 0) > (old.load or 0)


def it_is_explained(course: Course, result: Evaluation) -> Iterator[str]:
    """Every decision has its rule, the rules in order, a reason, and a trace with the deciding rule's inputs."""
    decision = result.decision
    if decision.rule not in RULES or decision.matched[:1] != (decision.rule,):
        yield f"no rule: {decision.matched}"
    order = [RULES.index(rule) for rule in decision.matched]
    if any(a >= b for a, b in pairwise(order)):
        yield f"rules out of order: {decision.matched}"
    if not decision.trace or not decision.reasons:
        yield f"{decision.rule} has no trace or no reason"


def numbers_are_in_the_trace(course: Course, result: Evaluation) -> Iterator[str]:
    """Every number and date in a reason is one that the trace holds (H16)."""
    held: set[str] = set()
    for entry in result.decision.trace:
        for text in (str(entry.text), entry.value, entry.limit):
            held.update(NUMBER.findall(text or ""))
    for reason in map(str, result.decision.reasons):
        for number in NUMBER.findall(reason):
            if number not in held:
                yield f"{number} of {reason!r} is not in the trace"


COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")


def what_is_compared_is_true(course: Course, result: Evaluation) -> Iterator[str]:
    """A condition marked as met in the trace is true of its numbers; one of a rule that did not match is false.

    A gate may fail for more than the numbers that it shows.
    """
    for entry in result.decision.trace:
        compare = COMPARED.get(entry.operator or "")
        if compare is None or not PLAIN.fullmatch(entry.value or "") or not PLAIN.fullmatch(entry.limit or ""):
            continue
        true = compare(Decimal(entry.value or ""), Decimal(entry.limit or ""))
        if true is not entry.held and (entry.held or not entry.rule.startswith("G")):
            yield f"{entry.rule}: {entry.value} {entry.operator} {entry.limit} is recorded as {entry.held}"


def nothing_unsigned_is_released(course: Course, result: Evaluation) -> Iterator[str]:
    """The patient's sheet needs an approved plan and no later finding against it."""
    if withholding_reasons(result.picture, result.decision):
        return
    if course[1].approved is None or course[1].reference is None:
        yield "a sheet without an approved plan"
    if any(flag.urgency is not Urgency.E2 for flag in result.flags):
        yield "a sheet while a flag is open"
    for change in result.decision.doses:
        if key(change.next) < key(change.current):
            yield f"a sheet with {change.exercise} above today's decision"


CHECKS: tuple[Callable[[Course, Evaluation], Iterator[str]], ...] = (
    is_bounded,
    is_within_clinicians_limit,
    flag_gives_no_dose,
    one_thing_rises,
    it_is_explained,
    numbers_are_in_the_trace,
    what_is_compared_is_true,
    nothing_unsigned_is_released,
)
