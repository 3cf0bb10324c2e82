"""Why JSON text, a Bundle, a record or a Patient is refused, and what the sender can do."""

from __future__ import annotations

from titrate.messages.message import Message

# JSON


class JsonSyntax(Message, text="Not valid JSON at line {line}, column {column} ({fault}): correct it"):
    """The text breaks the grammar of JSON. `fault` is the parser's wording, which never quotes the text."""

    fault: str
    line: int
    column: int


class JsonNotUtf8(Message, text="Not UTF-8 at line {line}, column {column}: FHIR JSON is always UTF-8"):
    """The bytes are no UTF-8 text."""

    line: int
    column: int


class JsonTooLarge(Message, text="JSON is larger than {limit} bytes: send fewer resources at once"):
    """The text has more bytes than the caller accepts."""

    limit: int


class JsonTooDeep(Message, text="JSON is nested deeper than {limit} levels"):
    """Objects and lists are nested deeper than the caller accepts."""

    limit: int


class JsonNumberTooLong(Message, text="A number has more than {limit} digits"):
    """A number has more digits, or a larger exponent, than the caller accepts."""

    limit: int


class JsonNotANumber(Message, text="{literal} is not a JSON number: leave the value out and give a dataAbsentReason"):
    """`NaN` or `Infinity`, which some programs write and JSON does not allow."""

    literal: str


class JsonRepeatedKey(Message, text="{key} appears twice in one object: keep one of them"):
    """One object has a key twice; `key` is the key, or `a key` where it could hold patient data."""

    key: str


class JsonNotAnObject(Message, text="Not a JSON object: send one resource in braces"):
    """The JSON value is a list, a string or another scalar."""


# Times


class DateWithoutDay(Message, text="The date has no day: give year, month and day"):
    """A date of a year or a month where an event needs its day."""


class DateNotFhir(Message, text="This is not a FHIR date or time: write it as 2025-01-13T07:30:00+01:00"):
    """A text that is not a FHIR date, dateTime or instant."""


class DateNotInCalendar(Message, text="This date or time does not exist: correct it"):
    """A date such as 30 February."""


class DateOutsideCalendar(Message, text="The date is not plausible: correct it"):
    """A date such as 1 January of year 1, which some programs write for an empty field."""


class DateInFuture(Message, text="The date is after the time of the decision: correct the date, or decide later"):
    """An event that has not happened or is not over."""


class EffectiveTimeMissing(Message, text="The effective time is missing: send effectiveDateTime or effectivePeriod"):
    """An Observation without effective[x]."""


class PeriodEmpty(Message, text="The period has no start: give one"):
    """A Period without start and end."""


class PeriodReversed(Message, text="The period ends before it starts: correct it"):
    """A Period whose end is before its start."""


class AuthoredMissing(Message, text="The time of the answers is missing: send authored"):
    """A QuestionnaireResponse without `authored`."""


class FormDayAfterAuthored(Message, text="The form is about a day after it was filled in: correct one of the dates"):
    """A form with a `date` later than `authored`."""


class TimeZoneUnknown(Message, text="The time zone is not known, so the site's is used: send an IANA name"):
    """A time zone extension with an unknown name."""


# Status, subject and duplicates


class StatusNotCounted(Message, text="Entries with this status do not count"):
    """A Condition, Procedure, AllergyIntolerance or medicine with a status that rules it out."""


class StatusUnfinished(Message, text="Entries with this status do not count: finish the entry if it should"):
    """An Observation or QuestionnaireResponse that was taken back or never took place."""


class StatusUnknown(Message, text="The status is not one of FHIR: correct it"):
    """An Observation or QuestionnaireResponse with a status that its type does not have."""


class SubjectMissing(Message, text="The record names no patient: add the subject"):
    """A resource without a subject that can be read."""


class GoalStatusNotCounted(Message, text="Goals with this status do not count"):
    """A Goal that was rejected, cancelled or entered in error."""


class SubjectNotThePatient(Message, text="The subject is missing or is another patient: check it"):
    """A resource that does not belong to the patient."""


class FocusNotTheSubject(
    Message, text="The focus is a different person from the subject: send it in that person's record"
):
    """An Observation about a relative or another patient."""


class EntryWithoutMeaning(Message, text="The entry has neither a code nor a text: send one"):
    """A Condition, Procedure, AllergyIntolerance or medicine without a concept."""


class GoalWithoutDescription(Message, text="The goal has no description: send one"):
    """A Goal without `description`."""


class ReadingDuplicated(Message, text="Another record reports the same reading: it counts once"):
    """A reading that repeats another one."""


class ClearanceByCliniciansOnly(
    Message, text="Only a clinician can clear a flag: it needs a Practitioner or PractitionerRole as performer"
):
    """A clearance whose performer is not a practitioner."""


class SignerNotKnown(
    Message,
    text="The clinician who signed this is not known or no longer active, so it lets no dose rise and clears no flag: "
    "record it again with an active Practitioner or PractitionerRole as performer",
):
    """A limit, a clearance or another measure of clinicians, signed by a name alone or by an inactive practitioner."""


class PerformerUnreadable(Message, text="The performer cannot be read, so that it may be a clinician: correct it"):
    """A limit, or another measure that only clinicians record, with a performer of the wrong type."""


class ClearancePreliminary(Message, text="A preliminary clearance does not count: finish the entry"):
    """A clearance with status `preliminary`."""


# Eligibility


class EligibilityUnreadable(Message, text="This decides whether the patient takes part and cannot be read: correct it"):
    """An element of the Patient of the wrong type, or with a code that FHIR does not have."""


class ConsentUnreadable(
    Message, text="This may be the patient's consent to the programme and cannot be read: correct or withdraw it"
):
    """A Consent with an unreadable status, category, subject, date or provision."""


# Bundles and the patient


class BundleExpected(
    Message,
    text="This is not a FHIR Bundle: put the Patient and the resources of that patient into one collection Bundle",
):
    """The JSON value is not a Bundle."""


class BundleEntriesNotAList(Message, text="Bundle.entry is not a list: send the entries as a list"):
    """`Bundle.entry` has another type."""


class BundlePatientWithoutId(Message, text="The Patient has neither an id nor a fullUrl that names it: give it one"):
    """A Patient to whom no record can refer."""


class BundleEntryWithoutResource(
    Message, text="The entry has no resource: give each entry a resource with a resourceType"
):
    """An entry that carries nothing to read."""


class BundleReportsError(
    Message, text="The server reports an error in its response, which may be incomplete: fetch it again"
):
    """An OperationOutcome of severity error or fatal among the entries."""


class BundleEntryDeleted(Message, text="The history says that the resource was deleted: it does not count"):
    """A resource whose newest version is a deletion."""


class BundlePatientIncluded(Message, text="The Patient was only included by a search and is not the patient: left out"):
    """A second Patient in the answer to a search."""


class BundlesTooDeep(Message, text="Bundles lie in Bundles in more than {levels} levels: send them one by one"):
    """A Bundle that is not opened."""

    levels: int


class BundleEntryDuplicated(Message, text="The resource is in the Bundle twice: the newer version is used"):
    """Two versions of one resource."""


class ContainedNotRead(
    Message, text="A record that is contained in another one is not read: send it as a resource of its own"
):
    """A contained Condition, Procedure, MedicationStatement or Flag."""


class PatientMissing(Message, text="There is no Patient: add the patient whose plan it is"):
    """A Bundle without a Patient."""


class PatientsSeveral(Message, text="There are {count} Patients: send exactly one, with that patient's resources"):
    """A Bundle with more than one Patient."""

    count: int


class PatientsOther(
    Message,
    text="{count} of {records} records belong to another patient: check the server addresses in their references, "
    "and send the records of one patient",
):
    """Most records have a subject that is not the Patient."""

    count: int
    records: int


class PatientWithoutId(Message, text="The Patient has no id, so that no resource can refer to it: send one"):
    """A Patient without an id."""
