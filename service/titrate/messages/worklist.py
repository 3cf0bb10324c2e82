"""Why a patient of a run failed, and why the patients of a run cannot be found."""

from __future__ import annotations

from titrate.messages.message import Message

# Why a patient failed


class NotOneRecord(Message, text="What the EHR returned is not the record of one patient."):
    pass


class ProgramFault(Message, text="A fault of Titrate's at {place}: report it."):
    place: str


class DeliveryRefused(Message, text="The EHR says that the plan is wrong and has written nothing of it."):
    pass


class DeliveryUnknown(
    Message,
    text="The reply to the plan was lost, and the plan was not found afterwards. Look for it in the EHR.",
):
    pass


# Which patients a run is for


class GroupIdInvalid(Message, text="A Group's id has 1 to 64 letters, digits, dots and dashes."):
    pass


class GroupTooDeep(Message, text="The Group holds Groups in more than {levels} levels, or itself."):
    levels: int


class PatientFileUnreadable(Message, text="The file of patients cannot be read: {file}"):
    file: str


class PatientFileLineInvalid(Message, text="Line {line} of {file} is not a FHIR id: write one id a line."):
    line: int
    file: str


class NotAPatientResource(Message, text="It holds another resource, or one without an id."):
    pass


class NotAGroupResource(Message, text="It is another resource."):
    pass
