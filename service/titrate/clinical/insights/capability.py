"""What a patient can do (C01): tests and tolerance trials by domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Domain

# Tests by the domain that they measure best.
TESTS = {
    Domain.AEROBIC: ("six-minute-walk",),
    Domain.STRENGTH: ("chair-stand", "grip-strength"),
    Domain.MOBILITY: (
        "shoulder-flexion-active", "shoulder-abduction-active", "shoulder-external-rotation-active",
        "shoulder-internal-rotation-active", "shoulder-flexion-passive", "shoulder-abduction-passive",
        "shoulder-external-rotation-passive", "shoulder-internal-rotation-passive",
    ),
    Domain.NEUROMOTOR: ("timed-up-and-go", "gait-speed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capability:
    """The newest result of one test or tolerance trial of a domain."""

    domain: Domain
    what: str
    value: Decimal
    unit: str
    day: date
    source: Source


def capabilities(record: PatientRecord) -> tuple[Capability, ...]:
    """The newest result of each test and tolerance trial, by domain."""
    book = record.rulebook
    found = [
        Capability(domain, test, m.value, book.measures[test].unit, m.stamp.day, m.stamp.source)
        for domain, tests in TESTS.items()
        for test in tests
        if (m := record.latest(test)) is not None
    ]
    newest = {t.exercise: t for t in record.trials if not t.stamp.preliminary and t.exercise in book.exercises}
    found += [
        Capability(book.exercises[code].domain, f"trial.{code}", t.done, t.unit, t.stamp.day, t.stamp.source)
        for code, t in sorted(newest.items())
    ]
    order = list(Domain)
    return tuple(sorted(found, key=lambda c: order.index(c.domain)))
