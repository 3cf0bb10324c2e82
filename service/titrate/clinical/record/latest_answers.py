"""The patient's newest final answers, numbers and comments of the intake profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import Comment, FactorReported, RoutineBlock, SafetyAnswer

LatestAnswer = TypeVar("LatestAnswer", SafetyAnswer, Comment, RoutineBlock, FactorReported)


def latest_answer(record: PatientRecord, what: str) -> str | None:
    """The newest coded answer to a question, or None."""
    found = latest_answers(record, what)
    return found[-1] if found else None


def latest_answers(record: PatientRecord, what: str) -> tuple[str, ...]:
    """The coded answers of the newest form, or of the newest day, that answers the question: unique and sorted."""
    answers = [a for a in record.answered.get(what, ()) if isinstance(a.value, str)]
    return tuple(sorted({str(a.value) for a in newest(answers)}))


def latest_number(record: PatientRecord, what: str) -> Decimal | None:
    """The newest value of a measure, or None."""
    found = record.latest(what)
    return None if found is None else found.value


def latest_text(record: PatientRecord, about: str) -> str | None:
    """The newest free-text answer to a question, or None."""
    found = newest([c for c in record.comments if c.about == about])
    return found[-1].text if found else None


def newest(items: Iterable[LatestAnswer]) -> Sequence[LatestAnswer]:
    """The items of the newest form, or of the newest day where they arrived one by one, in their order.

    A form that is filled in again replaces the previous one.
    """
    finals = [item for item in items if not item.stamp.preliminary]
    if not finals:
        return ()
    last = finals[-1].stamp
    if last.source.reference.startswith("QuestionnaireResponse/"):
        return [item for item in finals if item.stamp.source.reference == last.source.reference]
    return [item for item in finals if item.stamp.day == last.day]
