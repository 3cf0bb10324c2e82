"""One order (ServiceRequest) for one exercise of the library, by any author."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.values.plan import Dose
from titrate.clinical.values.quantity import REPETITIONS, UnitSpellings, convert
from titrate.clinical.values.rulebook import Exercise, Rulebook
from titrate.fhir import code_systems
from titrate.fhir.doses import WrittenDose, read_dose_text
from titrate.fhir.elements import (
    Resource,
    codes,
    extension_targets,
    local_date,
    name,
    number,
    part,
    parts,
    targets,
    text,
    unit,
)
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate

# Units in which an order can state a session. Longer times are not sessions: `1 wk` is a mistake, not 168 hours.
_SESSION_UNITS = frozenset({"h", "min", "s", "km", "m", REPETITIONS, "{reps}", "1"})
# Intents that authorise nothing: a suggestion, or a choice among several.
HOURS_A_WEEK = 7 * 24
_SUGGESTIONS = frozenset({"proposal", "option"})


@dataclass(frozen=True, slots=True)
class ExerciseOrder:
    """An order as read. `amount` is the total of a session in the exercise's unit; None where it cannot be read.

    `in_force` is whether it orders anything today: it is active, no mere suggestion, and its period has not ended.
    """

    reference: str
    exercise: str
    status: str
    in_force: bool
    amount: Decimal | None
    unit: str
    written: WrittenDose | None
    weekly_frequency: int | None
    goal_linked: bool
    resource: Resource

    def dose(self, recorded: Dose | None) -> Dose | None:
        """The dose in force. What the order leaves open comes from the dose that was recorded when it was written."""
        if self.written is None:
            return self._from_amount(recorded)
        return Dose(self._total(self.written, recorded), self.unit, self.written.sets, self._load(recorded))

    def _from_amount(self, recorded: Dose | None) -> Dose | None:
        if self.amount is None:
            return None
        if recorded is None:
            return Dose(self.amount, self.unit)
        return replace(recorded, amount=self.amount, unit=self.unit)

    def _total(self, written: WrittenDose, recorded: Dose | None) -> Decimal:
        """Amount and text can disagree when only one was edited: the edited one counts, in doubt the lower."""
        if self.amount is None or self.amount == written.total:
            return written.total
        if recorded is not None and self.amount == recorded.amount:
            return written.total
        if recorded is not None and written.total == recorded.amount:
            return self.amount
        return min(self.amount, written.total)

    def _load(self, recorded: Dose | None) -> Decimal | None:
        load = self.written.load if self.written else None
        return load if load is not None or recorded is None else recorded.load


def ordered_exercise(plans: PlanResources, request: Resource) -> str | None:
    """The exercise of the library that a ServiceRequest is about, if any."""
    coded = codes(part(request, "code"), plans.site.codes) if request.get("resourceType") == "ServiceRequest" else ()
    return next((code for code in coded if code in plans.rulebook.exercises), None)


def read_order(plans: PlanResources, request: Resource) -> ExerciseOrder | None:
    """Read a ServiceRequest; None when it orders no exercise of the library."""
    exercise = ordered_exercise(plans, request)
    if exercise is None or request.get("doNotPerform") is True:
        return None
    known = plans.rulebook.exercises[exercise]
    words = tuple(found for detail in parts(request, "orderDetail") if (found := text(detail, "text")))
    return ExerciseOrder(
        reference=name(request),
        exercise=exercise,
        status=str(request.get("status")),
        in_force=is_in_force(plans, request),
        amount=_amount(request, known, plans.rulebook.units),
        unit=known.amount_unit,
        written=read_dose_text(words) if known.amount_unit == REPETITIONS else None,
        weekly_frequency=weekly_frequency(part(request, "occurrenceTiming")),
        goal_linked=bool(extension_targets(request, code_systems.PERTAINS_TO_GOAL)),
        resource=request,
    )


def is_in_force(plans: PlanResources, request: Resource) -> bool:
    """Whether a request is active, authorised and not ended. An end that cannot be read ends nothing.

    The end of an order that the service wrote is the day of its plan's review: the order holds until a clinician
    changes the plan, and the rules for missing data end it earlier.
    """
    if request.get("status") != "active" or text(request, "intent") in _SUGGESTIONS:
        return False
    if from_titrate(request, plans.site):
        return True
    periods = (part(request, "occurrencePeriod"), part(request, "occurrenceTiming", "repeat", "boundsPeriod"))
    ends = (local_date(period.get("end"), plans.person.zone) for period in periods)
    return all(end is None or end >= plans.local_day(plans.at) for end in ends)


def is_plausible(rulebook: Rulebook, dose: Dose, recorded: Dose | None) -> bool:
    """Whether a dose can be meant: within the range of a session, of a set, and of a change of load."""
    numbers = rulebook.numbers
    pairs = {f"amount.{dose.unit}": dose.amount, "session.sets": Decimal(dose.sets or 1), "session.load": dose.load}
    measured = ((value, rulebook.measures.get(name)) for name, value in pairs.items() if value is not None)
    if not all(measure is None or measure.accepts(value) for value, measure in measured):
        return False
    if dose.unit == REPETITIONS and dose.amount > numbers.repetitions_per_set_max * (dose.sets or 1):
        return False
    before = recorded.load if recorded else None
    return before is None or dose.load is None or dose.load <= numbers.load_jump_max * before


def has_unreadable_dose(plans: PlanResources, request: Resource) -> bool:
    """Whether an order states a quantity, in any form, from which no dose can be read."""
    stated = any(key.startswith("quantity") and value is not None for key, value in request.items())
    order = read_order(plans, request)
    return stated and order is not None and order.dose(None) is None


def ordered_dose(rulebook: Rulebook, order: ExerciseOrder, recorded: Dose | None) -> Dose | None:
    """The dose that an order puts in force; None where it orders none, or one that cannot be meant."""
    dose = order.dose(recorded) if order.in_force else None
    return dose if dose is None or is_plausible(rulebook, dose, recorded) else None


def activities(plans: PlanResources, plan: Resource) -> tuple[ExerciseOrder, ...]:
    """The orders for exercises of the library that the plan refers to, in any status."""
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    orders = (read_order(plans, request) for request in plans.named(names))
    return tuple(order for order in orders if order is not None)


def weekly_frequency(timing: Resource) -> int | None:
    """Sessions a week, rounded down but at least one. None where the timing gives none, or more than one an hour."""
    repeat = part(timing, "repeat")
    frequency = number(repeat.get("frequency")) or Decimal(1)
    period = number(repeat.get("period"))
    days = {"d": Decimal(1), "wk": Decimal(7)}.get(str(repeat.get("periodUnit")))
    if period is None or days is None or period <= 0:
        return None
    listed = repeat.get("dayOfWeek")
    chosen = len(listed) if isinstance(listed, list) else 0
    weekly = frequency * 7 / (period * days)
    if weekly > HOURS_A_WEEK:
        return None
    return max(1, int(min(weekly, Decimal(chosen)) if chosen and days == 1 else max(weekly, Decimal(chosen))))


def _amount(request: Resource, exercise: Exercise, units: UnitSpellings) -> Decimal | None:
    """The amount of a session in the exercise's unit; of a range the lower end."""
    quantity = part(request, "quantityQuantity") or part(request, "quantityRange", "low")
    value = number(quantity.get("value"))
    if value is None or value <= 0 or quantity.get("comparator"):
        return None
    given = units.code(unit(quantity) or exercise.amount_unit)
    amount = convert(value, given, exercise.amount_unit) if given in _SESSION_UNITS else None
    return amount if isinstance(amount, Decimal) else None
