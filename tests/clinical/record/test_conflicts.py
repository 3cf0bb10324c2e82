"""Contradictory and implausible facts, each at its limit and just beyond (D, B11.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago, calm, walks, without
from tests.courses.build import Number, limit, measured, on, stamp
from titrate.clinical.record.conflicts import report_conflicts
from titrate.clinical.record.limits import limits_of
from titrate.clinical.values.readings import (
    Comment,
    Measurement,
    Reading,
    Refusal,
    RefusalReason,
    SessionReported,
    Source,
)
from titrate.messages.refused_values import ValueMissing


def found(
    *more: Reading, refusals: tuple[Refusal, ...] = (), sessions: tuple[SessionReported, ...] | None = None
) -> str:
    """The conflicts of an uneventful course with these readings added."""
    record = record_of(Case(more=more, sessions=sessions), *refusals)
    return "; ".join(map(str, report_conflicts(record, limits_of(record))))


def again(what: str, value: Number, day: int) -> Reading:
    """A second rating of a morning, an hour after the first, which was 2 for pain and 3 for fatigue."""
    return measured(what, value, on(ago(day)) + timedelta(hours=1))


def test_a_calm_course_contradicts_nothing() -> None:
    """Single reports do not contradict each other."""
    assert found() == ""


RATINGS = [
    (("pain-morning", 3, 2), ""), (("pain-morning", "3.5", 2), f"two ratings of morning pain on {ago(2)} differ"),
    (("pain-morning", "0.5", 2), f"two ratings of morning pain on {ago(2)} differ"), (("pain-morning", 1, 2), ""),
    (("pain-morning", 9, 14), f"two ratings of morning pain on {ago(14)} differ"), (("pain-morning", 9, 15), ""),
    (("fatigue-morning", 4, 2), ""), (("fatigue-morning", 5, 2), f"two ratings of morning fatigue on {ago(2)} differ"),
]  # fmt: skip


@pytest.mark.parametrize(("rating", "expected"), RATINGS)
def test_two_ratings_of_a_morning(rating: tuple[str, Number, int], expected: str) -> None:
    """More than one point apart is a conflict, in either direction, for 14 days."""
    assert found(again(*rating)) == expected


def twice(day: int, **other: object) -> str:
    """The conflicts after a second, different report of the walk of that day."""
    (walk,) = walks((day,))
    other_report = replace(walk, stamp=replace(walk.stamp, source=Source("Observation/again")), **other)  # type: ignore[arg-type]
    return found(sessions=(*walks((14, 12, 10, 7, 3)), walk, other_report))


def test_three_ratings_of_a_morning() -> None:
    """The lowest and the highest are compared, not neighbours."""
    between = measured("pain-morning", 3, on(ago(2)) + timedelta(hours=2))
    assert found(again("pain-morning", 4, 2), between) == f"two ratings of morning pain on {ago(2)} differ"


def test_two_reports_that_say_nothing_of_pain() -> None:
    """Values that are missing in both reports cannot differ."""
    (walk,) = walks((5,))
    silent = replace(walk, pain_before=None, pain_peak=None, rpe=None)
    other = replace(silent, stamp=replace(walk.stamp, source=Source("Observation/again")))
    assert found(sessions=(silent, other)) == ""


REPORTS: dict[str, tuple[dict[str, object], bool]] = {
    "the same": ({}, False),
    "peak one more": ({"pain_peak": Decimal(4)}, False), "peak more than one": ({"pain_peak": Decimal("4.5")}, True),
    "peak not said": ({"pain_peak": None}, False),
    "before more than one": ({"pain_before": Decimal(4)}, True), "effort one more": ({"rpe": Decimal(4)}, False),
    "effort two more": ({"rpe": Decimal(5)}, True),
    "a tenth more done": ({"done": Decimal(22)}, False),
    "more than a tenth more done": ({"done": Decimal("22.1")}, True),
    "less done, a tenth of it": ({"done": Decimal("18.2")}, False),
    "a tenth less done": ({"done": Decimal(18)}, True),
    "nothing done": ({"done": Decimal(0)}, True),
    "done not said": ({"done": None}, False), "prescribed otherwise": ({"prescribed": Decimal(21)}, True),
    "unit otherwise": ({"unit": "m"}, True), "sets otherwise": ({"sets": 2}, False), "load": ({"load": Decimal(2)},
    False),
    "talk test otherwise": ({"talk_test": "equivocal"}, True), "stopped otherwise": ({"stop_reason": "pain"}, True),
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_two_reports_of_a_session(name: str) -> None:
    """Scores more than one point apart, amounts more than a tenth of the lesser, or another answer (B13.1).

    What one of them leaves out is no contradiction.
    """
    changes, differ = REPORTS[name]
    assert twice(5, **changes) == (f"two reports of walking on {ago(5)} differ" if differ else "")


@pytest.mark.parametrize(
    ("field", "one", "other"), [("sets", 2, 3), ("load", 4, 5), ("last_set", 9, 8), ("form", "good", "lost")]
)
def test_two_reports_say_two_things(field: str, one: object, other: object) -> None:
    """Sets, load, the last set and form have to agree if both reports have them."""
    (walk,) = walks((5,))
    first, second = replace(walk, **{field: one}), replace(walk, **{field: other})  # type: ignore[arg-type]
    assert found(sessions=(first, replace(second, stamp=replace(walk.stamp, source=Source("Observation/again"))))) != ""


@pytest.mark.parametrize(("day", "differ"), [(21, True), (22, False)])
def test_two_reports_count_for_three_weeks(day: int, differ: bool) -> None:
    """A conflict of sessions holds for 21 days."""
    assert bool(twice(day, pain_peak=Decimal(9))) is differ


def stated(text: str, day: int) -> Comment:
    """A comment of that day."""
    return Comment(text, stamp("comment", on(ago(day)) + timedelta(hours=3)))


def test_agony_and_none() -> None:
    """Words of severe pain and a rating of 0 on the same day: in the morning, at another time, or in a session."""
    words = f"pain rated 0 on {ago(0)}, but that day's comment describes severe pain"
    none, later = measured("pain-morning", 0, on(ago(0))), measured("pain-other", 0, on(ago(0)) + timedelta(hours=4))
    assert found(none, stated("It was AGONY", 0)) == words
    assert found(later, stated("unbearable", 0)) == words
    assert found(replace(walks((0,))[0], pain_peak=Decimal(0)), stated("the worst day", 0)) == words
    assert found(none) == ""
    assert found(none, stated("a quiet day", 0)) == ""
    assert found(none, stated("agony", 1)) == ""
    assert found(measured("pain-morning", 1, on(ago(0))), stated("agony", 0)) == ""
    rated = measured("pain-morning", 1, on(ago(0)))
    assert found(rated, replace(walks((0,))[0], pain_peak=Decimal(1)), stated("agony", 0)) == ""
    assert found(replace(walks((0,))[0], pain_peak=Decimal(0)), stated("agony", 1)) == ""


@pytest.mark.parametrize(("day", "counts"), [(14, True), (15, False)])
def test_agony_without_a_rating_counts_for_two_weeks(day: int, counts: bool) -> None:
    """As long as with a rating of 0."""
    unrated = Case(days=tuple(without(calm(), [day])), more=(stated("agony", day),))
    assert bool(report_conflicts(record_of(unrated), limits_of(record_of(unrated)))) is counts


def test_agony_on_a_morning_without_a_rating() -> None:
    """It may have been severe pain: an empty field must not allow what no rating would."""
    words = f"the comment of {ago(2)} describes severe pain, but that morning was not rated"
    unrated = Case(days=tuple(without(calm(), [2])), more=(stated("agony", 2),))
    assert [*map(str, report_conflicts(record_of(unrated), limits_of(record_of(unrated))))] == [words]
    rated = replace(unrated, more=(stated("agony", 2), measured("pain-morning", 6, on(ago(2)))))
    assert report_conflicts(record_of(rated), limits_of(record_of(rated))) == ()
    long_ago = Case(days=tuple(without(calm(), [15])), more=(stated("agony", 15),))
    assert report_conflicts(record_of(long_ago), limits_of(record_of(long_ago))) == ()


def test_agony_counts_for_two_weeks_and_in_order() -> None:
    """Up to 14 days ago, the earliest first."""
    none = [measured("pain-other", 0, on(ago(d)) + timedelta(hours=4)) for d in (2, 14, 15)]
    words = found(*none, *(stated("agony", d) for d in (2, 14, 15)))
    assert [str(ago(d)) in words for d in (15, 14, 2)] == [False, True, True]
    assert words.index(str(ago(14))) < words.index(str(ago(2)))


BED = f"a session on {ago(3)}, but that day's comment describes lying in bed"
IDLE = f"a session on {ago(3)}, but a device counted no minutes of exercise at that time"


@pytest.mark.parametrize("text", ["I was bed-bound the whole day", "BED\u2011BOUND", "bedbound again"])
def test_in_bed_and_a_session(text: str) -> None:
    """Words about being in bed on the date of a completed session; not on another date, nor if nothing was done."""
    (walk,) = walks((3,))
    assert found(stated(text, 3), sessions=(walk,)) == BED
    assert found(stated(text, 3), sessions=(replace(walk, done=None),)) == BED
    assert found(stated(text, 3), sessions=(replace(walk, done=Decimal(0)),)) == ""
    assert found(stated(text, 2), sessions=(walk,)) == ""
    assert found(stated("up and about", 3), sessions=(walk,)) == ""


@pytest.mark.parametrize(("day", "odd"), [(21, True), (22, False)])
def test_in_bed_counts_for_three_weeks(day: int, odd: bool) -> None:
    """A conflict of a session holds for 21 days."""
    assert bool(found(stated("bedbound", day), sessions=tuple(walks((day,))))) is odd


def test_in_bed_and_no_pain() -> None:
    """With a rating of 0 it is a conflict as well."""
    none = measured("pain-other", 0, on(ago(1)) + timedelta(hours=4))
    assert found(none, stated("bed-bound", 1), sessions=()) != ""


def counted(value: Number, first: timedelta = timedelta(0), last: timedelta = timedelta(minutes=20)) -> Measurement:
    """A device's count for a period relative to the start of the walk three days ago, which took 20 minutes."""
    (walk,) = walks((3,))
    start = walk.stamp.when
    return Measurement("exercise-duration", Decimal(value), stamp("watch", start + first, until=start + last))


MINUTE = timedelta(minutes=1)


def test_a_session_and_no_minutes() -> None:
    """A device's zero for the whole session or its date is a conflict; a zero at an instant is not."""
    (walk,) = walks((3,))

    def shown(m: Measurement, session: SessionReported = walk) -> str:
        return found(m, sessions=(session,))

    assert shown(counted(0)) == IDLE
    assert shown(counted(1)) == ""
    assert shown(counted(0, -MINUTE, 30 * MINUTE)) == IDLE
    assert shown(counted(0, MINUTE)) == ""
    assert shown(counted(0, last=19 * MINUTE)) == ""
    assert shown(counted(0), replace(walk, done=Decimal(0))) == ""
    date_only = replace(counted(0).stamp, when=on(ago(3), time(0)), until=None, timed=False)
    assert shown(replace(counted(0), stamp=date_only)) == IDLE
    assert shown(replace(counted(0), stamp=replace(date_only, timed=True))) == ""
    assert shown(replace(counted(0), stamp=replace(date_only, when=on(ago(2), time(0))))) == ""
    two_days = replace(date_only, when=on(ago(4), time(0)), until=on(ago(3), time(0)))
    assert shown(replace(counted(0), stamp=two_days)) == IDLE


# Born on 1 January 1965, so 60 years old: HRmax 208 - 0.7 x 60 = 166, of which 85 % are 141.1
EFFORT = [
    (5, "2", "141.1", False),
    (5, "2", "142", True), (5, "2", "141", False), (5, "2.5", "142", False), (5, "0", "142", True), (5, None, "142",
    False),
    (5, "2", None, False), (21, "2", "142", True), (22, "2", "142", False),
]  # fmt: skip


@pytest.mark.parametrize(("day", "rpe", "rate", "odd"), EFFORT)
def test_little_effort_and_a_high_rate(day: int, rpe: str | None, rate: str | None, odd: bool) -> None:
    """RPE up to 2 while the heart rate is above 85 % of HRmax."""
    numbers = {"rpe": rpe and Decimal(rpe), "heart_rate": rate and Decimal(rate)}
    session = replace(walks((day,))[0], **numbers)  # type: ignore[arg-type]
    assert (found(sessions=(session,)) != "") is odd


def test_a_session_without_a_rate_hides_none() -> None:
    """The next session is checked too."""
    without, odd_one = walks((7, 5))
    assert found(sessions=(without, replace(odd_one, rpe=Decimal(2), heart_rate=Decimal(142)))) != ""


# One year younger it is 166.7, and 85 % of that is 141.695: 141.5 is between the two.
@pytest.mark.parametrize(
    ("born", "odd"),
    [(date(1965, 1, 15), True), (date(1965, 1, 16), False), (date(1965, 2, 1), False), (date(1964, 12, 31), True),
     (None, False)],
)  # fmt: skip
def test_the_age_on_the_day_of_the_session(born: date | None, odd: bool) -> None:
    """Whole years on that day, the birthday included."""
    session = replace(walks((5,))[0], rpe=Decimal(2), heart_rate=Decimal("141.5"))
    record = record_of(Case(sessions=(session,)))
    aged = replace(record, person=replace(record.person, birth_date=born))
    assert bool(report_conflicts(aged, limits_of(aged))) is odd


def odd(reason: RefusalReason, what: str | None, day: int | None) -> Refusal:
    """A refused value."""
    return Refusal(Source("Observation/odd"), "value", reason, ValueMissing(), what, None if day is None else ago(day))


IMPOSSIBLE = [
    ((RefusalReason.IMPLAUSIBLE, "glucose", 3), True), ((RefusalReason.CHECK_UNIT, "glucose", 3), True),
    ((RefusalReason.FUTURE, "glucose", 3), True), ((RefusalReason.NOT_MAPPED, "glucose", 3), False),
    ((RefusalReason.IMPLAUSIBLE, None, 3), False), ((RefusalReason.NOT_MAPPED, None, 3), False),
    ((RefusalReason.IMPLAUSIBLE, "mood", 3), False), ((RefusalReason.IMPLAUSIBLE, "unheard-of", 3), False),
    ((RefusalReason.IMPLAUSIBLE, "glucose", 14), True), ((RefusalReason.IMPLAUSIBLE, "glucose", 15), False),
    ((RefusalReason.IMPLAUSIBLE, "session.talk-test", 21), True),
    ((RefusalReason.IMPLAUSIBLE, "session.talk-test", 22), False),
    ((RefusalReason.IMPLAUSIBLE, "glucose", None), True),
    ((RefusalReason.IMPLAUSIBLE, "session.unheard-of", 3), True),
]  # fmt: skip


@pytest.mark.parametrize(("refused", "holds"), IMPOSSIBLE)
def test_implausible_value(refused: tuple[RefusalReason, str | None, int | None], holds: bool) -> None:
    """An implausible value that a rule uses counts for 14 days, of a session for 21; without a date it counts."""
    words = found(refusals=(odd(*refused),))
    when = "" if refused[2] is None else f" on {ago(refused[2])}"
    assert words == (f"implausible value of {refused[1]}{when}" if holds else "")


UNREADABLE = [
    RefusalReason.WRONG_UNIT, RefusalReason.WRONG_VALUE, RefusalReason.MALFORMED, RefusalReason.NO_TIME,
    RefusalReason.WRONG_TIME,
]  # fmt: skip


@pytest.mark.parametrize("reason", UNREADABLE)
def test_an_unreadable_or_undated_value(reason: RefusalReason) -> None:
    """It holds like an implausible value, equally long, and only if a rule uses it."""
    assert found(refusals=(odd(reason, "glucose", 14),)) == f"unusable value or time of glucose on {ago(14)}"
    assert found(refusals=(odd(reason, "temperature", None),)) == "unusable value or time of temperature"
    for what, day in (("glucose", 15), ("mood", 3), (None, 3)):
        assert found(refusals=(odd(reason, what, day),)) == ""


@pytest.mark.parametrize("reason", UNREADABLE)
@pytest.mark.parametrize("what", ["session.exercise", "session.stop-reason"])
@pytest.mark.parametrize(("day", "holds"), [(0, True), (6, True), (7, False), (8, False), (21, False), (None, True)])
def test_an_unreadable_session(reason: RefusalReason, what: str, day: int | None, holds: bool) -> None:
    """It holds until it is seven days old (B13.15), and without a day until it is corrected."""
    assert bool(found(refusals=(odd(reason, what, day),))) is holds


@pytest.mark.parametrize(
    "reason",
    sorted(set(RefusalReason) - {*UNREADABLE, RefusalReason.CONFLICT, *(case[0][0] for case in IMPOSSIBLE[:3])}),
)
def test_what_does_not_hold(reason: RefusalReason) -> None:
    """A record that is withdrawn, duplicate, absent, unmapped, or of another patient or author holds nothing."""
    assert found(refusals=(odd(reason, "glucose", 3),)) == ""


SLOTS = ("pain-morning", "fatigue-morning", "session.pain-peak", "session.rpe-cr10", "session.rpe-6-20",
         "session.done", "session.prescribed")  # fmt: skip


@pytest.mark.parametrize("what", SLOTS)
@pytest.mark.parametrize("day", [0, 3, 7, None])
@pytest.mark.parametrize("reason", [RefusalReason.IMPLAUSIBLE, *UNREADABLE])
def test_one_unreadable_rating_is_missing(what: str, day: int | None, reason: RefusalReason) -> None:
    """It holds nothing while others of the week can be read (B13.13)."""
    assert found(refusals=(odd(reason, what, day),)) == ""


@pytest.mark.parametrize(
    ("what", "day", "holds"),
    [("pain-morning", 14, True), ("pain-morning", 15, False), ("session.rpe-6-20", 21, True), ("mood", 3, False)],
)
def test_codings_that_disagree_hold(what: str, day: int, holds: bool) -> None:
    """A rating too, because something was read and is in doubt (B13.2)."""
    words = f"values of {what} on {ago(day)} that disagree" if holds else ""
    assert found(refusals=(odd(RefusalReason.CONFLICT, what, day),)) == words


@pytest.mark.parametrize(("last", "holds"), [(6, False), (7, False), (8, True)])
def test_a_week_without_a_readable_rating(last: int, holds: bool) -> None:
    """A measure of which nothing could be read for seven days holds the plan, on those days."""
    refused = odd(RefusalReason.WRONG_VALUE, "pain-morning", 3)
    record = record_of(Case(days=tuple(calm(40, last))), refused)
    assert bool(report_conflicts(record, limits_of(record))) is holds
    older = record_of(Case(days=tuple(calm(40, last))), odd(RefusalReason.WRONG_VALUE, "pain-morning", 8))
    assert report_conflicts(older, limits_of(older)) == ()


def test_a_component_that_no_session_of_the_week_has() -> None:
    """Of the walks of the last week none has a peak that could be read."""
    silent = tuple(replace(w, pain_peak=None) if w.stamp.day >= ago(7) else w for w in walks((14, 12, 10, 7, 5, 3)))
    words = found(sessions=silent, refusals=(odd(RefusalReason.WRONG_VALUE, "session.pain-peak", 3),))
    assert words == f"unusable value or time of session.pain-peak on {ago(3)}"


def test_every_implausible_value_is_reported() -> None:
    """A value that does not count hides no other."""
    words = found(refusals=(odd(RefusalReason.NOT_MAPPED, "mood", 3), odd(RefusalReason.IMPLAUSIBLE, "mood", 3),
                            odd(RefusalReason.IMPLAUSIBLE, "glucose", 3)))  # fmt: skip
    assert words == f"implausible value of glucose on {ago(3)}"


def test_two_limits_of_one_day() -> None:
    """A limit set twice on one day with different values."""
    assert (
        found(limit("rpe-cap", 3, ago(5)), limit("rpe-cap", 4, ago(5)))
        == "rpe-cap was set to different values on the same day"
    )
    assert found(limit("rpe-cap", 3, ago(6)), limit("rpe-cap", 4, ago(5))) == ""
    assert found(limit("rpe-cap", 3, ago(14)), limit("rpe-cap", 4, ago(14))) != ""
    assert found(limit("rpe-cap", 3, ago(15)), limit("rpe-cap", 4, ago(15))) == ""


def test_a_session_across_midnight_is_named_by_its_first_date() -> None:
    """Two reports that start two minutes apart are of one session, which began on the earlier date."""
    (walk,) = walks((4,))
    before, after = on(ago(4), time(23, 59)), on(ago(3), time(0, 1))
    first = replace(walk, stamp=replace(walk.stamp, when=before, until=before + 20 * MINUTE))
    again_ = replace(walk.stamp, source=Source("Observation/again"), when=after, until=after + 20 * MINUTE)
    second = replace(walk, stamp=again_, unit="m")
    assert found(sessions=(first, second)) == f"two reports of walking on {ago(4)} differ"


def test_days_in_bed_are_in_order() -> None:
    """The earliest first."""
    words = found(*(stated("bedbound", day) for day in (2, 3, 5)), sessions=tuple(walks((5, 3, 2))))
    assert words == "; ".join(BED.replace(str(ago(3)), str(ago(day))) for day in (5, 3, 2))


def test_one_device_that_counted_nothing_is_enough() -> None:
    """Another period without minutes that is not of the session does not hide it."""
    (walk,) = walks((3,))
    assert found(counted(0), counted(0, -30 * MINUTE, -10 * MINUTE), sessions=(walk,)) == IDLE


@pytest.mark.parametrize("what", ["pain-ceiling", "rpe-cap", "heart-rate-limit"])
def test_a_refused_limit_is_no_conflict(what: str) -> None:
    """It is a fact that is not known, and holds until it is corrected (B13.4)."""
    assert found(refusals=(odd(RefusalReason.IMPLAUSIBLE, what, 3),)) == ""


def test_a_missing_rating_hides_no_implausible_value() -> None:
    """The rating holds nothing while others can be read, and the value after it holds."""
    refused = (odd(RefusalReason.WRONG_VALUE, "pain-morning", 3), odd(RefusalReason.IMPLAUSIBLE, "glucose", 3))
    assert found(refusals=refused) == f"implausible value of glucose on {ago(3)}"


@pytest.mark.parametrize(("last", "holds"), [(6, False), (7, False), (8, True)])
def test_a_week_without_a_readable_component(last: int, holds: bool) -> None:
    """The last peak that could be read is from this many days ago (B13.13)."""
    (readable,) = walks((last,))
    silent = tuple(replace(w, pain_peak=None) for w in walks((5, 3)))
    refused = (odd(RefusalReason.WRONG_VALUE, "session.pain-peak", 3),)
    assert bool(found(sessions=(readable, *silent), refusals=refused)) is holds
