"""The gates of a step, each on its own: at its limit, beyond it, and with unknown data (B6, B11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import two_weeks
from tests.clinical.pictures import picture, walking
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import answered, limit, measured, minutes, on, session, sets, state
from titrate.clinical.picture.data_sufficiency import missing_data, progression_holds
from titrate.clinical.rules.gates.context import GateResult, PatientGateContext, gate_context
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.rules.gates.intervals import last_increase
from titrate.clinical.values.decision import Gate, TraceEntry
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import Reading, SessionReported
from titrate.rulebook import load

BOOK = load()
PRESS = sets(3, 10, 40)
PRESSING = state("leg-press", PRESS, 2, ago(14))
STEP = minutes(22)


def requested(name: str, case: Case, step: Dose | None = STEP, exercise: ExerciseState | None = None) -> GateResult:
    """One gate of a case, of its first exercise by default."""
    whole = picture(case)
    one = exercise or whole.record.plan.exercises[0]
    return GATES[name](
        gate_context(
            whole,
            one,
            step,
            PatientGateContext(
                missing=missing_data(whole),
                holds=progression_holds(whole),
                last_increase=last_increase(whole),
            ),
        )
    )


def seen(entry: TraceEntry) -> tuple[object, ...]:
    """The condition as evaluated."""
    return entry.held, entry.value, entry.operator, entry.limit


def presses(*days: int, **other: object) -> tuple[SessionReported, ...]:
    """Leg-press sessions the given number of days ago, twelve repetitions in the last set."""
    made = [session("leg-press", ago(d), PRESS, (2, 3), 3, last_set=12, done=Decimal(32)) for d in days]
    return tuple(replace(one, **other) for one in made)  # type: ignore[arg-type]


def early(reading: SessionReported) -> SessionReported:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


WAITING = Case(states=(state("walking", None, 3, None), PRESSING))
GATES_OF_SESSIONS = {"G4", "G7", "G9", "G10", "G11", "G13"}


@pytest.mark.parametrize("name", GATES)
def test_what_does_not_apply_to_a_start(name: str) -> None:
    """An exercise that waits for its start dose has no sessions to judge."""
    found = requested(name, WAITING)
    assert (found.gate is Gate.NOT_APPLICABLE) is (name in GATES_OF_SESSIONS)
    if name in GATES_OF_SESSIONS:
        assert found.entry.held is False


@pytest.mark.parametrize("name", GATES)
def test_every_gate_names_itself(name: str) -> None:
    """The trace has the gate and its exercise; G11 is only for loads."""
    found = requested(name, Case())
    assert (found.entry.rule, found.entry.exercise) == (name, "walking")
    assert found.gate is (Gate.NOT_APPLICABLE if name == "G11" else Gate.PASS)


def test_g1_counts_flags() -> None:
    """Open flags, each with its source."""
    assert seen(requested("G1", Case()).entry) == (True, "0", "=", "0")
    flag = answered("rf25", True, on(ago(1)))
    found = requested("G1", Case(more=(flag,)))
    assert seen(found.entry) == (False, "1", "=", "0")
    assert found.entry.sources == (flag.stamp.source,)


@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.DELOAD])
def test_g2_is_loading(phase: Phase) -> None:
    """No other phase lets a dose rise by D10. (A deload becomes loading automatically.)"""
    whole = picture(Case(phase=phase))
    found = requested("G2", Case(phase=phase))
    assert (found.gate is Gate.PASS) is (whole.phase is Phase.LOADING)
    assert seen(found.entry) == (whole.phase is Phase.LOADING, whole.phase.value, "=", "loading")


def test_g2_fails_on_the_day_a_return_starts() -> None:
    """A settled flare that no plan has answered makes the phase `return` today."""
    days = (*without(calm(), (1, 2, 3, 4)), pain(4, 4), pain(3, 4), pain(2, 2), pain(1, 2))
    assert picture(Case(days=days)).returning
    assert requested("G2", Case(days=days)).gate is Gate.FAIL


def test_g3_counts_sessions_of_the_exercise() -> None:
    """Three sessions of it in 21 days, and sufficient other data."""
    two = Case(states=(walking(), PRESSING), sessions=(*two_weeks(), *presses(5, 3)))
    assert requested("G3", two).gate is Gate.PASS
    found = requested("G3", two, exercise=PRESSING)
    assert (found.gate, str(found.entry.text)) == (Gate.FAIL, "2 evaluable sessions of the exercise")
    assert (
        requested("G3", replace(two, sessions=(*two_weeks(), *presses(7, 5, 3))), exercise=PRESSING).gate is Gate.PASS
    )
    assert seen(requested("G3", Case()).entry) == (True, "7", ">=", "5")
    assert len(requested("G3", Case()).entry.sources) == 7
    assert requested("G3", Case(screened=8)).gate is Gate.FAIL


RUNS: dict[str, tuple[tuple[SessionReported, ...], str, str]] = {
    "three": (two_weeks(), "pass", "3"), "two since the dose": (tuple(walks((5, 3))), "fail", "2"),
    "the middle one marginal": (tuple(replace(w, rpe=Decimal(5)) if w.stamp.day == ago(5) else w for w in two_weeks()),
    "fail", "2"),
    "the one before them marginal": (tuple(replace(w,
    rpe=Decimal(5)) if w.stamp.day == ago(10) else w for w in two_weeks()), "pass", "3"),
    "one not evaluable among them": (tuple(replace(w,
    pain_peak=None) if w.stamp.day == ago(5) else w for w in two_weeks()), "pass", "3"),
    "the newest at less": (two_weeks(prescribed=Decimal(18), done=Decimal(18)), "fail", "2"),
    "before the dose": (tuple(walks((20, 18, 5, 3))), "fail", "2"), "none": ((), "fail", "0"),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_g4(name: str) -> None:
    """The last three evaluable sessions since the dose began, all at dose, all tolerated."""
    sessions, verdict, count = RUNS[name]
    found = requested("G4", Case(sessions=sessions))
    assert (found.gate.value, *seen(found.entry)) == (verdict, verdict == "pass", count, ">=", "3")


def test_g4_names_its_sessions() -> None:
    """The three sessions, each with its report."""
    assert [s.reference for s in requested("G4", Case()).entry.sources] == [
        w.stamp.source.reference for w in two_weeks()[-3:]
    ]


RISES: dict[str, tuple[tuple[ExerciseState, ...], str | None]] = {
    "never raised: since the dose": ((walking(),), "14"),
    "of two doses the later": ((walking(), replace(PRESSING, dose_since=ago(9))), "9"),
    "the start of one is not known: the plan's": ((replace(walking(), dose_since=None), replace(PRESSING,
    dose_since=ago(9))), "14"),
    "one has no dose": ((walking(), state("leg-press", None, 2, None)), "14"),
    "raised, first session that day": ((walking(last_raised=ago(10)),), "10"),
    "raised, first session a day later": ((walking(last_raised=ago(11)),), "10"),
    "raised, no session since": ((walking(last_raised=ago(2)),), None),
    "raised, and changed since": ((replace(walking(last_raised=ago(8)), dose_since=ago(6)),), "8"),
    "raised, and has no dose now": ((state("walking", None, 3, None, last_raised=ago(9)), PRESSING), "9"),
    "another one raised": ((walking(), replace(PRESSING, last_raised=ago(8))), "5"),
    "of two raised the later": ((walking(last_raised=ago(12)), replace(PRESSING, last_raised=ago(8))), "5"),
    "of two raised one not taken": ((walking(last_raised=ago(2)), replace(PRESSING, last_raised=ago(8))), None),
}  # fmt: skip


@pytest.mark.parametrize("name", RISES)
def test_g5(name: str) -> None:
    """Days since the newest rise of any exercise, from its first session at the raised dose; else since the dose."""
    states, days = RISES[name]
    found = requested("G5", Case(states=states, sessions=(*two_weeks(), *presses(12, 5))))
    assert seen(found.entry) == (days is not None and int(days) >= 7, days, ">=", "7")


def test_g5_names_its_start() -> None:
    """A rise if there was one; otherwise the start of the dose."""
    risen = requested("G5", Case(states=(walking(last_raised=ago(8)),)))
    assert str(risen.entry.text) == f"days since the last increase, {ago(7)}"
    assert str(requested("G5", Case()).entry.text) == f"days since the present dose began, {ago(14)}"


def test_g5_counts_no_preliminary_session() -> None:
    """A rise is not taken by a session that is not final."""
    case = Case(states=(walking(last_raised=ago(9)),), sessions=(early(walks((8,))[0]), *walks((6,))))
    assert requested("G5", case).entry.value == "6"


def test_g5_without_any_day() -> None:
    """If no start of a dose or plan is known the gate fails."""
    unknown = Case(states=(replace(walking(), dose_since=None),), plan={"started": None})
    assert (requested("G5", unknown).gate, requested("G5", unknown).entry.value) == (Gate.FAIL, None)


# E2: the week before 15/7 and usual 2, the lower counts. E3: 2 and 19/7.
WEEKS: list[tuple[tuple[int, ...], tuple[int, ...], str, str | None]] = [
    ((2,) * 7, (2, 2, 3, 2, 2, 2, 2), "pass", "+0.00"), ((3, 2, 3, 3, 3, 2, 3), (2,) * 7, "fail", "+0.71"),
    ((3, 3, 3, 2, 2, 2), (2,) * 7, "pass", "+0.50"), ((3, 3, 3, 3, 2, 2, 2), (2,) * 7, "fail", "+0.57"),
    ((1,) * 7, (2,) * 7, "pass", "-1.00"), ((2,) * 7, (1,) * 7, "fail", "+1.00"), ((2,) * 5, (2,) * 5, "pass", "+0.00"),
    ((2,) * 4, (2,) * 7, "fail", None), ((2,) * 7, (2,) * 4, "fail", None),
]  # fmt: skip


@pytest.mark.parametrize(("week", "before", "verdict", "shown"), WEEKS)
def test_g6(week: tuple[int, ...], before: tuple[int, ...], verdict: str, shown: str | None) -> None:
    """The mean of the week is at most 0.5 above the lower of usual and the week before, five mornings in each."""
    days = (*(pain(n, v) for n, v in enumerate(week, 1)), *(pain(n, v) for n, v in enumerate(before, 8)))
    found = requested("G6", Case(days=days))
    assert (found.gate.value, *seen(found.entry)) == (verdict, verdict == "pass", shown, "<=", "0.5")
    assert len(found.entry.sources) == (len(week) if shown else 0)


def test_g6_without_usual_is_not_comparable() -> None:
    """Unknown usual pain is not zero."""
    unknown = Case(plan={"usual_pain": None, "started": None}, more=(answered("flare-self-report", True, on(ago(5))),))
    assert requested("G6", unknown).gate is Gate.FAIL


@pytest.mark.parametrize(("weekly", "days", "shown"), [(3, (1, 4, 7), "1.00"), (3, (1, 4, 8), "0.67"), (3, (0, 1, 4),
"0.67"),
                                                       (4, (1, 4, 7), "0.75"), (2, (1, 4, 7), "1.00"), (0, (1,),
                                                       "0.00")])  # fmt: skip
def test_g7(weekly: int, days: tuple[int, ...], shown: str) -> None:
    """Sessions of the seven days before today over the week's frequency, at most 1.00; 0.70 is enough."""
    case = Case(states=(state("walking", WALK, weekly, ago(14)),), sessions=(*walks(days), *presses(2, 3)))
    assert seen(requested("G7", case).entry) == (Decimal(shown) >= Decimal("0.70"), shown, ">=", "0.70")


def test_g7_to_the_hundredth() -> None:
    """Nine of thirteen are 0.69, and too few."""
    earlier = timedelta(hours=6)
    twice = [
        replace(w, stamp=replace(w.stamp, when=w.stamp.when - earlier, until=w.stamp.end - earlier))
        for w in walks((1, 2))
    ]
    case = Case(states=(state("walking", WALK, 13, ago(14)),), sessions=(*walks(range(1, 8)), *twice))
    assert seen(requested("G7", case).entry) == (False, "0.69", ">=", "0.70")


def test_g8_counts_what_holds() -> None:
    """Each reason counts once."""
    both = Case(more=(measured("phq-9", 10, on(ago(5))), answered("stressor", "major", on(ago(2)))))
    assert seen(requested("G8", both).entry) == (False, "2", "=", "0")
    assert seen(requested("G8", Case()).entry) == (True, "0", "=", "0")


@pytest.mark.parametrize(("day", "held"), [(0, False), (1, True)])
def test_a_clinics_score_holds_its_day(day: int, held: bool) -> None:
    """Three above usual today holds; of yesterday, or beside a diary that says otherwise, it says nothing (B13.11)."""
    found = Case(more=(measured("pain-clinic", 9, on(ago(day), time(9))),))
    assert seen(requested("G8", found).entry)[0] is held
    assert found.run(BOOK).assessment.conflicts == ()


def work(*done: tuple[int, str], **other: object) -> Case:
    """Walks on these days ago with these minutes done."""
    planned = []
    for day, minutes_ in done:
        full = max(Decimal(minutes_), Decimal(20))
        planned.append(replace(walks((day,))[0], done=Decimal(minutes_), prescribed=full, **other))  # type: ignore[arg-type]
    return Case(sessions=tuple(planned))


# E2's arithmetic: 3 x 22 planned of 20 in force
WORK: list[tuple[tuple[tuple[int, str], ...], bool, str]] = [
    (((7, "20"), (4, "20"), (1, "20")), True, "1.100"), (((7, "20"), (4, "20"), (1, "15")), True, "1.200"),
    (((7, "20"), (4, "20"), (1, "14.9")), False, "1.202"), (((8, "20"), (4, "20"), (1, "15")), False, "1.886"),
    (((4, "20"), (1, "20"), (0, "20")), False, "1.650"), (((9, "20"),), False, "no work done"),
    (((20, "1"), (7, "20"), (4, "20"), (1, "20")), True, "1.100"),  # a month needs at least 21 days of data
    (((21, "1"), (7, "20"), (4, "20"), (1, "20")), False, "4.328"),  # 66 over 61 / 4
    (((21, "60"), (14, "83.1"), (7, "20"), (4, "20"), (1, "20")), True, "1.100"),  # 203.1 / 4 x 1.3 = 66.0
    (((28, "143"), (7, "20"), (4, "20"), (1, "20")), False, "1.300"), (((28, "143.1"), (7, "20"), (4, "20"), (1,
    "20")), True, "1.100"),
    (((29, "143.1"), (7, "20"), (4, "20"), (1, "20")), False, "4.400"),
]  # fmt: skip


@pytest.mark.parametrize(("done", "held", "shown"), WORK)
def test_g9(done: tuple[tuple[int, str], ...], held: bool, shown: str) -> None:
    """The planned week is at most 1.20 of the last seven days' work, and 1.30 of the mean week of 28 days."""
    found = requested("G9", work(*done))
    limit_ = "1.30" if any(day >= 21 for day, _ in done) and not held else "1.20"
    assert seen(found.entry) == (held, shown, "<=", limit_)


def test_g9_counts_what_is_known() -> None:
    """Final and known, of this exercise and in its unit; without a due step the dose in force is planned."""
    week = ((7, "20"), (4, "20"), (1, "20"))
    assert requested("G9", work(*week), step=None).entry.value == "1.000"
    assert requested("G9", work(*week, unit=None)).entry.value == "1.100"
    assert requested("G9", work(*week, unit="m")).entry.value == "no work done"
    unknown = Case(sessions=(*walks((7, 4)), replace(walks((1,))[0], done=None)))
    assert requested("G9", unknown).entry.value == "1.650"
    assert requested("G9", Case(sessions=(*walks((7, 4)), early(walks((1,))[0])))).entry.value == "1.650"
    others = Case(states=(walking(), PRESSING), sessions=(*walks((7, 4, 1)), *presses(2)))
    assert requested("G9", others).entry.value == "1.100"


def test_g9_counts_no_overshoot() -> None:
    """Of 30 minutes where 20 were prescribed 24 count: 66 over 64."""
    over = Case(sessions=(*walks((7, 4)), replace(walks((1,))[0], done=Decimal(30))))
    assert requested("G9", over).entry.value == "1.031"


def test_g9_of_a_load() -> None:
    """Repetitions times kilograms; a session without a load adds no work."""
    case = Case(states=(PRESSING,), sessions=presses(5, 2, done=Decimal(30)))
    assert requested("G9", case, step=sets(3, 8, 42)).entry.value == "0.840"  # 2 x 24 x 42 over 2 x 30 x 40
    assert requested("G9", case, step=None).entry.value == "1.000"
    light = Case(states=(PRESSING,), sessions=(*presses(5, done=Decimal(30)), *presses(2, done=Decimal(30), load=None)))
    assert requested("G9", light, step=None).entry.value == "2.000"


FORMS: dict[str, tuple[tuple[str | None, ...], bool, str]] = {
    "good": (("good", "good"), True, "2"), "compensating": (("good", "compensating"), False, "1"),
    "lost": (("lost", "good"), False, "1"), "not recorded": (("good", None), False, "1"),
    "only one": (("good",), False, "1"), "an older one lost": (("lost", "good", "good"), True, "2"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_g10(name: str) -> None:
    """Form good in the last two sessions at dose; needed except in aerobic exercises."""
    forms, held, count = FORMS[name]
    sessions = [presses(day, form=form)[0] for day, form in zip((9, 6, 3)[-len(forms) :], forms, strict=True)]
    found = requested("G10", Case(states=(PRESSING,), sessions=tuple(sessions)))
    assert seen(found.entry) == (held, count, ">=", "2")


@pytest.mark.parametrize(("form", "held"), [(None, True), ("good", True), ("compensating", False), ("lost", False)])
def test_g10_of_a_walk(form: str | None, held: bool) -> None:
    """Unrecorded form does not stop a walk; lost form does."""
    assert (requested("G10", Case(sessions=two_weeks(form=form))).gate is Gate.PASS) is held


COUNTS: dict[str, tuple[tuple[dict[str, object], ...], str | None, bool]] = {
    "twice": (({}, {}), "12, 12", True), "once": (({"last_set": 11}, {}), "11, 12", False),
    "the newest fewer": (({}, {"last_set": 11}), "12, 11", False), "not recorded": (({"last_set": None}, {}), None,
    False),
    "one alone": (({},), None, False), "not tolerated": (({}, {"rpe": Decimal(5)}), "12, 12", False),
    "the older not tolerated": (({"rpe": Decimal(5)}, {}), "12, 12", False),
    "before them fewer": (({"last_set": 9}, {}, {}), "12, 12", True),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTS)
def test_g11(name: str) -> None:
    """E2: twelve of ten in the last set of the last two sessions, both tolerated."""
    changes, shown, held = COUNTS[name]
    sessions = [presses(day, **c)[0] for day, c in zip((9, 6, 3)[-len(changes) :], changes, strict=True)]
    found = requested("G11", Case(states=(PRESSING,), sessions=tuple(sessions)))
    assert seen(found.entry) == (held, shown, ">=" if shown else None, "12" if shown else None)


@pytest.mark.parametrize(
    ("target", "each", "goal"), [(10, 10, "12"), (12, 10, "14"), (8, 10, "12"), (10, 12, "14"), (None, 10, "12")]
)
def test_goal_of_two_for_two(target: int | None, each: int, goal: str) -> None:
    """Two above the target, or above the current set if that is more."""
    dose = sets(3, each, 40)
    one = state("leg-press", dose, 2, ago(14), target=target)
    done = [session("leg-press", ago(d), dose, (2, 3), 3, last_set=14) for d in (6, 3)]
    assert requested("G11", Case(states=(one,), sessions=tuple(done))).entry.limit == goal


@pytest.mark.parametrize(("since", "held"), [(20, True), (21, False), (27, False)])
def test_g12(since: int, held: bool) -> None:
    """From day 21 of loading a lighter week is due."""
    found = requested("G12", Case(plan={"loading_since": ago(since)}))
    assert seen(found.entry) == (held, str(since), "<", "21")


@pytest.mark.parametrize("phase", [Phase.LIGHTER_WEEK, Phase.MAINTENANCE, Phase.FLARE, Phase.RETURN])
def test_g12_outside_loading(phase: Phase) -> None:
    """No lighter week is due, and no days are compared."""
    found = requested("G12", Case(phase=phase, plan={"loading_since": ago(28)}))
    assert seen(found.entry) == (True, None, None, None)


HARD: dict[str, tuple[dict[str, object], tuple[Reading, ...], bool, str | None]] = {
    "within": ({}, (), True, "3"), "at the cap": ({"rpe": Decimal(4)}, (), True, "4"),
    "above it": ({"rpe": Decimal("4.5")}, (), False, "4.5"),
    "not recorded": ({"rpe": None}, (), False, "3"), "talk test equivocal": ({"talk_test": "equivocal"}, (), False,
    "3"),
    "no talk test": ({"talk_test": None}, (), True, "3"), "a clinician's cap": ({"rpe": Decimal(4)}, (limit("rpe-cap",
    3, ago(9)),), False, "4"),
    "heart rate at its limit": ({"heart_rate": Decimal(120)}, (limit("heart-rate-limit", 120, ago(9)),), True, "3"),
    "heart rate above it": ({"heart_rate": Decimal(121)}, (limit("heart-rate-limit", 120, ago(9)),), False, "3"),
    "heart rate without a limit": ({"heart_rate": Decimal(190)}, (), True, "3"),
    "no heart rate": ({}, (limit("heart-rate-limit", 120, ago(9)),), True, "3"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("day", [7, 5, 3])
def test_g13(name: str, day: int) -> None:
    """Exertion, talk test and heart rate of every session since the first of the three."""
    changes, more, held, highest = HARD[name]
    sessions = tuple(replace(w, **changes) if w.stamp.day == ago(day) else w for w in two_weeks())  # type: ignore[arg-type]
    found = requested("G13", Case(sessions=sessions, more=more))
    assert (found.entry.held, found.entry.value, found.entry.operator) == (held, highest, "<=")
    assert found.entry.limit == ("3" if "cap" in name and "clinician" in name else "4")


def test_g13_looks_no_further_back() -> None:
    """A hard session before the three does not count, one among them that is not evaluable does; three are needed."""
    before = tuple(replace(w, rpe=Decimal(8)) if w.stamp.day == ago(10) else w for w in two_weeks())
    assert requested("G13", Case(sessions=before)).gate is Gate.PASS
    among = replace(walks((4,))[0], rpe=Decimal(8), pain_peak=None)
    assert requested("G13", Case(sessions=(*two_weeks(), among))).gate is Gate.FAIL
    silent = replace(walks((4,))[0], pain_peak=None)
    assert requested("G13", Case(sessions=(*two_weeks(), silent))).gate is Gate.PASS
    assert requested("G13", Case(sessions=tuple(walks((5, 3))))).gate is Gate.FAIL
    hard_press = replace(presses(4)[0], rpe=Decimal(8))
    assert requested("G13", Case(states=(walking(), PRESSING), sessions=(*two_weeks(), hard_press))).gate is Gate.PASS


@pytest.mark.parametrize(("approved", "held"), [(42, True), (43, False), (0, True)])
def test_g14(approved: int, held: bool) -> None:
    """42 days from the approval or the newest limit."""
    found = requested("G14", Case(plan={"approved": ago(approved)}))
    assert seen(found.entry) == (held, str(approved), "<=", "42")


def test_g14_without_approval() -> None:
    """Limits without an approval do not count."""
    found = requested("G14", Case(plan={"approved": None}))
    assert (found.gate, seen(found.entry)) == (Gate.FAIL, (False, None, "<=", "42"))
    assert requested("G14", Case(plan={"approved": None}, more=(limit("rpe-cap", 4, ago(9)),))).gate is Gate.PASS
