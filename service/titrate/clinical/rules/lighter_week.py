"""The planned lighter week: when it is due and which doses it has (rule D9; B11.5, B11.13)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scale_dose
from titrate.clinical.values.plan import Dose, Phase
from titrate.messages.gates import LighterWeekFactor, LoadingDays


def days_of_loading(picture: ClinicalPicture) -> int | None:
    """Days since loading began; None in every other phase, or where the day is not known."""
    if picture.phase is not Phase.LOADING or picture.loading_since is None:
        return None
    return picture.record.days_ago(picture.loading_since)


def days_to_lighter_week(picture: ClinicalPicture) -> int | None:
    """Days of loading that make a lighter week due (D9, B11.5); None where none is due."""
    days = days_of_loading(picture)
    return days if days is not None and days >= picture.record.rulebook.numbers.light_week_after_days else None


def lighter_week_doses(picture: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = picture.record.rulebook
    factor = book.numbers.light_week_vol
    return {e.exercise: lower(scale_dose(book, picture.form(e), e.dose, factor), e.dose) for e in picture.dosed}


def lighter_week_trace(picture: ClinicalPicture, days: int) -> tuple[TraceEntry, ...]:
    """Why a lighter week is due after these days of loading, and the part of the dose that remains."""
    numbers = picture.record.rulebook.numbers
    return (
        TraceEntry(
            rule="D9",
            text=LoadingDays(),
            held=True,
            value=str(days),
            operator=">=",
            limit=str(numbers.light_week_after_days),
            unit="d",
        ),
        TraceEntry(rule="D9", text=LighterWeekFactor(), held=True, value=str(numbers.light_week_vol)),
    )
