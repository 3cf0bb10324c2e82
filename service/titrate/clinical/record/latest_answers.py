"""What the patient said last: the newest answers, numbers and words of the intake profile; no preliminary ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from titrate.clinical.record.patient_record import Record
from titrate.clinical.values.readings import Answered, Commented, FactorReported, RoutineBlock

Kept = TypeVar("Kept", Answered, Commented, RoutineBlock, FactorReported)


def said(record: Record, what: str) -> str | None:
    """The newest coded answer to a question; None where there is none."""
    found = all_said(record, what)
    return found[-1] if found else None


def all_said(record: Record, what: str) -> tuple[str, ...]:
    """Every coded answer of the newest form or day on which the question was answered, each once, by name."""
    answers = [a for a in record.answered.get(what, ()) if isinstance(a.value, str)]
    return tuple(sorted({str(a.value) for a in newest(answers)}))


def number(record: Record, what: str) -> Decimal | None:
    """The newest value of a measure."""
    found = record.latest(what)
    return None if found is None else found.value


def words(record: Record, about: str) -> str | None:
    """The newest words in answer to a question."""
    found = newest([c for c in record.comments if c.about == about])
    return found[-1].text if found else None


def newest(items: Iterable[Kept]) -> Sequence[Kept]:
    """The items of the newest form, or of the newest day where they came one by one; in their order.

    A form that is filled in again replaces the last one.
    """
    firm = [item for item in items if not item.stamp.preliminary]
    if not firm:
        return ()
    last = firm[-1].stamp
    if last.source.reference.startswith("QuestionnaireResponse/"):
        return [item for item in firm if item.stamp.source.reference == last.source.reference]
    return [item for item in firm if item.stamp.day == last.day]
