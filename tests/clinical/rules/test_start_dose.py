"""Before there is a dose, and where nothing may rise: D0, D5 to D7 with their texts (B4, B6, B11.20, B11.25-26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.engine_runs import decide, nexts
from tests.clinical.pictures import picture, walking
from tests.clinical.sentences import stated, texts
from tests.clinical.thresholds.probe import AT, Case, ago, calm, walks
from tests.courses.build import answered, minutes, on, patient_readings, plan, screen, sets, stamp, state, trial
from titrate.clinical.rules.candidates import candidates_of
from titrate.clinical.rules.decision_table import not_eligible_decision
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.plan import NO_PLAN, Dose, ExerciseState, Phase, PlanInForce
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, Reading

SCREENED = (*calm(), *screen(AT))


def reported(readings: Iterable[Reading], known: PlanInForce = NO_PLAN) -> Decision:
    """The decision for a patient with these readings, by default without a plan."""
    return decide((patient_readings(readings), known, on(AT))).decision


def tried(exercise: str, done: int, unit: str, days: Iterable[int] = (6, 4, 2)) -> tuple[Reading, ...]:
    """Tolerance trials the given number of days ago, each of this amount."""
    return tuple(trial(exercise, ago(day), done, unit) for day in days)


def test_not_eligible_gives_reasons_only() -> None:
    """D0: no review, no dose, no next decision; each reason is in the trace."""
    found = not_eligible_decision(stated(("younger than 18",)), Phase.INTAKE)
    assert (found.rule, found.outcome, found.review, found.doses) == ("D0", Outcome.NOT_ELIGIBLE, False, ())
    assert [(e.rule, str(e.text), e.held) for e in found.trace] == [("D0", "younger than 18", True)]


def test_a_patient_without_any_data() -> None:
    """D7 alone, still at intake: unknown usual values are not compared."""
    found = reported(())
    assert (found.rule, found.matched, found.phase) == ("D7", ("D7",), Phase.INTAKE)
    assert texts(found.reasons)[-1] == "the full safety screen has not been answered"
    assert "the full safety screen has not been answered" in texts(found.asks)[0]


def test_the_full_screen_is_needed_only_before_a_start() -> None:
    """With a dose in force the short screen is enough; an old full screen is reported by age."""
    words = "the full safety screen has not been answered"
    for days, known in ((8, True), (8, False)):
        in_force = plan(Phase.LOADING, ago(14), (walking(),)) if known else NO_PLAN
        found = reported((*calm(), *screen(ago(days)), *walks((12, 10, 7, 5, 3))), in_force)
        assert (found.rule, words in texts(found.reasons)) == ("D7", False)
    short = [r for r in screen(ago(1)) if getattr(r, "what", "") in {"rf01", "rf02"}]
    loaded = reported((*calm(), *short, *walks((12, 10, 7, 5, 3))), plan(Phase.LOADING, ago(14), (walking(),)))
    assert (loaded.rule, words in loaded.reasons) == ("D7", False)


def test_a_baseline_is_requested() -> None:
    """D6 without trials: phase baseline, every exercise needs three, and the trace gives the reason."""
    found = reported(SCREENED)
    assert (found.rule, found.phase, texts(found.reasons)) == ("D6", Phase.BASELINE, ("a baseline is needed first",))
    assert {d.next for d in found.doses} == {None}
    assert "walking: 3 more tolerance trials, each on another day" in texts(found.asks)
    first = found.trace[0]
    assert (first.rule, str(first.text), first.held) == (
        "D6", "no dose in force, and the full safety screen is answered", True,
    )  # fmt: skip


def test_one_start_is_enough_to_load() -> None:
    """D6: 0.80 of 10 minutes of walking; cycling, tried once, waits for two more trials. No other rule matches."""
    found = reported((*SCREENED, *tried("walking", 10, "min"), *tried("cycling", 9, "min", (3,))))
    assert (found.rule, found.matched, found.phase) == ("D6", ("D6",), Phase.LOADING)
    assert texts(found.reasons) == ("start doses from tolerance trials",)
    (entry,) = (e for e in found.trace if str(e.text) == "tolerance trials" and e.exercise == "walking")
    assert [s.reference for s in entry.sources] == [r.stamp.source.reference for r in tried("walking", 10, "min")]
    walk, ride = nexts(found)["walking"], nexts(found)["cycling"]
    assert (walk is not None and walk.amount, ride) == (Decimal(8), None)


def test_no_start_without_a_usual_value() -> None:
    """B11.25: trials alone start nothing; five mornings of seven are requested first."""
    found = reported((*screen(AT), *calm(2), *tried("walking", 10, "min")))
    assert (found.matched, nexts(found)["walking"]) == (("D6", "D7"), None)
    assert texts(found.asks)[0] == "morning pain on 5 of 7 days, to establish usual pain"


def test_an_exercise_outside_the_programme_starts_in_one_set() -> None:
    """0.80 of 20 heel raises is 16, in one set: no programme gives it more."""
    found = reported((*SCREENED, *tried("heel-raise", 20, "{repetitions}")))
    assert nexts(found) == {"heel-raise": sets(1, 16)}


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.DISCHARGED])
def test_a_programme_that_has_ended_asks_for_no_baseline(phase: Phase) -> None:
    """D1 decides, and D6 does not match: only a clinician can start again."""
    found = reported(SCREENED, plan(phase, ago(5), (state("walking", None, 3, None),)))
    assert "D6" not in found.matched
    assert found.rule == "D1"


def test_no_baseline_before_the_full_screen() -> None:
    """Every item of the screen counts: with one never answered D6 does not match."""
    for left_out in ("rf01", "rf26"):
        answers = [r for r in screen(AT) if getattr(r, "what", "") != left_out]
        assert reported((*calm(), *answers)).matched == ("D7",)


def test_a_clearance_is_a_reason() -> None:
    """D5: a listed disease holds the first dose, with a reason, a trace entry and a question."""
    listed = Diagnosis(DiagnosisKind.CONDITION, "heart-failure", "heart failure", stamp("heart-failure", on(ago(900))))
    found = reported((*SCREENED, listed, *tried("walking", 10, "min")))
    assert found.rule == "D5"
    words = next(r for r in texts(found.reasons) if r.startswith("medical clearance needed before the start: "))
    assert words in texts(found.asks)
    assert [(str(e.text), e.held) for e in found.trace if str(e.text) == words] == [(words, True)]


def test_why_the_profile_is_cautious() -> None:
    """B4: the trace of a start gives the reason, as a condition that is met."""
    found = reported((*SCREENED, answered("cautious-profile", True, on(ago(1)))))
    assert [(str(e.text), e.held) for e in found.trace if str(e.text).startswith("cautious")] == [
        ("cautious profile: set by a clinician", True),
    ]  # fmt: skip


SIT_TO_STAND = state("sit-to-stand", None, 2, None)
REMEMBERED: list[tuple[dict[str, Dose | None], Dose]] = [
    ({"start": sets(3, 6)}, sets(3, 8)),
    ({"start": None, "before_flare": sets(3, 6)}, sets(3, 8)),
    ({"start": None, "reference": sets(3, 6)}, sets(3, 8)),
    ({"start": sets(2, 6), "before_flare": sets(3, 6), "reference": sets(3, 6)}, sets(2, 12)),
    ({"start": None, "before_flare": sets(2, 6), "reference": sets(3, 6)}, sets(2, 12)),
    ({"start": None}, sets(1, 24)),
]


@pytest.mark.parametrize(("kept", "start"), REMEMBERED)
def test_a_new_start_keeps_its_sets(kept: dict[str, Dose | None], start: Dose) -> None:
    """0.80 of 30 is 24, in the sets of the first start, else of before the flare, else of the loading dose."""
    one: ExerciseState = replace(SIT_TO_STAND, **kept)  # type: ignore[arg-type]
    case = Case(states=(walking(), one), more=tried("sit-to-stand", 30, "{repetitions}"))
    steps = {c.exercise: c.step for c in candidates_of(picture(case), ()).candidates}
    assert steps["sit-to-stand"] == start


def test_what_later_rules_would_have_moved() -> None:
    """D5 before D7 without a dose; D5 before D8, which would have raised the walk."""
    flag = answered("rf25", True, on(ago(0)))
    states = (walking(), state("leg-press", None, 2, None))
    held = Case(states=states, screened=8, more=(flag,)).course()
    assert decide(held).decision.suppressed == ("D7 HOLD_INSUFFICIENT",)
    low = minutes(16)
    ladder = Case(
        states=(state("walking", low, 3, ago(6), before_flare=minutes(20)),),
        phase=Phase.RETURN,
        since=6,
        sessions=tuple(walks((5, 3, 1), low)),
        more=(flag,),
    )
    assert decide(ladder.course()).decision.suppressed == ("D8 RETURN_TO_LOAD (walking)",)
