"""FHIR resources of one patient to readings, and refusals of what cannot be used.

A record in doubt counts *downward*: what it says may stop, hold or lower a dose, and never helps to raise one. The
numbers of readings, such as B13.5, are entries of docs/reference/clinical-rules.md.
"""

from __future__ import annotations

from titrate.fhir.read.patient import require_own_records
from titrate.fhir.read.patient_reader import read_patient

__all__ = ["read_patient", "require_own_records"]
