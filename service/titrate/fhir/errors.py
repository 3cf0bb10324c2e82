"""What can go wrong with FHIR shapes.

FhirError
├── InputError: what was sent or typed cannot be used
│   ├── NotABundle
│   ├── InvalidDose
│   └── PatientError: not the resources of exactly one patient
│       ├── NoPatient
│       ├── SeveralPatients
│       └── OtherPatients
└── IllegalMove: a defect of the service, never sent
"""

from __future__ import annotations


class FhirError(Exception):
    """Base of the errors of this package."""


class InputError(FhirError):
    """What was sent or typed cannot be used; the message says what can."""


class NotABundle(InputError):
    """The JSON value is not a FHIR Bundle with a list of entries."""


class InvalidDose(InputError):
    """The typed text is not a dose of this exercise; the message shows what is."""


class PatientError(InputError):
    """The resources are not those of exactly one patient."""


class NoPatient(PatientError):
    """There is no usable Patient among the resources."""


class SeveralPatients(PatientError):
    """There is more than one Patient, and no plan can be made for a mixture."""


class OtherPatients(PatientError):
    """Most records belong to another patient than the Patient, and a decision would rest on what is left."""


class IllegalMove(FhirError):
    """A status that a plan may not take: a defect of the service, never sent."""
