"""One patient of many: whatever goes wrong becomes a value that names the step and the reason, and stays with them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from titrate.app.fetch_and_deliver import look, visit
from titrate.app.pipeline import FaultyPlan, Rules, Walked
from titrate.app.population.patient_result import Done, Failed, done_of
from titrate.ehr.client import EHR
from titrate.ehr.deliver import WHAT
from titrate.ehr.errors import EHRError
from titrate.ehr.receipt import Receipt
from titrate.fhir.read import NoPatient, SeveralPatients
from titrate.ledger.database import LedgerUnusable


@dataclass(frozen=True, slots=True)
class Task:
    """What every patient of a run shares. `keep` writes a patient's receipt; None makes it a dry run."""

    rules: Rules
    at: datetime
    keep: Callable[[str, Walked, Receipt], None] | None


def attempt(ehr: EHR, patient: str, task: Task) -> Done | Failed:
    """Do one patient. Raises LedgerUnusable only, which is everybody's trouble: no patient stops another."""
    try:
        return _done(ehr, patient, task)
    except LedgerUnusable:
        raise
    except EHRError as error:
        return Failed(patient, "deliver" if error.what == WHAT else "fetch", error.code, str(error))
    except (NoPatient, SeveralPatients):
        return Failed(patient, "read", "no-single-patient", "What the EHR gave is not the record of one patient.")
    except FaultyPlan as error:
        return Failed(patient, "compose", "faulty-plan", str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours in one record must not cost the others their plans
        return Failed(patient, "program", type(error).__name__, f"A fault of Titrate's at {_place(error)}: report it.")


def _done(ehr: EHR, patient: str, task: Task) -> Done:
    if task.keep is None:
        walked, faults = look(ehr, patient, task.rules, task.at)
        return done_of(walked, faults, None, dry=True)
    found = visit(ehr, patient, task.rules, task.at, partial(task.keep, patient))
    return done_of(found.walked, found.faults, found.receipt, dry=False)


def _place(error: Exception) -> str:
    """File and line, and nothing that the error says: that can hold a patient's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
