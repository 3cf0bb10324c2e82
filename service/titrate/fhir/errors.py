"""What can go wrong with FHIR shapes. Reading has its own errors of the Patient, in `titrate.fhir.read`.

FhirError
├── InputError: what was sent or typed cannot be used
│   ├── NotABundle
│   └── InvalidDose
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


class IllegalMove(FhirError):
    """A status that a plan may not take: a defect of the service, never sent."""
