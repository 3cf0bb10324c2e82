"""The planned lighter week: when it is due and what it asks (rule D9; B11.5, B11.13)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scale_dose
from titrate.clinical.values.plan import Dose, Phase


def light_week_due(picture: ClinicalPicture) -> bool:
    """Whether loading has lasted so long that a lighter week is due (D9, B11.5)."""
    if picture.phase is not Phase.LOADING or picture.loading_since is None:
        return False
    days = picture.record.days_ago(picture.loading_since)
    return days >= picture.record.rulebook.numbers.light_week_after_days


def light_doses(picture: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = picture.record.rulebook
    factor = book.numbers.light_week_vol
    return {e.exercise: lower(scale_dose(book, picture.form(e), e.dose, factor), e.dose) for e in picture.dosed}


def light_week_trace(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    """Why a lighter week is due, and the part of the dose that it leaves; empty where none is."""
    if not light_week_due(picture) or picture.loading_since is None:
        return ()
    book, days = picture.record.rulebook, picture.record.days_ago(picture.loading_since)
    return (
        TraceEntry("D9", "days of loading", True, str(days), ">=", str(book.numbers.light_week_after_days), "d"),
        TraceEntry("D9", "part of the loading dose", True, str(book.numbers.light_week_vol)),
    )
