"""The planned lighter week: when it is due and what it asks (rule D9; B11.5, B11.13)."""

from __future__ import annotations

from service.clinical.dosing import lower, scaled
from service.clinical.plan import Dose, Phase
from service.clinical.situation import Situation


def light_week_due(situation: Situation) -> bool:
    """Whether loading has lasted so long that a lighter week is due (D9, B11.5)."""
    if situation.phase is not Phase.LOADING or situation.loading_since is None:
        return False
    days = situation.record.days_ago(situation.loading_since)
    return days >= situation.record.rulebook.number("LIGHT_WEEK_AFTER_DAYS")


def light_doses(situation: Situation) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = situation.record.rulebook
    factor = book.number("LIGHT_WEEK_VOL")
    return {e.exercise: lower(scaled(book, situation.form(e), e.dose, factor), e.dose) for e in situation.dosed}
