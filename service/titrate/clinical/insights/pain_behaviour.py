"""How pain behaves (C02): when it is worst, what brings it on, how soon, for how long, and how irritable it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.latest_answers import latest_answer, latest_number
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.rulebook import Prompt


@dataclass(frozen=True, slots=True)
class PainBehaviour:
    """What was told of the pain; None is not known.

    `latency` and `settling` in minutes; `late` says that pain rises so late that a session alone does not show it.
    `irritability` is `low`, `moderate` or `high`. `prompts` are what a clinician may ask about it.
    """

    pattern: str | None
    provocation: str | None
    latency: Decimal | None
    settling: Decimal | None
    least: Decimal | None
    late: bool | None
    irritability: str | None
    prompts: tuple[Prompt, ...]


def pain_behaviour(record: PatientRecord) -> PainBehaviour:
    """The newest answers, and what they say together."""
    latency, pattern = latest_number(record, "pain-latency"), latest_answer(record, "pain-pattern")
    prompt = record.rulebook.prompts.get(f"pattern.{pattern}")
    return PainBehaviour(
        pattern,
        latest_answer(record, "pain-provocation"),
        latency,
        latest_number(record, "pain-settling"),
        latest_number(record, "pain-best"),
        None if latency is None else latency >= record.rulebook.numbers.latency_late,
        _irritability(record),
        () if prompt is None else (prompt,),
    )


def _irritability(record: PatientRecord) -> str | None:
    """High when two of three signs say so, low when all three speak for it; else moderate, and unknown where one is."""
    book = record.rulebook
    easily, worst = latest_answer(record, "pain-provocation"), latest_number(record, "pain-worst")
    settling = latest_number(record, "pain-settling")
    high = [
        easily == "little",
        settling is not None and settling >= book.numbers.settling_long,
        worst is not None and worst > book.numbers.irritable_pain,
    ]
    if sum(high) > 1:
        return "high"
    if easily is None or settling is None or worst is None:
        return None
    return "low" if easily == "much" and settling < book.numbers.settling_short and not any(high) else "moderate"
