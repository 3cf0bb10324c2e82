"""The prescription of a decision: doses, the state the next run starts from, and the texts of the plan."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.limits import Limit, exertion_cap
from titrate.clinical.record.usual_symptoms import median_of
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.rules.flare_protocol import before_flare
from titrate.clinical.values.decision import Decision, ExercisePrescription, LimitUsed, Prescription
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.rulebook import Programme
from titrate.messages import Message
from titrate.messages.dose_limits import DoseBeyondLimit, ExertionCap, HeartRateCap, PainCap


class UnsafeDose(Exception):
    """A dose exceeds a cap on its way into a prescription: an error of the service; the plan is not written."""


def prescribe(picture: ClinicalPicture, decision: Decision, programme: Programme) -> Prescription:
    """The prescription that carries out a decision. Caps are checked again here; a breach raises `UnsafeDose`."""
    record = picture.record
    states = {s.exercise: s for s in baseline_exercises(picture, programme)}
    nexts = {d.exercise: d.next for d in decision.doses}
    for code, dose in nexts.items():
        _check(picture, decision, states[code], dose)
    usual_pain, usual_fatigue = _usual_after(picture, decision)
    changed = decision.phase is not record.plan.phase
    in_flare = decision.phase is Phase.FLARE and bool(picture.flares)
    return Prescription(
        phase=decision.phase,
        phase_since=record.today if changed or record.plan.phase_since is None else record.plan.phase_since,
        loading_since=_loading_since(picture, decision),
        flare_first_day=picture.flares[-1].first if in_flare else None,
        flare_grade=picture.flares[-1].grade if in_flare else None,
        usual_pain=usual_pain,
        usual_fatigue=usual_fatigue,
        limits=_limits(picture),
        exercises=tuple(_exercise(picture, decision, states[d.exercise], d.next) for d in decision.doses),
        week=programme.week,
        adjuncts=programme.adjuncts,
        contingency=programme.flare,
        education=programme.education,
        stop_rules=programme.stop,
        period_start=record.today,
        period_end=record.today + timedelta(days=int(record.rulebook.numbers.plan_days)),
    )


def _check(picture: ClinicalPicture, decision: Decision, state: ExerciseState, dose: Dose | None) -> None:
    """Check that the dose is at most one step above the dose in force; only the end of a lighter week restores more."""
    if dose is None or state.dose is None or is_within(dose, state.dose):
        return
    if decision.rule == "D9" and is_within(dose, state.reference):
        return
    most = 1 + picture.record.rulebook.numbers.step_max_pct
    heavier = (dose.load or Decimal(0)) > (state.dose.load or Decimal(0)) * most
    longer = dose.amount > state.dose.amount * most
    if decision.rule not in ("D8", "D10") or heavier or longer:
        rule = picture.record.rulebook.named(decision.rule)
        raise UnsafeDose(str(DoseBeyondLimit(rule=rule, exercise=state.exercise)))


def _usual_after(picture: ClinicalPicture, decision: Decision) -> tuple[Decimal | None, Decimal | None]:
    """At the end of a lighter week a lower usual value is adopted; a higher one is only proposed (B11.2)."""
    pain, fatigue = picture.usual.pain, picture.usual.fatigue
    if decision.rule != "D9" or decision.phase is not Phase.LOADING:
        return pain, fatigue
    record = picture.record
    return _lower(pain, median_of(record, record.pain, record.week())), _lower(
        fatigue, median_of(record, record.fatigue, record.week())
    )


def _lower(value: Decimal | None, measured: Decimal | None) -> Decimal | None:
    if value is None or measured is None:
        return value
    return min(value, measured)


def _loading_since(picture: ClinicalPicture, decision: Decision) -> date | None:
    if decision.phase is not Phase.LOADING:
        return None
    begins = decision.rule in {"D6", "D9"} or picture.phase is not Phase.LOADING
    return picture.record.today if begins else picture.loading_since


def _limits(picture: ClinicalPicture) -> tuple[LimitUsed, ...]:
    return tuple(_used(limit) for limit in picture.limits.all)


def _used(limit: Limit) -> LimitUsed:
    return LimitUsed(limit.name, limit.value, limit.unit, limit.source.reference if limit.source else None, limit.since)


def _exercise(
    picture: ClinicalPicture, decision: Decision, state: ExerciseState, dose: Dose | None
) -> ExercisePrescription:
    library = picture.record.rulebook.exercises[state.exercise]
    today = picture.record.today
    reference, flare, deload = _kept_doses(picture, decision, state)
    increased = _is_increase(decision, state, dose)
    return ExercisePrescription(
        exercise=state.exercise,
        domain=library.domain,
        display=library.display,
        dose=dose,
        weekly_frequency=state.weekly_frequency,
        start=dose if decision.rule == "D6" else state.start or (dose if state.dose is None else None),
        reference=reference,
        before_flare=flare,
        before_deload=deload,
        rung=dose if decision.phase is Phase.RETURN else None,
        dose_since=today if dose != state.dose else state.dose_since,
        last_raised=today if increased else state.last_raised,
        goal_linked=state.goal_linked,
        increment=state.increment,
        range_low=state.range_low,
        range_high=state.range_high,
        target=state.target,
        instruction=library.instruction,
        caps=_caps(picture, decision, dose),
    )


def _is_increase(decision: Decision, state: ExerciseState, dose: Dose | None) -> bool:
    return decision.rule in ("D8", "D10") and dose is not None and not is_within(dose, state.dose)


def _kept_doses(
    picture: ClinicalPicture, decision: Decision, state: ExerciseState
) -> tuple[Dose | None, Dose | None, Dose | None]:
    """The doses that the new phase keeps: from before a lighter week, a flare, a deload."""
    phase, now = decision.phase, picture.record.plan.phase
    reference = (state.reference if now is Phase.LIGHTER_WEEK else state.dose) if phase is Phase.LIGHTER_WEEK else None
    flare = None
    if phase is Phase.FLARE or (phase is Phase.RETURN and picture.returning):
        flare = before_flare(picture, state)
    elif phase is Phase.RETURN:
        flare = state.before_flare
    deload = (state.before_deload if now is Phase.DELOAD else state.dose) if phase is Phase.DELOAD else None
    return reference, flare, deload


def _caps(picture: ClinicalPicture, decision: Decision, dose: Dose | None) -> tuple[Message, ...]:
    if dose is None:
        return ()
    limits = picture.limits
    effort = exertion_cap(decision.phase, limits.rpe_cap.value, picture.record.rulebook)
    caps: list[Message] = [PainCap(ceiling=limits.ceiling.value), ExertionCap(effort=effort)]
    if limits.heart_rate is not None:
        caps.append(HeartRateCap(rate=limits.heart_rate.value))
    return tuple(caps)
