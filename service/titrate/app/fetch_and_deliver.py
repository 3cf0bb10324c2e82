"""One patient with the EHR: fetch, walk the corridor, deliver once, keep the receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.profile_filter import with_known_profiles
from titrate.ehr.capabilities import known_profiles
from titrate.ehr.client import EHR
from titrate.ehr.deliver import deliver
from titrate.ehr.errors import Conflict
from titrate.ehr.fetch import Fault, fetch_patient
from titrate.ehr.receipt import Outcome, Receipt
from titrate.event_log import Event
from titrate.fhir.bundles import relative

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger

MAX_ATTEMPTS = 3
_LASTING = (
    "flag-clearance",
    "pain-ceiling",
    "rpe-cap",
    "heart-rate-limit",
    "dose-limit",
    "usual-pain",
    "usual-fatigue",
    "cautious-profile",
    "exposure-ladder-started",
    "exercise-clearance",
    "tsk-11",
    "tsk-17",
    "csi",
    "pseq",
    "contact",
    "exercise-progression-decision",
)
# PHQ-9, its item 9, body weight (over six months)
_LASTING_LOINC = ("44261-6", "44260-8", "29463-7")
LOINC = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class DeliveredPlan:
    """One patient done: the walk, the types the EHR could not give, and the receipt if something was sent."""

    walked: PipelineResult
    faults: tuple[Fault, ...]
    receipt: Receipt | None


def lasting_codes(rules: PlanningRules) -> tuple[str, ...]:
    """`system|code` of Observations that count however old they are: limits, flags, scores, our decisions."""
    guidance = rules.rulebook.guidance
    steps = (*(f"ladder-step-{one}" for one in guidance.ladders), *(f"understood-{one}" for one in guidance.modules))
    local = (*_LASTING, *steps, *rules.rulebook.flags)
    return (*(f"{rules.site.codes}|{code}" for code in local), *(f"{LOINC}|{code}" for code in _LASTING_LOINC))


def preview(ehr: EHR, patient: str, rules: PlanningRules, at: datetime) -> tuple[PipelineResult, tuple[Fault, ...]]:
    """Fetch one patient and walk the corridor; writes nothing. Raises EHRError."""
    since: date = (at - timedelta(days=rules.lookback)).date()
    fetched = fetch_patient(ehr, patient, since, lasting_codes(rules))
    ehr.journal.note(
        Event.FETCHED, patient=ehr.journal.number(patient), resources=len(fetched.resources), faults=len(fetched.faults)
    )
    return plan_patient(relative(fetched.resources, ehr.base_url), rules, at), fetched.faults


def plan_and_deliver(
    ehr: EHR, patient: str, rules: PlanningRules, at: datetime, keep: Callable[[PipelineResult, Receipt], None]
) -> DeliveredPlan:
    """Look, and deliver what is to be written. After a conflict (409, 412) look again: a person may have been there."""
    for turn in range(1, MAX_ATTEMPTS + 1):
        walked, faults = preview(ehr, patient, rules, at)
        if not walked.bundle.get("entry"):
            return DeliveredPlan(walked, faults, None)
        try:
            receipt = deliver(ehr, with_known_profiles(walked.bundle, known_profiles(ehr)))
        except Conflict:
            if turn == MAX_ATTEMPTS:
                raise
            continue
        keep(walked, receipt)
        return DeliveredPlan(walked, faults, receipt)
    raise AssertionError("unreachable")


def receipt_keeper(ledger: Ledger, run: int, patient: str, at: datetime) -> Callable[[PipelineResult, Receipt], None]:
    """Writes a receipt into the ledger: what, where and which version, and nothing clinical."""
    from titrate.ledger.records import EntryRecord, ReceiptRecord  # loads the database library

    def keep(walked: PipelineResult, receipt: Receipt) -> None:
        ledger.record_receipt(
            ReceiptRecord(
                run,
                ledger.patient_key(patient),
                plan_version(walked),
                receipt.outcome.value,
                tuple(EntryRecord(e.type, e.id, e.version) for e in receipt.entries),
                at,
            )
        )

    return keep


def plan_version(walked: PipelineResult) -> str | None:
    """The version identifier of the CarePlan in the Bundle, if one is in it."""
    for entry in walked.bundle.get("entry", ()):
        resource = entry.get("resource", {})
        if resource.get("resourceType") == "CarePlan" and entry["request"]["method"] == "POST":
            return next(
                (i["value"] for i in resource.get("identifier", ()) if i["system"].endswith("/plan-version")), None
            )
    return None


def needs_attention(receipt: Receipt | None) -> bool:
    """Whether a delivery needs a person: refused, or its fate unknown."""
    return receipt is not None and receipt.outcome in (Outcome.REFUSED, Outcome.UNKNOWN)
