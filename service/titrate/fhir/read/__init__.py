"""FHIR resources of one patient to readings, and refusals of what cannot be used."""

from __future__ import annotations

from titrate.fhir.read.patient import NoPatient, OtherPatients, PatientError, SeveralPatients, require_own_records
from titrate.fhir.read.patient_reader import read_patient

__all__ = ["NoPatient", "OtherPatients", "PatientError", "SeveralPatients", "read_patient", "require_own_records"]
