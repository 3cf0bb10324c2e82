"""What a decision contains besides doses: trace, notes, questions, deferred steps, the next review (B6, B11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import bad_on, in_phase, two_weeks
from tests.clinical.pictures import walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, WALK, Case, ago, calm, minutes_of, pain, walks, without
from tests.courses.build import answered, limit, measured, minutes, on, session, sets, state
from titrate.clinical.values.decision import Decision, TraceEntry
from titrate.clinical.values.plan import Dose, EditedElement, ExerciseState, Override, Phase, UpperBound
from titrate.clinical.values.readings import Measurement, Reading, SessionReported
from titrate.rulebook import load

BOOK = load()
PRESS = sets(3, 10, 40)
PRESSING = state("leg-press", PRESS, 2, ago(14))
NOW = on(AT)


def decided(case: Case) -> Decision:
    """The decision of a case."""
    return case.run(BOOK).decision


def of(decision: Decision, *rules: str) -> list[TraceEntry]:
    """The trace entries of these rules."""
    return [e for e in decision.trace if e.rule in rules]


def nexts(decision: Decision) -> dict[str, Dose | None]:
    """The dose decided for each exercise."""
    return {d.exercise: d.next for d in decision.doses}


def tick(day: int = 0) -> Reading:
    """A flare reported by the patient."""
    return answered("flare-self-report", True, on(ago(day)))


def every_morning(value: Decimal) -> tuple[Reading, ...]:
    """This morning pain for weeks, with usual fatigue."""
    return tuple(
        replace(r, value=value) if isinstance(r, Measurement) and r.what == "pain-morning" else r for r in calm()
    )


def test_d1_names_each_flag_and_its_start() -> None:
    """D1 names every flag that stops, its urgency and source, and asks the question of the flag."""
    flag, softer = answered("rf01", True, NOW), answered("rf25", True, NOW)
    found = decided(Case(more=(flag, softer)))
    (entry,) = of(found, "D1")
    assert (entry.held, entry.value, entry.sources) == (True, "E0", (flag.stamp.source,))
    assert str(entry.text).startswith(f"RF01, cauda equina signs, open since {AT}: ")
    assert texts(found.reasons)[0].startswith(f"RF01, cauda equina signs, open since {AT} (E0, emergency now): ")
    assert len(found.reasons) == 1
    assert texts(found.asks)[0] == BOOK.flags["rf01"].action
    assert found.next_review == AT


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.DISCHARGED])
def test_a_stopped_plan_stays_stopped(phase: Phase) -> None:
    """The trace has the phase; no question is asked about a flag that is not open."""
    found = decided(in_phase(phase))
    assert [(str(e.text), e.held, e.value) for e in of(found, "D1")] == [("phase", True, phase.value)]
    assert texts(found.reasons) == (f"the programme has ended ({phase.value}); only a clinician can restart it",)
    assert found.phase is phase
    flagged = decided(replace(in_phase(phase), more=(answered("rf01", True, NOW),)))
    assert (flagged.phase, len(flagged.reasons), len(of(flagged, "D1"))) == (phase, 2, 2)


def test_lowering_rules_together() -> None:
    """All that match lower, the first decides; traces, reasons and questions of all are kept."""
    found = decided(Case(sessions=bad_on(5, 3), more=(tick(),), states=(walking(start=minutes(40)),)))
    assert (found.rule, minutes_of(Case(sessions=bad_on(5, 3), more=(tick(),)).run(BOOK))) == ("D2", "14")
    assert {e.rule for e in found.trace} >= {"D2", "D3"}
    assert [r.split(" ")[0] for r in texts(found.reasons)] == ["flare", "sessions", "walking:"]
    assert "walking is at its floor: set a new baseline" in texts(found.asks)
    assert found.matched[:2] == ("D2", "D3")
    assert found.suppressed[0] == "D3 REACTIVE_DELOAD (walking)"
    assert found.next_review == AT + timedelta(days=2)


def test_a_lighter_week_that_is_due_lowers_too() -> None:
    """B11.13: 0.60 is lower than the deload's 0.80; it is noted, and the deciding rule stays."""
    due = {"loading_since": ago(21)}
    found = decided(Case(sessions=bad_on(5, 3), plan=due))
    assert (found.rule, nexts(found)["walking"]) == ("D3", minutes(12))
    assert "LIGHTER_WEEK_DUE" in found.notes
    assert "21 days of loading: no dose above that of a lighter week" in texts(found.reasons)
    assert "LIGHTER_WEEK_DUE" not in decided(Case(sessions=bad_on(5, 3))).notes
    flaring = decided(Case(more=(tick(),), plan=due))
    assert (flaring.rule, nexts(flaring)["walking"]) == ("D2", minutes(12))


@pytest.mark.parametrize("rule", ["D5", "D7"])
def test_a_hold_while_a_lighter_week_is_due(rule: str) -> None:
    """B11.13: the lighter dose, and the lighter week has begun; otherwise dose and phase stay."""
    cause = {"more": (answered("rf25", True, NOW),)} if rule == "D5" else {"screened": 8}
    due = decided(Case(plan={"loading_since": ago(21)}, **cause))
    assert (due.rule, due.phase, nexts(due)["walking"]) == (rule, Phase.LIGHTER_WEEK, minutes(12))
    assert texts(due.reasons)[-1] == "21 days of loading: no dose above that of a lighter week"
    assert [(str(e.text), e.held, e.value, e.limit) for e in of(due, "D9")] == [
        ("days of loading", True, "21", "21"), ("fraction of the loading dose", True, "0.60", None),
    ]  # fmt: skip
    calm_ = decided(Case(**cause))
    assert (calm_.rule, calm_.phase, nexts(calm_)["walking"]) == (rule, Phase.LOADING, WALK)
    assert of(calm_, "D9", "B7") == []
    assert len(calm_.reasons) == len(due.reasons) - 1


@pytest.mark.parametrize("rule", ["D5", "D7"])
def test_a_hold_on_the_day_a_return_starts(rule: str) -> None:
    """B11.31: the start of the return is below the dose in force; the trace has the flare and the start."""
    cause = {"more": (answered("rf25", True, NOW),)} if rule == "D5" else {"screened": 8}
    found = decided(Case(days=SETTLED, **cause))
    assert (found.rule, found.phase, nexts(found)["walking"]) == (rule, Phase.RETURN, minutes(16))
    assert texts(found.reasons)[-1] == f"flare settled on {ago(1)}: no dose above the start of the return to load"
    assert [(str(e.text), e.value, e.limit) for e in of(found, "B7")] == [
        (f"flare from {ago(4)} to {ago(3)}, settled on {ago(1)}", "2", None), ("the return starts at", "16", "20"),
    ]  # fmt: skip


SETTLED = (*without(calm(), (1, 2, 3, 4)), pain(4, 4), pain(3, 4), pain(2, 2), pain(1, 2))


@pytest.mark.parametrize("rule", ["D5", "D7", "D3", "D4", "D8"])
def test_a_return_that_starts_lowers_too(rule: str) -> None:
    """B11.31: a flare of two days leaves 0.80; the phase becomes `return`, whichever rule decides."""
    cause: dict[str, dict[str, object]] = {
        "D5": {"more": (answered("rf25", True, NOW),)}, "D7": {"screened": 8}, "D3": {"sessions": bad_on(10, 7)},
        "D4": {"sessions": tuple(walks((14, 12, 9)))}, "D8": {},
    }  # fmt: skip
    found = decided(Case(days=SETTLED, **cause[rule]))  # type: ignore[arg-type]
    assert (found.rule, nexts(found)["walking"]) == (rule, minutes(14 if rule == "D4" else 16))
    assert found.phase is (Phase.DELOAD if rule == "D3" else Phase.RETURN)


def test_screen_outstanding() -> None:
    """D2 to D4 with an unanswered or old screen are marked; an answered one is not."""
    for case in (Case(more=(tick(),)), Case(sessions=bad_on(5, 3)), Case(sessions=tuple(walks((14, 11, 8))))):
        assert "SCREEN_OUTSTANDING" not in decided(case).notes
        assert "SCREEN_OUTSTANDING" in decided(replace(case, screened=8)).notes


def test_a_gap_in_a_lighter_week() -> None:
    """B11.13: the loading dose must not be restored automatically, so the phase is loading."""
    case = replace(in_phase(Phase.LIGHTER_WEEK, 6), sessions=tuple(walks((14, 11, 8), minutes(12))))
    assert (decided(case).rule, decided(case).phase) == ("D4", Phase.LOADING)
    returning = replace(in_phase(Phase.RETURN, 9), sessions=tuple(walks((9, 8, 8), minutes(16))))
    assert (decided(returning).rule, decided(returning).phase) == ("D4", Phase.RETURN)


@pytest.mark.parametrize(("usual", "rule"), [(5, "D10"), ("5.5", "D5")])
def test_usual_above_the_ceiling(usual: object, rule: str) -> None:
    """D5: no dose is possible under a ceiling below usual pain; the trace has both numbers."""
    days = every_morning(Decimal(str(usual)))
    found = decided(Case(days=days, plan={"usual_pain": Decimal(str(usual))}, sessions=two_weeks()))
    assert found.rule == rule
    if rule == "D5":
        (entry,) = of(found, "D5")
        assert (entry.held, entry.value, entry.operator, entry.limit) == (True, "5.5", ">", "5")
        assert texts(found.reasons) == ("usual pain 5.5 above the ceiling 5",)


@pytest.mark.parametrize(
    ("usual", "words"), [(7, ("usual pain 7: only a clinician can start the programme",)), ("6.5", ())]
)
def test_no_start_with_a_usual_of_seven(usual: object, words: tuple[str, ...]) -> None:
    """B11.26: usual pain of 7 or more gives D5, also under a ceiling of 7."""
    value = Decimal(str(usual))
    days = every_morning(value)
    found = decided(Case(days=days, plan={"usual_pain": value}, more=(limit("pain-ceiling", 7, ago(5)),)))
    assert (texts(found.reasons) if found.rule == "D5" else ()) == words
    if words:
        assert [(e.held, e.value, e.operator, e.limit) for e in of(found, "D5")] == [(True, "7", ">=", "7")]


def test_a_hold_for_a_flag_and_a_conflict() -> None:
    """Each reason of D5 has a trace entry."""
    more = (answered("rf25", True, NOW), measured("pain-morning", 4, on(ago(2)) + timedelta(hours=1)))
    found = decided(Case(more=more))
    assert [r.split(" ")[0] for r in texts(found.reasons)] == ["two", "RF25,"]
    assert [(str(e.text).split(" ")[0], e.held, e.value) for e in of(found, "D5")] == [
        ("two", True, None), ("RF25,", True, "E2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("flag", "more", "matched"),
    [("rf25", (), ["D5"]), ("rf01", (), ["D1"]), ("rf04", (), ["D1"]), ("rf15", (), ["D1"]),
     ("rf01", (answered("rf25", True, NOW),), ["D1", "D5"]),
     ("rf01", (measured("pain-morning", 4, on(ago(2)) + timedelta(hours=1)),), ["D1", "D5"])],
)  # fmt: skip
def test_a_flag_that_stops_is_no_reason_to_hold(flag: str, more: tuple[Reading, ...], matched: list[str]) -> None:
    """D5 covers what can wait two working days: together with D1 it matches for other reasons only."""
    found = decided(Case(more=(answered(flag, True, NOW), *more)))
    assert [rule for rule in found.matched if rule in ("D1", "D5")] == matched


def test_a_hold_for_data_names_the_missing_data() -> None:
    """D7: in reasons, trace and questions."""
    found = decided(Case(screened=8))
    words = "safety screen 8 days old, more than the limit of 7"
    assert (texts(found.reasons), [(str(e.text), e.held) for e in of(found, "D7")]) == ((words,), [(words, True)])
    assert texts(found.asks)[0] == f"check-in: {words}"


def test_an_expired_plan() -> None:
    """B11.14: every rule keeps its name and gives no dose; if no other matches it is D7, not a baseline."""
    found = decided(Case(days=tuple(calm(40, 14))))
    assert (found.rule, nexts(found)["walking"], found.phase) == ("D7", None, Phase.LOADING)
    assert "PLAN_EXPIRED" in found.notes
    assert texts(found.reasons)[-1] == "no daily log for 14 days; the limit is 14"
    assert [(str(e.text), e.held) for e in of(found, "B11.14")] == [(texts(found.reasons)[-1], True)]
    assert found.next_review == AT
    flaring = decided(Case(days=tuple(calm(40, 14)), more=(tick(),)))
    assert (flaring.rule, nexts(flaring)["walking"]) == ("D2", None)


def test_the_lighter_week() -> None:
    """D9: due on day 21, in progress until day 6, over on day 7; each with its days."""
    due = decided(Case(plan={"loading_since": ago(21)}))
    assert [(e.held, e.value, e.operator, e.limit) for e in of(due, "D9")] == [
        (True, "21", ">=", "21"), (True, "0.60", None, None),
    ]  # fmt: skip
    assert texts(due.reasons) == ("21 days of loading: a lighter week",)
    for since, over in ((6, False), (7, True)):
        found = decided(in_phase(Phase.LIGHTER_WEEK, since))
        assert [(e.held, e.value, e.operator, e.limit) for e in of(found, "D9")] == [(over, str(since), ">=", "7")]
        assert found.phase is (Phase.LOADING if over else Phase.LIGHTER_WEEK)


def test_a_lighter_week_without_a_remembered_dose() -> None:
    """If the loading dose is unknown the lighter dose stays."""
    case = in_phase(Phase.LIGHTER_WEEK, 7)
    found = decided(replace(case, states=(state("walking", minutes(12), 3, ago(7)),)))
    assert (found.rule, nexts(found)["walking"]) == ("D9", minutes(12))


@pytest.mark.parametrize(("now", "requested"), [(2, False), ("2.5", True), (1, False)])
def test_a_usual_that_has_risen_is_only_proposed(now: object, requested: bool) -> None:
    """B11.2: at the end of a lighter week only."""
    value = Decimal(str(now))
    days = (
        *(pain(n, value) for n in range(1, 8)),
        *(r for r in calm() if getattr(r, "what", "") != "pain-morning" or r.stamp.day < ago(7)),
    )
    ended = replace(in_phase(Phase.LIGHTER_WEEK, 7), days=days)
    assert ("NEEDS_CLINICIAN" in decided(ended).notes) is requested
    assert "NEEDS_CLINICIAN" not in decided(replace(in_phase(Phase.LIGHTER_WEEK, 6), days=days)).notes
    assert "NEEDS_CLINICIAN" not in decided(Case(days=days)).notes


@pytest.mark.parametrize(("usual", "proposed"), [("3.5", None), (4, "6"), ("4.5", "6.5"), (5, "7")])
def test_a_higher_ceiling_is_only_proposed(usual: object, proposed: str | None) -> None:
    """B1: usual + 2, at most 7, from a usual of 4; not if a clinician has set one."""
    value = Decimal(str(usual))
    days = every_morning(value)
    case = Case(days=days, plan={"usual_pain": value})
    found = decided(case)
    assert ("NEEDS_CLINICIAN" in found.notes) is (proposed is not None)
    assert [(e.held, e.value, e.limit) for e in of(found, "B1")] == ([(True, proposed, "5")] if proposed else [])
    confirmed = decided(replace(case, more=(limit("pain-ceiling", 5, ago(5)),)))
    assert of(confirmed, "B1") == []


BOTH = Case(states=(walking(), PRESSING), sessions=(*two_weeks(), *(session("leg-press", ago(d), PRESS, (2, 3), 3,
last_set=12)
                                                                  for d in (12, 10, 6, 4, 2))))  # fmt: skip


def test_one_change_a_cycle() -> None:
    """E2: one exercise rises; the other is eligible and reported as deferred."""
    found = decided(replace(BOTH, states=(walking(goal_linked=True), PRESSING)))
    assert (found.rule, nexts(found)) == ("D10", {"walking": minutes(22), "leg-press": PRESS})
    assert [(c.exercise, c.eligible, c.deferred) for c in found.candidates] == [
        ("walking", True, False),
        ("leg-press", True, True),
    ]
    assert texts(found.reasons) == (
        "every gate is met for walking",
        "leg-press is eligible but deferred: only one exercise increases at a time",
    )
    assert [(e.held, e.exercise) for e in of(found, "D10")] == [(True, "walking")]
    assert found.next_review == AT + timedelta(days=7)
    assert [(e.value, e.operator, e.limit, e.unit) for e in of(found, "B2")] == [
        ("20", "->", "22", "min"), ("40", "->", "42", "kg"),
    ]  # fmt: skip


ORDER: list[tuple[dict[str, object], dict[str, object], str]] = [
    ({}, {}, "walking"), ({}, {"goal_linked": True}, "leg-press"), ({"goal_linked": True}, {"goal_linked": True},
    "walking"),
    ({"last_raised": ago(14)}, {}, "leg-press"), ({"last_raised": ago(14)}, {"last_raised": ago(15)}, "leg-press"),
    ({"last_raised": ago(15)}, {"last_raised": ago(14)}, "walking"),
    ({"goal_linked": True, "last_raised": ago(14)}, {}, "walking"),
]  # fmt: skip


@pytest.mark.parametrize(("walk", "press", "first"), ORDER)
def test_who_goes_first(walk: dict[str, object], press: dict[str, object], first: str) -> None:
    """Linked to a goal, then least recently raised, then aerobic before strength."""
    found = decided(replace(BOTH, states=(walking(**walk), state("leg-press", PRESS, 2, ago(14), **press))))
    assert found.doses[0].exercise == first
    assert found.candidates[0].exercise == first


@pytest.mark.parametrize(("bound", "rises"), [(22, True), (21, False)])
def test_no_part_steps(bound: int, rises: bool) -> None:
    """A step above a bound set by an author is not taken, not even in part; the trace gives the reason."""
    plan = {"bounds": (UpperBound("walking", minutes(bound), "CarePlan/2"),)}
    found = decided(Case(plan=plan))
    assert nexts(found)["walking"] == (minutes(22) if rises else WALK)
    (entry,) = of(found, "B2")
    assert entry.held is rises
    above = f"the next step, 22 min, is above the limit of {bound} min set by another author's plan, CarePlan/2"
    assert (str(entry.text) == above) is not rises
    assert (texts(found.reasons) == (f"walking: {above}",)) is not rises
    assert rises or (entry.value, entry.operator, entry.limit, entry.unit) == ("22", "<=", "21", "min")


def test_an_override_is_a_bound() -> None:
    """A dose set by a clinician is the maximum."""
    changed = Override("ServiceRequest/1", EditedElement.DOSE, "18 min", "20 min", "walking")
    assert nexts(decided(Case(plan={"overrides": (changed,)})))["walking"] == WALK


def test_a_dose_above_a_bound_comes_down() -> None:
    """Every rule lowers amount and load to the bound, rounded down."""
    plan = {
        "bounds": (
            UpperBound("walking", minutes("15.5"), "CarePlan/2"),
            UpperBound("leg-press", sets(3, 9, 35), "CarePlan/2"),
        )
    }
    found = decided(replace(BOTH, plan=plan, screened=8))
    assert nexts(found) == {"walking": minutes(15), "leg-press": sets(3, 9, 35)}
    assert [(e.exercise, str(e.text), e.held, e.value, e.operator, e.limit, e.unit) for e in of(found, "B6")] == [
        (e, f"lowered because of {bound} set by another author's plan, CarePlan/2", True, was, "->", now, unit)
        for e, bound, was, now, unit in (
            ("walking", "the limit of 15.5 min", "20", "15", "min"),
            ("leg-press", "the limit of 35 kg", "40", "35", "kg"),
            ("leg-press", "the limit of 27 repetitions", "30", "27", "{repetitions}"),
        )
    ]
    limit = "the limit of 15.5 min set by another author's plan, CarePlan/2"
    assert texts(found.reasons)[1] == f"walking: lowered from 20 min to 15 min because of {limit}"
    assert len(found.reasons) == 4


def test_a_bound_that_leaves_nothing() -> None:
    """A limit below the smallest amount gives no session target, with a reason."""
    plan = {"bounds": (UpperBound("walking", minutes("0.4"), "CarePlan/2"),)}
    found = decided(Case(plan=plan))
    assert nexts(found) == {"walking": None}
    assert texts(found.reasons)[-1].endswith("CarePlan/2; the dose was 20 min")


def test_falls_give_no_balance_work() -> None:
    """B11.26, RF23: no neuromotor dose; the other exercises keep their doses."""
    balance = state("balance-stance", Dose(Decimal(30), "s"), 3, ago(14))
    found = decided(Case(states=(walking(), balance), more=(answered("rf23", True, NOW),)))
    assert nexts(found) == {"walking": WALK, "balance-stance": None}


def test_no_dose_left() -> None:
    """B11.12: the phase is baseline only if no exercise has a dose left, and not in a flare."""
    gone = tuple(walks((40, 35, 30)))
    found = decided(Case(sessions=gone))
    assert (found.rule, found.phase) == ("D4", Phase.BASELINE)
    pressed = tuple(session("leg-press", ago(d), PRESS, (2, 3), 3, last_set=10) for d in (9, 6, 3))
    kept = decided(Case(states=(walking(), PRESSING), sessions=(*gone, *pressed)))
    assert (kept.rule, kept.phase) == ("D4", Phase.LOADING)
    assert decided(Case(sessions=gone, more=(tick(),))).phase is Phase.FLARE


def test_what_later_rules_would_have_given() -> None:
    """Every matching rule is listed in order, with the exercises that it would have changed."""
    found = decided(Case(screened=8, more=(answered("rf25", True, NOW),)))
    assert found.matched == ("D5", "D7")
    assert found.suppressed == ("D7 HOLD_INSUFFICIENT",)


@pytest.mark.parametrize(("weekly", "dose", "asks"), [(5, 2, True), (4, 2, False), (5, 20, False)])
def test_a_second_bout(weekly: int, dose: int, asks: bool) -> None:
    """B11.22, E9: if the smallest step exceeds 20 %, one more session a week, at most 1.20 of them, is an option."""
    amount = minutes(dose)
    states = (state("walking", amount, weekly, ago(14)),)
    sessions = tuple(walks((14, 12, 10, 7, 5, 3, 2, 1), amount))
    found = decided(Case(states=states, sessions=sessions, dose=amount, more=(answered("stressor", "major", NOW),)))
    words = "walking: the clinician may add a second bout on one day of the week"
    assert (words in texts(found.asks)) is asks


def test_reviews_and_missing_data_are_listed_separately() -> None:
    """A floor and a long hold are for review, a check-in is missing. All are requested."""
    floor = decided(Case(sessions=bad_on(5, 3), states=(walking(start=minutes(40)),), plan={"started": ago(40)}))
    assert texts(floor.reviews) == ("walking is at its floor: set a new baseline", f"no increase since {ago(40)}")
    assert texts(floor.asks) == texts(floor.reviews)
    waiting = decided(Case(screened=8, plan={"started": ago(40)}))
    assert texts(waiting.reviews) == (f"no increase since {ago(40)}",)
    assert [ask[:8] for ask in texts(waiting.asks)] == ["check-in", "no incre"]


def test_a_hold_names_the_failing_gates() -> None:
    """D11: the gates that fail, or that no step is possible."""
    found = decided(Case(more=(answered("stressor", "major", NOW),)))
    assert texts(found.reasons) == ("walking: gates not met: G8, no hold for sleep, mood or a stressor",)
    tiny = Case(
        states=(state("walking", minutes(2), 3, ago(14)),), sessions=tuple(walks((14, 12, 10, 7, 5, 3), minutes(2)))
    )
    share = "no step: the smallest one, 0.5 on top of 2 min, is 0.25 times the dose; the most allowed is 0.20"
    assert texts(decided(tiny).reasons) == (f"walking: {share}",)
    assert [(str(e.text), e.held, e.value, e.operator, e.limit) for e in of(decided(tiny), "B2")] == [
        (share, False, "0.25", "<=", "0.20")
    ]


RUNGS: dict[str, tuple[dict[str, object], str, str]] = {
    "two tolerated": ({}, "18", "walking goes up one rung"),
    "one of two": ({"rpe": Decimal(5)}, "16", "the rung is held until 2 sessions in a row are tolerated"),
}


@pytest.mark.parametrize("name", RUNGS)
def test_the_ladder(name: str) -> None:
    """D8: a rung after two tolerated sessions at the current one, with their count."""
    changes, amount, words = RUNGS[name]
    low = minutes(16)
    one = state("walking", low, 3, ago(6), before_flare=WALK)
    last = replace(walks((1,), low)[0], **changes)  # type: ignore[arg-type]
    found = decided(Case(states=(one,), phase=Phase.RETURN, since=6, sessions=(*walks((5, 3), low), last)))
    assert (found.rule, nexts(found)["walking"], texts(found.reasons)[0]) == ("D8", minutes(amount), words)
    good = "2" if amount == "18" else "1"
    assert [(e.held, e.value, e.operator, e.limit) for e in of(found, "D8")] == [(amount == "18", good, ">=", "2")]


def test_the_top_of_the_ladder_is_held() -> None:
    """B7: at 100 % for seven days, then loading begins again."""
    for since, rule in ((6, "D8"), (7, "D11")):
        one = state("walking", WALK, 3, ago(since), before_flare=WALK)
        found = decided(Case(states=(one,), phase=Phase.RETURN, since=since + 6, sessions=tuple(walks((9, 5, 3, 1)))))
        assert (found.rule, nexts(found)["walking"]) == (rule, WALK)
        assert found.phase is (Phase.RETURN if rule == "D8" else Phase.LOADING)
        over = "the return is complete: loading resumes"
        assert (texts(found.reasons)[0] == over) is (rule == "D11")


def test_only_one_takes_a_rung() -> None:
    """B11.18: one exercise per draft, in the order of D10."""
    low, less = minutes(16), sets(3, 8, 40)
    states = (
        state("walking", low, 3, ago(9), before_flare=WALK),
        state("leg-press", less, 2, ago(9), before_flare=PRESS),
    )
    presses = tuple(session("leg-press", ago(d), less, (2, 3), 3, last_set=8) for d in (6, 2))
    found = decided(Case(states=states, phase=Phase.RETURN, since=9, sessions=(*walks((5, 3, 1), low), *presses)))
    assert nexts(found) == {"walking": minutes(18), "leg-press": less}
    assert len(of(found, "D8")) == 2


@pytest.mark.parametrize(("changes", "amount"), [({}, 18), ({"prescribed": Decimal(12), "done": Decimal(12)}, 16)])
def test_a_rung_is_earned_at_its_dose(changes: dict[str, object], amount: int) -> None:
    """A tolerated session below the rung earns none, and neither do sessions before it."""
    low = minutes(16)
    one = state("walking", low, 3, ago(4), before_flare=WALK)
    last = replace(walks((2,), low)[0], **changes)  # type: ignore[arg-type]
    sessions = (*walks((9, 7), minutes(14)), *walks((3,), low), last)
    found = decided(Case(states=(one,), phase=Phase.RETURN, since=10, sessions=sessions))
    assert (found.rule, nexts(found)["walking"]) == ("D8", minutes(amount))


def returning(*states: ExerciseState, sessions: tuple[SessionReported, ...] = ()) -> Decision:
    """A flare of three days that settled three days ago and was answered by a plan: the return starts today."""
    flare = (8, 7, 6)
    days = (*without(calm(), flare), *(pain(d, 4) for d in flare))
    return decided(
        Case(states=states, days=days, sessions=sessions, phase=Phase.FLARE, since=8, plan={"flare_first_day": ago(8)})
    )


def test_one_alone_starts_above_its_dose() -> None:
    """B11.18: on the first day of the return at most one exercise may exceed its dose in force."""
    walk = state("walking", minutes(10), 3, ago(8), before_flare=WALK)
    press = state("leg-press", sets(3, 7, 40), 2, ago(8), before_flare=PRESS)
    both = returning(walk, press)
    assert (both.rule, nexts(both)) == ("D8", {"walking": minutes(12), "leg-press": sets(3, 7, 40)})
    linked = returning(walk, replace(press, goal_linked=True))
    assert nexts(linked) == {"leg-press": sets(3, 8, 40), "walking": minutes(10)}
    first, *starts = of(both, "B7")
    assert (first.held, first.value, first.operator) == (True, "3", "days")
    assert [(e.held, e.value, e.operator, e.limit, e.unit) for e in starts] == [
        (True, "12", "of", "20", "min"), (True, "21", "of", "30", "{repetitions}"),
    ]  # fmt: skip
    assert texts(both.reasons)[0] == f"flare settled on {ago(4)}: return to load starts"


@pytest.mark.parametrize(
    ("changes", "amount"), [({}, 16), ({"rpe": Decimal(5)}, 12), ({"prescribed": Decimal(8), "done": Decimal(8)}, 12)]
)
def test_what_holds_the_flares_dose(changes: dict[str, object], amount: int) -> None:
    """B7: two tolerated sessions at the flare's dose in four days keep it; marginal or lower ones do not.

    A flare of nine days leaves half of 24 minutes; the flare's dose was 16.
    """
    flare = tuple(range(6, 15))
    days = (*without(calm(40, 0), flare), *(pain(d, 4) for d in flare))
    one = state("walking", minutes(16), 3, ago(14), before_flare=minutes(24))
    planned = tuple(replace(w, **changes) for w in walks((3, 1), minutes(16)))  # type: ignore[arg-type]
    case = Case(
        states=(one,), days=days, sessions=planned, phase=Phase.FLARE, since=14, plan={"flare_first_day": ago(14)}
    )
    assert nexts(decided(case))["walking"] == minutes(amount)
