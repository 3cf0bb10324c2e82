"""All that composing needs, in one value: what stands, what was found, what was decided, what should stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.values.decision import Assessment, Decision, Flag, Prescription
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import Diagnosis, PatientDetails, PatientGoal
from titrate.clinical.values.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """The result of one run for one patient. `refusals` counts the records that could not be used.

    `spent` are versions whose draft was revoked (`Footprint.spent`). `goals` and `diagnoses` are linked, not copied.
    `overview` is what readers are shown beside the decision.
    `tried` is the local date of the newest tolerance trial.
    """

    person: PatientDetails
    plan: PlanInForce
    flags: tuple[Flag, ...]
    assessment: Assessment
    decision: Decision
    prescription: Prescription
    refusals: int
    rulebook: Rulebook
    goals: tuple[PatientGoal, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    spent: frozenset[str] = frozenset()
    overview: ClinicianOverview | None = None
    tried: date | None = None
