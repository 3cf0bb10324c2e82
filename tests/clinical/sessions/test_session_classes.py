"""Classes of sessions: each fact at its limit and just beyond, with its reasons (B1, B11.8, .21, .29, .36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture, walking
from tests.clinical.thresholds.probe import Case, ago, calm, pain, walks, without
from tests.courses.build import Number, limit, measured, minutes, on, session, sets, state
from titrate.clinical.values.decision import ClassedSession
from titrate.clinical.values.readings import Measurement, Reading, SessionReported, Source

(WALK_3,) = walks((3,))
# Usual pain is 2 and usual fatigue 3; the morning after the walk of three days ago is that of two days ago.
AFTER = 2


def classed(*sessions: SessionReported, more: tuple[Reading, ...] = (), days: tuple[Reading, ...] | None = None,
            **case: object) -> ClassedSession:  # fmt: skip
    """The session of three days ago with its class."""
    found = picture(Case(sessions=sessions, more=more, days=days, **case)).sessions  # type: ignore[arg-type]
    return found[-1]


def reasons_of(session: ClassedSession) -> tuple[str, ...]:
    """The reasons of a class as text."""
    return tuple(map(str, session.reasons))


def rated(what: str, value: Number, **stamp: object) -> tuple[Reading, ...]:
    """Usual mornings, except that the morning after the walk has this pain or fatigue, or none."""
    rest = [r for r in calm() if not (isinstance(r, Measurement) and r.what == what and r.stamp.day == ago(AFTER))]
    one = measured(what, value, on(ago(AFTER)))
    return (*rest, replace(one, stamp=replace(one.stamp, **stamp)))  # type: ignore[arg-type]


def unrated(what: str) -> tuple[Reading, ...]:
    """Mornings without this rating after the walk."""
    return tuple(r for r in calm() if not (isinstance(r, Measurement) and r.what == what and r.stamp.day == ago(AFTER)))


FACTS: dict[str, tuple[dict[str, object], str, tuple[str, ...]]] = {
    "as asked": ({}, "T", ()),
    "peak 5": ({"pain_peak": Decimal(5)}, "T", ()),
    "peak 5.5": ({"pain_peak": Decimal("5.5")}, "X", ("pain 5.5 above 5",)),
    "effort at the cap": ({"rpe": Decimal(4)}, "T", ()),
    "effort above the cap": ({"rpe": Decimal("4.5")}, "M", ("exertion 4.5 with a cap of 4",)),
    "effort two above the cap": ({"rpe": Decimal(6)}, "X", ("exertion 6 with a cap of 4",)),
    "effort nearly two above": ({"rpe": Decimal("5.5")}, "M", ("exertion 5.5 with a cap of 4",)),
    "effort unknown": ({"rpe": None}, "M", ("exertion not recorded",)),
    "0.90 done": ({"done": Decimal(18)}, "T", ()),
    "less than 0.90 done": ({"done": Decimal("17.8")}, "M", ("0.89 times the prescribed amount done",)),
    "1.20 done": ({"done": Decimal(24)}, "T", ()),
    "more than 1.20 done": ({"done": Decimal("24.2")}, "M", ("overshoot: 1.21 times the prescribed amount done",)),
    "done unknown": ({"done": None}, "M", ("amount done or prescribed not recorded",)),
    "stopped for pain at 0.60": ({"done": Decimal(12), "stop_reason": "pain"}, "M",
                                 ("0.60 times the prescribed amount done", "stopped (pain)")),
    "stopped for pain below 0.60": ({"done": Decimal("11.9"), "stop_reason": "pain"}, "X", ("stopped early (pain)",)),
    "out of time below 0.60": ({"done": Decimal(10), "stop_reason": "time"}, "M",
    ("0.50 times the prescribed amount done",)),
    "stopped, done unknown": ({"done": None, "stop_reason": "dizzy"}, "M",
                              ("amount done or prescribed not recorded", "stopped (dizzy)")),
    "completed": ({"stop_reason": "completed"}, "T", ()), "no reason": ({"stop_reason": None}, "T", ()),
    "more prescribed": ({"prescribed": Decimal(21), "done": Decimal(21)}, "M", ("more than prescribed",)),
    "peak unknown": ({"pain_peak": None}, "N", ("pain during the session not known",)),
    "peak unknown and hard": ({"pain_peak": None, "rpe": Decimal(5)}, "M", ("exertion 5 with a cap of 4",)),
    "peak unknown and too hard": ({"pain_peak": None, "rpe": Decimal(6)}, "X", ("exertion 6 with a cap of 4",)),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_one_fact(name: str) -> None:
    """A usual walk of 20 minutes with one changed fact."""
    changes, session_class, reasons = FACTS[name]
    found = classed(replace(WALK_3, **changes))  # type: ignore[arg-type]
    assert (found.session_class.value, reasons_of(found)) == (session_class, reasons)


@pytest.mark.parametrize("reason", ["pain", "fatigue", "breathless", "dizzy", "chest-symptom", "other"])
def test_each_stop(reason: str) -> None:
    """Every reason for stopping except the end and the time counts against a session."""
    assert classed(replace(WALK_3, stop_reason=reason)).session_class.value == "M"


@pytest.mark.parametrize("quality", ["sharp", "electric", "locking", "night-unremitting"])
def test_each_new_quality(quality: str) -> None:
    """A new quality of pain makes a session marginal at best; the usual one does not."""
    assert reasons_of(classed(replace(WALK_3, pain_quality=quality))) == (f"new pain quality ({quality})",)
    assert classed(replace(WALK_3, pain_quality="usual")).session_class.value == "T"


MORNINGS: dict[str, tuple[tuple[Reading, ...], str, tuple[str, ...], str | None]] = {
    "lower": (rated("pain-morning", 1), "T", (), "-1"), "as usual": (rated("pain-morning", 2), "T", (), "0"),
    "half a point": (rated("pain-morning", "2.5"), "M", ("next morning 0.5 above usual",), "0.5"),
    "one": (rated("pain-morning", 3), "M", ("next morning 1 above usual",), "1"),
    "two": (rated("pain-morning", 4), "X", ("next morning 2 above usual",), "2"),
    "unknown": (unrated("pain-morning"), "N", ("next morning's pain not known",), None),
    "fatigue one": (rated("fatigue-morning", 4), "T", (), "0"),
    "fatigue more than one": (rated("fatigue-morning", "4.5"), "M", ("morning fatigue 1.5 above usual",), "0"),
    "fatigue three": (rated("fatigue-morning", 6), "X", ("morning fatigue 3 above usual",), "0"),
    "fatigue unknown": (unrated("fatigue-morning"), "M", ("morning fatigue or usual fatigue not known",), "0"),
    "not final": (rated("pain-morning", 2, preliminary=True), "N", ("next morning's pain not known",), "0"),
    "not final, higher": (rated("pain-morning", 3, preliminary=True), "M", ("next morning 1 above usual",), "1"),
    "not final, much higher": (rated("pain-morning", 4, preliminary=True), "X", ("next morning 2 above usual",), "2"),
    "fatigue not final": (rated("fatigue-morning", 3, preliminary=True), "M",
                          ("morning fatigue or usual fatigue not known",), "0"),
    "told late": (rated("pain-morning", 2, entered=on(ago(0)) + timedelta(hours=1)), "M", ("entered late",), "0"),
    "told within 48 hours": (rated("pain-morning", 2, entered=on(ago(0))), "T", (), "0"),
    "fatigue told late": (rated("fatigue-morning", 3, entered=on(ago(0)) + timedelta(hours=1)), "M", ("entered late",),
    "0"),
    "when it was rated is not known": (rated("pain-morning", 2, entered=None), "T", (), "0"),
}  # fmt: skip


@pytest.mark.parametrize("name", MORNINGS)
def test_the_morning_after(name: str) -> None:
    """Pain and fatigue of the next morning against usual; a preliminary rating can only worsen the class."""
    days, session_class, reasons, carry = MORNINGS[name]
    found = classed(WALK_3, days=days)
    assert (found.session_class.value, reasons_of(found)) == (session_class, reasons)
    assert found.carry == (None if carry is None else Decimal(carry))


@pytest.mark.parametrize(
    ("ended", "rated_at", "known"),
    [(17, 8, True), (23, 7, True), (23, 6, False), (20, 12, True), (1, 12, True), (0, 12, True)],
)
def test_the_next_morning_is_8_to_36_hours_away(ended: int, rated_at: int, known: bool) -> None:
    """From 8 to 36 hours after the end, inclusive; from midnight 36 hours end at noon of the next day."""
    end = on(ago(3)).replace(hour=ended)
    late = replace(WALK_3, stamp=replace(WALK_3.stamp, when=end - timedelta(minutes=0), until=end, entered=end))
    days = (*without(calm(), (AFTER,)), measured("pain-morning", 2, on(ago(AFTER)).replace(hour=rated_at)))
    assert (classed(late, days=days).next_morning is not None) is known


def test_a_morning_without_an_hour_counts() -> None:
    """Only its date is known."""
    midnight = on(ago(AFTER)).replace(hour=0)
    days = rated("pain-morning", 2, when=midnight, timed=False, entered=None)
    assert classed(WALK_3, days=days).session_class.value == "T"
    at_night = rated("pain-morning", 2, when=midnight, entered=None)
    assert classed(WALK_3, days=at_night).session_class.value == "N"


def test_unknown_usual_values() -> None:
    """Without usual pain no session is evaluable, without usual fatigue none is tolerated."""
    for name, session_class in (("usual_pain", "N"), ("usual_fatigue", "M")):
        days = (*(pain(n, 2) for n in (2,)), measured("fatigue-morning", 3, on(ago(2))))
        assert classed(WALK_3, days=days, plan={name: None}).session_class.value == session_class


@pytest.mark.parametrize(("hours", "session_class"), [(48, "T"), (49, "M")])
def test_a_session_entered_late(hours: int, session_class: str) -> None:
    """Later than 48 hours after its end it is recalled."""
    entered = WALK_3.stamp.end + timedelta(hours=hours)
    found = classed(replace(WALK_3, stamp=replace(WALK_3.stamp, entered=entered)))
    assert (found.session_class.value, reasons_of(found)) == (
        session_class,
        ("entered late",) if session_class == "M" else (),
    )


def test_a_session_that_is_not_final() -> None:
    """Marginal at best."""
    found = classed(replace(WALK_3, stamp=replace(WALK_3.stamp, preliminary=True)))
    assert (found.session_class.value, reasons_of(found), found.preliminary) == ("M", ("preliminary",), True)


def test_a_clinicians_limits() -> None:
    """Ceiling and cap are those set by a clinician."""
    lower = (limit("pain-ceiling", 3, ago(9)), limit("rpe-cap", 3, ago(9)))
    assert reasons_of(classed(replace(WALK_3, pain_peak=Decimal("3.5")), more=lower)) == ("pain 3.5 above 3",)
    assert reasons_of(classed(replace(WALK_3, rpe=Decimal(5)), more=lower)) == ("exertion 5 with a cap of 3",)


def again(**other: object) -> SessionReported:
    """A second report of the walk."""
    return replace(WALK_3, stamp=replace(WALK_3.stamp, source=Source("Observation/again")), **other)  # type: ignore[arg-type]


def test_two_reports_of_a_slot_are_one_session() -> None:
    """The worst class, the least done, the highest peak."""
    found = picture(Case(sessions=(WALK_3, again(pain_peak=Decimal(4), done=Decimal(19), rpe=Decimal(5))))).sessions
    assert len(found) == 1
    assert (found[0].session_class.value, found[0].done, found[0].peak) == ("M", Decimal(19), Decimal(4))
    other = picture(Case(sessions=(again(pain_peak=Decimal(6)), replace(WALK_3, done=Decimal(10))))).sessions
    assert (other[0].session_class.value, other[0].done, other[0].peak) == ("X", Decimal(10), Decimal(6))
    completed = picture(Case(sessions=(WALK_3, again(pain_peak=None)))).sessions
    assert (completed[0].session_class.value, completed[0].peak) == ("T", Decimal(3))
    more = picture(Case(sessions=(WALK_3, again(done=Decimal("24.1"))))).sessions
    assert (more[0].session_class.value, more[0].done) == ("M", Decimal(20))


def test_a_preliminary_second_report() -> None:
    """It adds harm and no amount; the session is final if one report is."""
    second = again(done=Decimal(5), pain_peak=Decimal(6))
    early = replace(second, stamp=replace(second.stamp, preliminary=True))
    (found,) = picture(Case(sessions=(WALK_3, early))).sessions
    assert (found.session_class.value, found.done, found.preliminary) == ("X", Decimal(20), False)
    both = replace(WALK_3, stamp=replace(WALK_3.stamp, preliminary=True))
    (found,) = picture(Case(sessions=(both, early))).sessions
    assert (found.done, found.preliminary) == (Decimal(5), True)


def test_of_two_reports_that_are_not_final_the_lesser_amount_counts() -> None:
    """The worse report said that all was done, the other half."""
    worse, less = again(pain_peak=Decimal(6)), replace(WALK_3, done=Decimal(10))
    soft = tuple(replace(s, stamp=replace(s.stamp, preliminary=True)) for s in (worse, less))
    (found,) = picture(Case(sessions=soft)).sessions
    assert (found.session_class.value, found.done, found.preliminary) == ("X", Decimal(10), True)


def test_a_rating_that_is_not_final_makes_no_session_late() -> None:
    """Next to one in time; a late final one on its own does."""
    late = measured("pain-morning", 2, on(ago(AFTER)).replace(hour=9))
    late = replace(late, stamp=replace(late.stamp, entered=late.stamp.when + timedelta(hours=49)))
    soft = replace(late, stamp=replace(late.stamp, preliminary=True))
    assert classed(WALK_3, days=(*calm(), soft)).session_class.value == "T"
    assert reasons_of(classed(WALK_3, days=(*calm(), late))) == ("entered late",)


@pytest.mark.parametrize(("done", "session_class"), [(7, "T"), (8, "M")])
def test_two_more_in_an_only_set_are_no_overshoot(done: int, session_class: str) -> None:
    """An unknown number of sets counts as one: five and two more of a target of five."""
    bare = replace(sets(1, 5), sets=None)
    rose = session("sit-to-stand", ago(3), bare, (2, 3), 3, done=Decimal(done), last_set=done)
    assert (
        classed(rose, states=(state("sit-to-stand", bare, 2, ago(14), target=1),)).session_class.value == session_class
    )


def test_sessions_are_in_order() -> None:
    """By time, then by exercise, each with its reports."""
    ride = session("cycling", ago(3), minutes(10), (2, 3), 3)
    found = picture(Case(sessions=(*walks((3, 5)), ride), states=(walking(),))).sessions
    assert [(s.day, s.exercise) for s in found] == [(ago(5), "walking"), (ago(3), "cycling"), (ago(3), "walking")]
    assert found[2].sources[0] == WALK_3.stamp.source
    assert len(found[2].sources) == 3


@pytest.mark.parametrize(
    ("done", "last_set", "target", "session_class"),
    [
        (32, 12, None, "T"),
        (39, 12, None, "M"),
        (36, 12, None, "T"),
        (37, 12, None, "T"),
        (39, 13, None, "M"),
        (38, 14, 12, "T"),
    ],
)
def test_the_last_set_and_overshoot(done: int, last_set: int, target: int | None, session_class: str) -> None:
    """3 x 10: 36 is 1.20; two repetitions above the target of the last set do not count."""
    dose = sets(3, 10, 40)
    press = session("leg-press", ago(3), dose, (2, 3), 3, last_set=last_set, done=Decimal(done))
    states = (state("leg-press", dose, 2, ago(14), target=target),)
    assert classed(press, states=states).session_class.value == session_class


def test_an_exercise_outside_the_plan() -> None:
    """It is classed too, and never at dose."""
    ride = session("cycling", ago(3), minutes(10), (2, 3), 3)
    found = classed(ride)
    assert (found.session_class.value, found.at_dose) == ("T", False)
    assert classed(WALK_3).at_dose is True
