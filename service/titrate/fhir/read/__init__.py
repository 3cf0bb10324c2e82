"""FHIR resources of one patient to readings, and refusals of what cannot be used."""

from __future__ import annotations

from titrate.fhir.read.patient import NoPatient, PatientError, SeveralPatients
from titrate.fhir.read.patient_reader import read_patient

__all__ = ["NoPatient", "PatientError", "SeveralPatients", "read_patient"]
