"""Which texts reopen a question of the safety screen or open RF19, and for how long (B13.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from tests.clinical.pictures import BOOK, record_of
from tests.clinical.thresholds.probe import Case, ago, flags
from tests.courses.build import answered, on, screen, stamp
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.insights.adherence import cues
from titrate.clinical.red_flags.alarming_texts import alarming_texts, reopening_text
from titrate.clinical.red_flags.safety import screen_safety
from titrate.clinical.values.readings import Comment, FreeText, Reading, ReadingSource, Reporter, Source
from titrate.messages.record import WordsReopenedItem

NUMB, CHEST = "numb between my legs", "chest pain"
SCREENED = on(ago(3), time(7, 30))


def note(text: str, when: datetime, **more: object) -> FreeText:
    """A clinical note."""
    return FreeText(text, replace(stamp("note", when), **more), by_patient=False)  # type: ignore[arg-type]


def stated(text: str, when: datetime, **more: object) -> Comment:
    """A comment of the patient."""
    return Comment(text, replace(stamp("comment", when), **more))  # type: ignore[arg-type]


def found(*more: Reading, screened: int = 3) -> tuple[str, tuple[str, ...], bool]:
    """The rule, the items that texts reopened, and whether the walk rises."""
    result = Case(more=more, screened=screened).run(BOOK)
    (dose,) = result.decision.doses
    reopened = tuple(one.flag for one in result.picture.safety.screen.reopened)
    return result.decision.rule, reopened, dose.next is not None and dose.next.amount > 20


def test_without_such_words_the_walk_rises() -> None:
    """The case of this module: D10, with a comment of ordinary words."""
    assert found() == found(stated("legs fine, no chest pain", on(ago(1)))) == ("D10", (), True)


@pytest.mark.parametrize("text", [stated(CHEST, on(ago(1))), note("Chest pain on Monday", on(ago(1)))])
def test_the_question_is_open_and_no_flag(text: Reading) -> None:
    """D7 names the question, the text and its date; the flag is not open. An answer since then closes the question."""
    result = Case(more=(text,)).run(BOOK)
    assert (result.decision.rule, result.flags) == ("D7", ())
    named = WordsReopenedItem(flag=BOOK.named("rf09"), reference=text.stamp.source.reference, day=ago(1))
    assert named in result.decision.reasons
    assert found(text, answered("rf09", False, on(ago(0), time(8)))) == ("D10", (), True)
    assert flags(Case(more=(text, answered("rf09", True, on(ago(0), time(8))))).run(BOOK)) == "rf09 E0"


def test_each_flag_of_a_text_is_open() -> None:
    """Also of one that is not in the short screen, and never of one that the words do not describe."""
    text = stated(f"{NUMB}, {CHEST}, and the worst headache of my life", on(ago(1)))
    assert found(text) == ("D7", ("rf01", "rf09", "rf22"), False)
    assert found(text, *(answered(flag, False, on(ago(0), time(8))) for flag in ("rf01", "rf09"))) == (
        "D7",
        ("rf22",),
        False,
    )


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("when", "reopened"), [(SCREENED - MINUTE, ()), (SCREENED, ("rf09",)), (SCREENED + MINUTE, ("rf09",))]
)
def test_only_a_text_since_the_newest_answer(when: datetime, reopened: tuple[str, ...]) -> None:
    """An older one is answered. One at the time of the answer contradicts it."""
    assert {one.stamp.when for one in screen(ago(3))} == {SCREENED}
    assert found(stated(CHEST, when))[1] == reopened


@pytest.mark.parametrize(("days", "reopened"), [(27, ("rf09",)), (28, ("rf09",)), (29, ())])
def test_for_four_weeks(days: int, reopened: tuple[str, ...]) -> None:
    """Without an answer since; the screen itself is too old then, and nothing rises."""
    assert found(note(CHEST, on(ago(days))), screened=60) == ("D7", reopened, False)


def test_a_date_alone_counts_as_late_as_it_can_be() -> None:
    """At the time of its entry on that day or later, else at the end of the day."""
    midnight = on(ago(3), time(0))
    assert found(stated(CHEST, midnight, timed=False))[1] == ("rf09",)
    assert found(stated(CHEST, midnight, timed=False, entered=None))[1] == ("rf09",)
    assert found(stated(CHEST, midnight, timed=False, entered=SCREENED - MINUTE))[1] == ()
    assert found(stated(CHEST, midnight, timed=False, entered=SCREENED + MINUTE))[1] == ("rf09",)
    assert found(stated(CHEST, midnight, timed=False, entered=midnight - MINUTE))[1] == ("rf09",)


def test_the_first_text_since_the_answer_is_named() -> None:
    """So that a patient who writes it every day needs one Task, and the reason stays the same."""
    texts = [Comment(CHEST, stamp(f"day-{day}", on(ago(day)))) for day in (0, 1, 2, 5)]
    (named,) = Case(more=tuple(texts)).run(BOOK).picture.safety.screen.reopened
    assert (named.stamp.source, named.day) == (texts[2].stamp.source, ago(2))


def preliminary(one: ReadingSource) -> ReadingSource:
    """The source of a preliminary record."""
    return replace(one, preliminary=True)


def test_a_preliminary_no_does_not_close_the_question() -> None:
    """A preliminary text counts all the same: it speaks downward."""
    text = stated(CHEST, on(ago(1)), preliminary=True)
    answer = answered("rf09", False, on(ago(0), time(8)))
    assert found(text)[1] == ("rf09",)
    assert found(text, replace(answer, stamp=preliminary(answer.stamp)))[1] == ("rf09",)


DESPAIR = "I want to die"


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        (stated(DESPAIR, on(ago(1))), "rf19 E0"), (stated(DESPAIR, on(ago(200))), "rf19 E0"),
        (FreeText(DESPAIR, stamp("item", on(ago(200)))), "rf19 E0"), (stated("not suicidal", on(ago(1))), "rf19 E0"),
        (note("suicidal thoughts", on(ago(28))), "rf19 E0"), (note("suicidal thoughts", on(ago(29))), ""),
        (note("denies suicidal thoughts", on(ago(1))), ""),
        (stated("denies suicidal thoughts", on(ago(1)), reporter=Reporter.PRACTITIONER), ""),
    ],
)  # fmt: skip
def test_words_of_self_harm(text: Reading, opened: str) -> None:
    """The patient's own words open RF19 at any age and whatever negates them; a clinical note for four weeks."""
    result: Evaluation = Case(more=(text,)).run(BOOK)
    assert flags(result) == opened
    assert result.picture.safety.screen.reopened == ()


def test_an_undated_text_is_cleared_by_any_clearance() -> None:
    """Without a date of its own its start is unknown."""
    (flag,) = Case(more=(note("suicidal thoughts", on(ago(0), time(12)), dated=False),)).run(BOOK).flags
    assert flag.flag == "rf19"
    (dated,) = Case(more=(note("suicidal thoughts", on(ago(1), time(12))),)).run(BOOK).flags
    assert dated.since == on(ago(1), time(12))


def test_the_clinician_reads_the_text() -> None:
    """Texts that reopened a question or opened RF19 are shown first, also clinical notes, each once."""
    texts = (stated("a", on(ago(2))), stated(CHEST, on(ago(1))), note(f"{CHEST}, {DESPAIR}", on(ago(0), time(8))))
    record = record_of(Case(more=texts))
    shown = cues(record, screen_safety(record)).comments
    assert [text for _, text, _ in shown] == [f"{CHEST}, {DESPAIR}", CHEST, "a"]


def test_when_a_text_of_a_date_was_written() -> None:
    """At the latest time that is possible: its entry up to the decision, and never after the decision."""
    midnight = on(ago(3), time(0))
    for when, entered, latest in (
        (midnight, on(ago(0), time(13)), on(ago(0), time(13))),
        (midnight, on(ago(0), time(13)) + MINUTE, on(ago(3), time.max)),
        (on(ago(0), time(0)), None, on(ago(0), time(13))),
    ):
        texts = alarming_texts(record_of(Case(more=(stated(CHEST, when, timed=False, entered=entered),))))
        assert [one.when for one in texts["rf09"]] == [latest]


def test_a_question_that_was_never_answered() -> None:
    """Any text that counts reopens it."""
    texts = alarming_texts(record_of(Case(more=(stated(CHEST, on(ago(3))),))))
    assert reopening_text(texts, "rf09", None) == texts["rf09"][0]


def test_the_newest_three_texts_of_despair_are_shown() -> None:
    """Of four texts, with another flag open beside RF19; ordinary notes are not shown."""
    texts = [note(f"{DESPAIR} {day}", on(ago(day)), source=Source(f"Observation/{day}")) for day in (1, 2, 3, 4)]
    record = record_of(Case(more=(*texts, answered("rf05", True, on(ago(0), time(8))))))
    assert {one.flag for one in screen_safety(record).flags} == {"rf05", "rf19"}
    assert [text[-1] for _, text, _ in cues(record, screen_safety(record)).comments] == ["1", "2", "3"]
