"""One patient of many: whatever goes wrong becomes a value that names the step and the reason, and stays with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from titrate.app.fetch_and_deliver import plan_and_deliver, preview
from titrate.app.pipeline import InvalidPlan, PipelineResult, PlanningRules
from titrate.app.population.patient_result import PatientDone, PatientFailed, patient_done
from titrate.ehr.client import EHR
from titrate.ehr.deliver import WRITE_TRANSACTION
from titrate.ehr.errors import EHRError
from titrate.ehr.receipt import Receipt
from titrate.event_log import error_location
from titrate.fhir.read import NoPatient, SeveralPatients
from titrate.ledger.database import LedgerUnusable


@dataclass(frozen=True, slots=True)
class PatientTask:
    """What every patient of a run shares. `keep` writes a patient's receipt; None makes it a dry run."""

    rules: PlanningRules
    at: datetime
    keep: Callable[[str, PipelineResult, Receipt], None] | None


def process_patient(ehr: EHR, patient: str, task: PatientTask) -> PatientDone | PatientFailed:
    """Do one patient. Raises LedgerUnusable only, which is everybody's trouble: no patient stops another."""
    try:
        return _done(ehr, patient, task)
    except LedgerUnusable:
        raise
    except EHRError as error:
        return PatientFailed(
            patient, "deliver" if error.exchange == WRITE_TRANSACTION else "fetch", error.code, str(error)
        )
    except (NoPatient, SeveralPatients):
        return PatientFailed(
            patient, "read", "no-single-patient", "What the EHR gave is not the record of one patient."
        )
    except InvalidPlan as error:
        return PatientFailed(patient, "compose", "faulty-plan", str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours in one record must not cost the others their plans
        return PatientFailed(
            patient, "program", type(error).__name__, f"A fault of Titrate's at {error_location(error)}: report it."
        )


def _done(ehr: EHR, patient: str, task: PatientTask) -> PatientDone:
    if task.keep is None:
        walked, faults = preview(ehr, patient, task.rules, task.at)
        return patient_done(walked, faults, None, dry=True)
    found = plan_and_deliver(ehr, patient, task.rules, task.at, partial(task.keep, patient))
    return patient_done(found.result, found.faults, found.receipt, dry=False)
