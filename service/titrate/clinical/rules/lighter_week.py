"""The planned lighter week: when it is due and what it asks (rule D9; B11.5, B11.13)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scaled
from titrate.clinical.values.plan import Dose, Phase


def light_week_due(situation: ClinicalPicture) -> bool:
    """Whether loading has lasted so long that a lighter week is due (D9, B11.5)."""
    if situation.phase is not Phase.LOADING or situation.loading_since is None:
        return False
    days = situation.record.days_ago(situation.loading_since)
    return days >= situation.record.rulebook.numbers.light_week_after_days


def light_doses(situation: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = situation.record.rulebook
    factor = book.numbers.light_week_vol
    return {e.exercise: lower(scaled(book, situation.form(e), e.dose, factor), e.dose) for e in situation.dosed}


def light_week_trace(situation: ClinicalPicture) -> tuple[TraceEntry, ...]:
    """Why a lighter week is due, and the part of the dose that it leaves; empty where none is."""
    if not light_week_due(situation) or situation.loading_since is None:
        return ()
    book, days = situation.record.rulebook, situation.record.days_ago(situation.loading_since)
    return (
        TraceEntry("D9", "days of loading", True, str(days), ">=", str(book.numbers.light_week_after_days), "d"),
        TraceEntry("D9", "part of the loading dose", True, str(book.numbers.light_week_vol)),
    )
