"""The patient's Consents to the programme: whether the newest answer is a no, and the answers that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from titrate.clinical.values.code_lookup import Key
from titrate.clinical.values.readings import Refusal, RefusalReason
from titrate.fhir.elements import Element, coding_keys, part, parts, text
from titrate.fhir.read.patient import names_patient, wrong_patient
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.fhir.read.reading_source import leaves_doubt
from titrate.fhir.read.times import first_day, last_day
from titrate.fhir.site import Site
from titrate.messages.refused_records import ConsentUnreadable, DateInFuture

CONSENT = "programme-consent"
# Statuses of a Consent that is no answer, and of one that is a no whatever it provides.
_NO_ANSWER = frozenset({"entered-in-error", "draft", "proposed"})
_REFUSING = frozenset({"rejected", "inactive"})
_UNREADABLE = Fault(RefusalReason.MALFORMED, ConsentUnreadable())


# Elements that limit a provision to a part of what a Consent is about.
_SCOPE = (
    "actor", "action", "purpose", "class", "code", "data", "dataPeriod", "securityLabel", "documentType",
    "resourceType", "expression",
)  # fmt: skip
# What a provision can state; one that states none of it cannot be read.
_OF_PROVISION = frozenset({"type", "period", "provision", "extension", *_SCOPE})
_AHEAD = Fault(RefusalReason.FUTURE, DateInFuture())
# The last moment of a day, from its first.
_DAY = timedelta(days=1) - timedelta.resolution


class _Says(StrEnum):
    """What a Consent says; one that is ahead says nothing yet."""

    YES = "yes"
    NO = "no"
    UNREADABLE = "unreadable"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer, and the first and last moment at which it can have been given.

    Without these a yes replaces nothing, and every other answer may be the newest.
    """

    consent: Element
    says: _Says
    given: tuple[datetime, datetime] | None

    def replaces(self, other: _Answer) -> bool:
        """Whether it was certainly given later, and on a later day."""
        if self.given is None or other.given is None:
            return False
        (first, _), (_, last) = self.given, other.given
        return first > last and first.date() > last.date()


@dataclass(frozen=True, slots=True)
class ConsentReading:
    """Whether the patient has opted out, and the refusals of unreadable Consents that no later yes replaces.

    `ahead` are the refusals of Consents that are dated ahead or have not begun, which say nothing yet.
    """

    opted_out: bool
    refusals: tuple[Refusal, ...]
    ahead: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the Consents of one patient at one time."""

    patient: Element
    zone: ZoneInfo
    site: Site
    at: datetime

    def concerns(self, consent: Element) -> bool:
        """Whether a Consent may be this patient's answer about this programme, and is not over."""
        is_others = names_patient(consent) and wrong_patient(consent, self.patient) is not None
        if text(consent, "status") in _NO_ANSWER or is_others:
            return False
        return not self._is_over(part(consent, "provision", "period")) and (
            self._names_programme(consent) or not any(map(_names_a_kind, parts(consent, "category")))
        )

    def answer(self, consent: Element) -> _Answer:
        """What a Consent says. One with an unreadable category is at most in doubt: it may be about something else."""
        says = self._says(consent)
        if self._names_programme(consent):
            return _Answer(consent, says, self._given(consent, says))
        if says in (_Says.YES, _Says.AHEAD):
            return _Answer(consent, says, None)
        return _Answer(consent, _Says.UNREADABLE, self._given(consent, says))

    def _names_programme(self, consent: Element) -> bool:
        return any((self.site.codes, CONSENT) in coding_keys(category) for category in parts(consent, "category"))

    def _says(self, consent: Element) -> _Says:
        """A no counts whatever else cannot be read; a yes needs that everything can be."""
        provisions = parts(consent, "provision")
        if text(consent, "status") in _REFUSING:
            return _Says.NO
        if any(self._denies(provision) for provision in provisions):
            return _Says.NO
        if any(text(provision, "type") == "deny" for provision in provisions):
            return _Says.AHEAD
        if any(self._doubts(consent)):
            return _Says.UNREADABLE
        dated = first_day(self._dated(consent, _Says.YES), self.zone)
        is_ahead = dated is not None and dated.when > self.at
        return _Says.AHEAD if is_ahead or self._is_ahead(part(consent, "provision", "period")) else _Says.YES

    def _denies(self, provision: Element) -> bool:
        """Whether a provision is a denial by now, or one of its exceptions denies the programme as a whole."""
        own = text(provision, "type") == "deny" and not self._is_ahead(part(provision, "period"))
        return own or any(
            self._denies(nested) and not self._is_over(part(nested, "period"))
            for nested in parts(provision, "provision")
            if not _has_scope(nested) or (self.site.codes, CONSENT) in _scope_codes(nested)
        )

    def _is_ahead(self, period: Element) -> bool:
        """Whether a period has not begun; one whose start cannot be read may have."""
        start = first_day(text(period, "start"), self.zone)
        return start is not None and start.when > self.at

    def _is_over(self, period: Element) -> bool:
        """Whether a period has ended: at its time, and not on the day that it names."""
        end = last_day(text(period, "end"), self.zone)
        today = self.at.astimezone(self.zone).date()
        return end is not None and end.when.date() < today and end.when < self.at

    def _doubts(self, consent: Element) -> Iterator[bool]:
        """Whether each thing that a yes needs is missing or unreadable."""
        provision = part(consent, "provision")
        yield text(consent, "status") != "active"
        yield not names_patient(consent)
        yield consent.get("provision") is not None and provision.keys().isdisjoint(_OF_PROVISION)
        yield provision.get("type") not in (None, "permit")
        yield provision.get("period") is not None and not part(provision, "period")
        yield any(self._is_unreadable_date(part(provision, "period").get(key)) for key in ("start", "end"))
        yield any(text(nested, "type") not in ("permit", "deny") for nested in parts(provision, "provision"))
        yield leaves_doubt(consent)

    def _is_unreadable_date(self, written: object) -> bool:
        return written not in (None, "") and (not isinstance(written, str) or last_day(written, self.zone) is None)

    def _given(self, consent: Element, says: _Says) -> tuple[datetime, datetime] | None:
        """When the answer can have been given: a date is any moment of the day, a month or a year any day in it."""
        written = self._dated(consent, says)
        first, last = first_day(written, self.zone), last_day(written, self.zone)
        if first is None or last is None:
            return None
        return first.when, last.when if last.timed else last.when + _DAY

    def _dated(self, consent: Element, says: _Says) -> str | None:
        """The time of the answer, else of its last change, which may be later than a yes that cannot be dated."""
        if says is _Says.YES and self._is_unreadable_date(consent.get("dateTime")):
            return None
        written = (text(consent, "dateTime"), text(part(consent, "meta"), "lastUpdated"))
        return next((one for one in written if first_day(one, self.zone) is not None), None)


def read_consents(
    resources: Iterable[Element], patient: Element, zone: ZoneInfo, site: Site, at: datetime
) -> ConsentReading:
    """Of the patient's answers the newest counts; of one day's answers the stricter one.

    A permit that is dated ahead or whose period has not begun replaces nothing, and a denial begins with its period.
    """
    reader = _Reader(patient, zone, site, at)
    consents = (one for one in resources if one.get("resourceType") == "Consent" and reader.concerns(one))
    answers = [reader.answer(one) for one in consents]
    permits = [one for one in answers if one.says is _Says.YES]
    newest = [one for one in answers if not any(permit.replaces(one) for permit in permits)]
    unreadable = (one.consent for one in newest if one.says is _Says.UNREADABLE)
    return ConsentReading(
        opted_out=any(one.says is _Says.NO for one in newest),
        refusals=tuple(refusal(source_of(one), "Consent", _UNREADABLE) for one in unreadable),
        ahead=tuple(refusal(source_of(one.consent), "Consent", _AHEAD) for one in answers if one.says is _Says.AHEAD),
    )


def _names_a_kind(category: Element) -> bool:
    """Whether a category says what a Consent is about, by a whole code or in words."""
    words = (text(category, "text"), *(text(coding, "display") for coding in parts(category, "coding")))
    return bool(coding_keys(category)) or any(word not in (None, CONSENT) for word in words)


def _has_scope(provision: Element) -> bool:
    return any(provision.get(key) for key in _SCOPE)


def _scope_codes(provision: Element) -> frozenset[Key]:
    """The codes of what a provision is about."""
    return frozenset(key for concept in parts(provision, "code") for key in coding_keys(concept))
