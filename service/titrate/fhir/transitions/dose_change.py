"""Doses that a clinician changes while approving, as the order says them."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.values.plan import Dose
from titrate.fhir.doses import dose_words, quantity
from titrate.fhir.elements import Json, Resource, parts, text
from titrate.fhir.plan_state.dosage_text import read_dose_text


@dataclass(frozen=True, slots=True)
class DoseChangeRequest:
    """The dose of one exercise: in force (None: none yet), drafted, and as the clinician approves it."""

    exercise: str
    current: Dose | None
    drafted: Dose | None
    approved: Dose

    @property
    def words(self) -> str:
        """`walking: 16 min -> 14 min`."""
        return f"{self.exercise}: {dose_words(self.drafted)} -> {dose_words(self.approved)}"


def order_changes(order: Resource, redose: DoseChangeRequest) -> Json:
    """The elements of an order that say another dose."""
    kept = [detail for detail in parts(order, "orderDetail") if not _says_dose(detail, redose.drafted)]
    return {
        "quantityQuantity": quantity(redose.approved.amount, redose.approved.unit),
        "orderDetail": [{"text": dose_words(redose.approved)}, *kept],
    }


def _says_dose(detail: Resource, drafted: Dose | None) -> bool:
    words = text(detail, "text") or ""
    return words == dose_words(drafted) or read_dose_text((words,)) is not None
