"""Reading: FHIR resources of one patient to readings and refusals."""

from __future__ import annotations

from service.fhir.reading.heard import read
from service.fhir.reading.person import NoPatient, SeveralPatients

__all__ = ["NoPatient", "SeveralPatients", "read"]
