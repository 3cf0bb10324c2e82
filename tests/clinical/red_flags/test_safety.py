"""The screen and open flags with few answers: what is answered, what is open again, and the sources of a flag."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from tests.clinical.pictures import BOOK, walking
from tests.clinical.thresholds.probe import AT, ago, walks
from tests.courses.build import answered, measured, on, patient_readings, plan, screen, stamp
from titrate.clinical.record.patient_record import PatientRecord, patient_record
from titrate.clinical.red_flags.safety import Safety, Screen, screen_safety
from titrate.clinical.values.decision import OpenFlag
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import (
    Clearance,
    Diagnosis,
    DiagnosisKind,
    Reading,
    Reporter,
    SafetyAnswer,
    SessionReported,
    Source,
)
from titrate.clinical.values.rulebook import Urgency

SHORT = tuple(name for name, flag in BOOK.flags.items() if flag.short)
LONG = tuple(name for name, flag in BOOK.flags.items() if not flag.short)


def record(*readings: Reading | OpenFlag) -> PatientRecord:
    """A patient with a plan and these readings, and flags that earlier runs recorded as open."""
    carried = tuple(one for one in readings if isinstance(one, OpenFlag))
    read = [one for one in readings if not isinstance(one, OpenFlag)]
    in_force = plan(Phase.LOADING, ago(14), (walking(),))
    return patient_record(patient_readings(read), in_force, BOOK, on(AT, time(13)), carried)


def safety(*readings: Reading | OpenFlag) -> Safety:
    """Flags and screen."""
    return screen_safety(record(*readings))


def preliminary(reported: SafetyAnswer) -> SafetyAnswer:
    """The same answer, preliminary."""
    return replace(reported, stamp=replace(reported.stamp, preliminary=True))


def test_the_screen_is_short_items_first() -> None:
    """The oldest short item sets its day; the long items belong to intake and do not age it."""
    assert set(SHORT) == {"rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19"}
    full = safety(*screen(ago(3))).screen
    assert full == Screen((), ago(3), ago(3), True)
    assert not full.unanswered
    mixed = safety(*screen(ago(3), SHORT[1:]), *screen(ago(5), SHORT[:1]), *screen(ago(9), LONG)).screen
    assert mixed == Screen((), ago(5), ago(5), True)
    assert safety(*screen(ago(3), SHORT)).screen == Screen((), ago(3), ago(3), False)
    assert safety(*screen(ago(3), LONG)).screen == Screen(SHORT, None, None, False)
    assert safety(*screen(ago(3), LONG)).screen.unanswered


@pytest.mark.parametrize("name", [SHORT[0], SHORT[-1], LONG[0]])
def test_an_item_without_an_answer(name: str) -> None:
    """It needs an answer, whether short or long; the other answers count."""
    found = safety(*screen(ago(3)), answered(name, None, on(ago(1)))).screen
    assert found.unanswered == (name,)
    assert (found.day is None) is (name in SHORT)
    assert (found.last_answered, found.full) == (ago(3), False)


AFTER, AT_ONCE = on(ago(1)), on(ago(3), time(7, 30))


@pytest.mark.parametrize(
    ("more", "applies"),
    [
        (answered("rf01", None, AFTER), False), (answered("rf01", None, on(ago(5))), True),
        (answered("rf01", None, AT_ONCE), True), (answered("rf01", False, AFTER), True),
        (preliminary(answered("rf01", False, AFTER)), True), (preliminary(answered("rf01", True, AFTER)), True),
    ],
    ids=["empty since", "empty before", "empty at that moment", "no since", "a preliminary no", "a preliminary yes"],
)  # fmt: skip
def test_an_answer_of_three_days_ago(more: SafetyAnswer, applies: bool) -> None:
    """Only a later empty answer reopens the question; the oldest day is that of the answers that count."""
    found = safety(*screen(ago(3)), more).screen
    assert ("rf01" not in found.unanswered) is applies
    assert found.last_answered == ago(3)


def test_an_answer_that_is_not_final() -> None:
    """A preliminary no does not count, a preliminary yes does."""
    rest = screen(ago(3), SHORT[1:])
    no, yes = (preliminary(answered(SHORT[0], value, on(ago(1)))) for value in (False, True))
    assert safety(*rest, no).screen.last_answered is None
    assert SHORT[0] in safety(*rest, no).screen.unanswered
    assert safety(*rest, yes).screen.last_answered == ago(3)
    assert safety(*rest, yes).screen.unanswered == ()


def hurt(days: int, quality: str) -> SessionReported:
    """A walk with pain of another kind."""
    return replace(walks((days,))[0], pain_quality=quality)


@pytest.mark.parametrize("quality", ["sharp", "electric", "locking", "night-unremitting"])
def test_pain_of_a_new_kind_asks_the_short_screen_again(quality: str) -> None:
    """Those items only, until they are answered after the session; the last such session counts."""
    assert safety(*screen(ago(3)), hurt(2, quality)).screen.unanswered == SHORT
    assert safety(*screen(ago(3)), hurt(4, quality)).screen.unanswered == ()
    assert safety(*screen(ago(3)), hurt(4, quality), hurt(2, quality)).screen.unanswered == SHORT
    assert safety(*screen(ago(3)), hurt(2, "usual")).screen.unanswered == ()


def test_an_answer_at_the_end_of_the_session_is_too_early() -> None:
    """A minute later it counts."""
    bad = hurt(2, "sharp")
    for minutes, applies in ((0, False), (1, True)):
        at = bad.stamp.end + timedelta(minutes=minutes)
        again = [answered(name, False, at) for name in SHORT]
        assert (safety(*screen(ago(3), LONG), *again, bad).screen.unanswered == ()) is applies


def test_a_fall_opens_a_question_of_the_long_screen() -> None:
    """Other unanswered questions stay open."""
    fall = Diagnosis(DiagnosisKind.CONDITION, "fall", "fall", stamp("fall", on(ago(1))))
    assert safety(*screen(ago(3), SHORT), fall).screen.unanswered == ("rf23",)


# --- Open flags


def flags(*readings: Reading | OpenFlag) -> list[tuple[str, datetime, list[str], str]]:
    """Each open flag: since when, its sources and its reasons."""
    return [(f.flag, f.since, [s.reference for s in f.sources], str(f.because)) for f in safety(*readings).flags]


def test_flags_are_sorted_by_urgency_and_name() -> None:
    """Emergencies, same day, blocks, two days; each of them holds, the last do not stop."""
    names = ("rf27", "rf26", "rf19", "rf13", "rf03", "rf01", "rf25")
    found = safety(*(answered(name, True, on(ago(1))) for name in names))
    assert [f.flag for f in found.flags] == ["rf01", "rf19", "rf03", "rf13", "rf26", "rf25", "rf27"]
    assert found.stops
    lesser = safety(answered("rf25", True, on(ago(1))))
    assert (len(lesser.flags), lesser.stops) == (1, False)
    assert safety().flags == ()


# 38 is a fever with back pain (RF05), and not yet an illness (RF15).
FEVER, YES = measured("temperature", 38, on(ago(3))), answered("rf05", True, on(ago(1)))


def listed(dated: bool) -> Diagnosis:
    """An infection of the spine, of five days ago or of no day."""
    bare = stamp("a-infection", on(ago(5)))
    return Diagnosis(DiagnosisKind.CONDITION, "spine-or-joint-infection", "infection", replace(bare, dated=dated))


def test_a_flag_is_open_since_its_first_sign() -> None:
    """Its sources are in order of time; an undated one counts as now and comes last."""
    fever, yes = FEVER.stamp.source.reference, YES.stamp.source.reference
    words = "temperature 38; answered yes in the safety screen"
    assert flags(YES, FEVER) == [("rf05", on(ago(3)), [fever, yes], words)]
    ((_, since, sources, _),) = flags(YES, FEVER, listed(dated=False))
    assert (since, sources) == (on(ago(3)), [fever, yes, listed(dated=False).stamp.source.reference])
    ((_, since, sources, _),) = flags(YES, FEVER, listed(dated=True))
    assert (since, sources) == (on(ago(5)), [listed(dated=True).stamp.source.reference, fever, yes])
    ((_, since, sources, _),) = flags(listed(dated=False))
    assert (since, len(sources)) == (on(AT, time(13)), 1)


def cleared(days: int, **other: object) -> Clearance:
    """A clinician's clearance of the flag."""
    stated = replace(stamp("cleared", on(ago(days), time(20))), reporter=Reporter.PRACTITIONER)
    return Clearance("rf05", replace(stated, **other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("clearances", "open_"),
    [
        ([cleared(2)], False), ([cleared(9)], True), ([cleared(9), cleared(2)], False), ([], True),
        ([cleared(2, preliminary=True)], True), ([cleared(2, reporter=Reporter.PATIENT)], True),
    ],
)  # fmt: skip
def test_the_last_clearance_closes_what_came_before_it(clearances: list[Clearance], open_: bool) -> None:
    """A clinician's final clearance."""
    assert bool(flags(FEVER, *clearances)) is open_


def carried(urgency: Urgency, since: datetime) -> OpenFlag:
    """RF05, recorded as open by an earlier decision."""
    return OpenFlag("rf05", urgency, since, Source("Observation/an-earlier-decision"))


def test_what_was_open_before_stays_open() -> None:
    """As urgent as it was, until a clearance."""
    (found,) = safety(carried(Urgency.E2, on(ago(20)))).flags
    assert (found.flag, found.urgency.value, found.since) == ("rf05", "E2", on(ago(20)))
    assert str(found.because) == "recorded as open before, and not cleared"
    assert safety(carried(Urgency.E2, on(ago(20))), cleared(2)).flags == ()


def test_what_the_record_still_shows_is_not_repeated() -> None:
    """To the second; with an undated sign it is listed in addition."""
    assert flags(FEVER, carried(Urgency.E1, FEVER.stamp.when + timedelta(microseconds=5)))[0][3] == "temperature 38"
    later = flags(FEVER, carried(Urgency.E1, FEVER.stamp.when + timedelta(seconds=1)))
    assert later[0][3] == "temperature 38; recorded as open before, and not cleared"
    both = flags(listed(dated=False), carried(Urgency.E1, on(ago(20))))
    assert both[0][1] == on(ago(20))
    assert len(both[0][2]) == 2
