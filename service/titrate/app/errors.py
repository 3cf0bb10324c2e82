"""What can go wrong with a plan, a decision or a run, beyond the EHR and the ledger.

AppError
├── RequestError: what the caller names cannot be used
│   ├── EnrolmentError    the choice of patients
│   └── NotAPractitioner  the deciding clinician
├── PatientBusy: another run is planning for the patient
├── NoPatientSheet: the patient's sheet is withheld
└── InvalidPlan: a defect of the service, never sent
"""

from __future__ import annotations

from titrate.fhir.validate import ResourceProblem
from titrate.messages import Message
from titrate.messages.written_resources import ComposedResourceInvalid


class AppError(Exception):
    """Base of the errors of this package."""


class RequestError(AppError):
    """What the caller names cannot be used; the message says what can."""


class EnrolmentError(RequestError):
    """The choice of patients cannot be used. Names the line or the level of a Group, never an id."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class NotAPractitioner(RequestError):
    """The clinician is not named as `Practitioner/ID` or `PractitionerRole/ID`."""


class PatientBusy(AppError):
    """Another run is planning for this patient."""


class NoPatientSheet(AppError):
    """The sheet is withheld. The reasons are for the clinician and contain no patient data."""

    def __init__(self, reasons: tuple[Message, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(map(str, reasons)))


class InvalidPlan(AppError):
    """The service composed a resource that FHIR does not allow: a defect, never sent. `problems` name the places."""

    def __init__(self, problems: tuple[ResourceProblem, ...]) -> None:
        self.problems = problems
        found = "; ".join(f"{problem.location}: {problem.message}" for problem in problems)
        super().__init__(str(ComposedResourceInvalid(problems=found)))
