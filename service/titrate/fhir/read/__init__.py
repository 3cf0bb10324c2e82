"""Reading: FHIR resources of one patient to readings and refusals."""

from __future__ import annotations

from titrate.fhir.read.patient import NoPatient, SeveralPatients
from titrate.fhir.read.patient_reader import read_patient

__all__ = ["NoPatient", "SeveralPatients", "read_patient"]
