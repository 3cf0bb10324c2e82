"""One patient in the EHR: fetch, run the pipeline, deliver once, store the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from titrate.app.fetch_result import FetchResult, fetch_result
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.ehr.capabilities import known_profiles
from titrate.ehr.client import EHR
from titrate.ehr.deliver import deliver
from titrate.ehr.errors import Conflict, Forbidden, Issue, NotFound, RecordsOfOthers, Refused
from titrate.ehr.fetch import Fetched, IncompleteType, ObservationCodes, fetch_patient
from titrate.ehr.receipt import DeliveryOutcome, Receipt
from titrate.event_log import Event
from titrate.fhir.code_systems import DECISION
from titrate.fhir.elements import name, part, text
from titrate.fhir.entries import entries_of, is_create
from titrate.fhir.errors import OtherPatients
from titrate.fhir.plan_state.plan_resources import from_titrate
from titrate.fhir.read import require_own_records
from titrate.fhir.read.observations import REPORT_CODES, SIGNED_REPORTS
from titrate.fhir.references import relative
from titrate.fhir.site import Site
from titrate.fhir.write import transaction, with_known_profiles

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger
    from titrate.ledger.records import ReceiptRecord

MAX_ATTEMPTS = 3
# The code of the issue where the EHR gives no version of a resource that is to be updated.
VERSION_UNKNOWN = "version-unknown"
CREATED = 201
ALERT_TYPES = frozenset({"Flag", "Communication"})
UPDATED_TYPES = frozenset({"CarePlan", "ServiceRequest", "Goal", "Task", "Flag", "Communication"})


@dataclass(frozen=True, slots=True)
class DeliveredPlan:
    """One patient planned: the result, the types the EHR could not give, and the receipt if something was sent."""

    result: PipelineResult
    faults: tuple[IncompleteType, ...]
    receipt: Receipt | None


def observation_codes(rules: PlanningRules) -> ObservationCodes:
    """The codes of Observations that the rulebook reads.

    Those of lasting measures, red flags, limits, clearances and decisions count however old they are. A limit, a
    clearance and a measure of clinicians can let a dose rise, and so they count from an active clinician only.
    """
    lookup, own = rules.lookup, rules.site.codes
    measures = lookup.codes[""]
    lasting_measures = lookup.lasting | rules.rulebook.flags.keys()
    lasting = {f"{system}|{code}" for (system, code), name in measures.items() if name in lasting_measures}
    lasting |= {f"{own}|{code}" for code in (*SIGNED_REPORTS, DECISION)}
    known = {f"{system}|{code}" for system, code in (*measures, *lookup.panels)}
    known |= {f"{own}|{code}" for code in REPORT_CODES}
    signed = {code for (_, code), name in measures.items() if name in lookup.practitioner}
    return ObservationCodes(tuple(sorted(lasting)), tuple(sorted(known - lasting)), signed | SIGNED_REPORTS)


def preview(
    ehr: EHR, patient: str, rules: PlanningRules, at: datetime
) -> tuple[PipelineResult, tuple[IncompleteType, ...]]:
    """Fetch one patient and plan; writes nothing. Raises EHRError.

    Where the EHR fails after a part has come, only a red flag in that part decides.
    """
    found = _found(ehr, patient, rules, at)
    fetched = _own_records(ehr, found, rules.site)
    number = ehr.event_log.number(patient)
    ehr.event_log.note(Event.FETCHED, patient=number, resources=len(fetched.resources), faults=len(found.faults))
    result = plan_patient(fetched, rules, at)
    if found.failure is not None and result.evaluation.decision.rule != "D1":
        raise found.failure
    return result, found.faults


def fetch(ehr: EHR, patient: str, rules: PlanningRules, at: datetime) -> tuple[FetchResult, tuple[IncompleteType, ...]]:
    """Everything of one patient that a decision at `at` may rest on. Raises EHRError."""
    found = _found(ehr, patient, rules, at)
    if found.failure is not None:
        raise found.failure
    return _own_records(ehr, found, rules.site), found.faults


def _found(ehr: EHR, patient: str, rules: PlanningRules, at: datetime) -> Fetched:
    since: date = (at - timedelta(days=rules.lookback)).date()
    return fetch_patient(ehr, patient, since, observation_codes(rules), rules.unused.types)


def _own_records(ehr: EHR, found: Fetched, site: Site) -> FetchResult:
    """The resources, with the versions that updates need. Raises RecordsOfOthers."""
    result = fetch_result(found, ehr.base_url)
    if found.failure is None:
        result = _with_versions(ehr, result, site)
    try:
        require_own_records(result.resources)
    except OtherPatients as error:
        raise RecordsOfOthers("search by patient", str(error)) from None
    return result


def _with_versions(ehr: EHR, fetched: FetchResult, site: Site) -> FetchResult:
    """Resources of the service that came without a version are read once more: an update needs it (If-Match)."""
    resources = [_read_again(ehr, one) if _lacks_version(one, site) else one for one in fetched.resources]
    return replace(fetched, resources=tuple(resources))


def _lacks_version(resource: Mapping[str, Any], site: Site) -> bool:
    updated = resource.get("resourceType") in UPDATED_TYPES and text(part(resource, "meta"), "versionId") is None
    return updated and from_titrate(resource, site) and "://" not in name(resource)  # not of another server


def _read_again(ehr: EHR, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        read = ehr.read(name(resource), f"read {resource['resourceType']}")
    except (Forbidden, NotFound, Refused):
        return resource
    return relative([read], ehr.base_url)[0] if name(read) == name(resource) else resource


def _alerts(bundle: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Flags and the message of a red flag as a transaction of their own: they wait for no draft and no edit."""
    entries = entries_of(bundle)
    return transaction([entry for entry in entries if is_create(entry) and entry["request"]["url"] in ALERT_TYPES])


def send(ehr: EHR, bundle: Mapping[str, Any]) -> Receipt:
    """Deliver a transaction of the service, with the profiles that the EHR knows.

    It is refused, and nothing is sent, where an update names no version: see `deliver` for everything else.
    """
    unconditional = _unconditional_updates(bundle)
    if unconditional:
        return Receipt(DeliveryOutcome.REFUSED, issues=(Issue("error", VERSION_UNKNOWN, unconditional),))
    return deliver(ehr, with_known_profiles(bundle, known_profiles(ehr)))


def _unconditional_updates(bundle: Mapping[str, Any]) -> tuple[str, ...]:
    """`Type.meta.versionId` of each type that would be updated without If-Match."""
    updates = (entry for entry in entries_of(bundle) if not is_create(entry) and "ifMatch" not in entry["request"])
    return tuple(sorted({f"{entry['resource']['resourceType']}.meta.versionId" for entry in updates}))


def plan_and_deliver(
    ehr: EHR, patient: str, rules: PlanningRules, at: datetime, keep: Callable[[PipelineResult, Receipt], None]
) -> DeliveredPlan:
    """Plan and deliver what is to be written, alerts first. After a conflict (409, 412) fetch and plan again."""
    for turn in range(1, MAX_ATTEMPTS + 1):
        result, faults = preview(ehr, patient, rules, at)
        if not entries_of(result.bundle):
            return DeliveredPlan(result, faults, None)
        try:
            alerted = send(ehr, _alerts(result.bundle))
            receipt = _with_alerts(send(ehr, result.bundle), alerted)
        except Conflict:
            if turn == MAX_ATTEMPTS:
                raise
            continue
        keep(result, receipt)
        return DeliveredPlan(result, faults, receipt)
    raise AssertionError("unreachable")


def _with_alerts(receipt: Receipt, alerted: Receipt) -> Receipt:
    """The receipt of the whole delivery, in which the alerts that were created before it count as created."""
    created = {entry.reference: entry for entry in alerted.entries if entry.status == CREATED}
    if not created:
        return receipt
    if receipt.outcome not in (DeliveryOutcome.WRITTEN, DeliveryOutcome.UNCHANGED):
        return replace(receipt, entries=receipt.entries or alerted.entries, created=receipt.created + alerted.created)
    entries = tuple(created.get(entry.reference, entry) for entry in receipt.entries)
    return replace(receipt, outcome=DeliveryOutcome.WRITTEN, entries=entries, created=receipt.created + alerted.created)


def receipt_keeper(ledger: Ledger, run: int, patient: str, at: datetime) -> Callable[[PipelineResult, Receipt], None]:
    """A function that stores the receipt of one patient's delivery in the ledger."""
    return lambda result, receipt: ledger.record_receipt(
        receipt_record(run, ledger.patient_key(patient), receipt, at, result.version)
    )


def receipt_record(
    run: int, patient_key: str, receipt: Receipt, at: datetime, version: str | None = None
) -> ReceiptRecord:
    """A receipt as the ledger stores it: which resources, where and which version, nothing clinical."""
    from titrate.ledger.records import EntryRecord, ReceiptRecord  # loads the database library

    entries = tuple(EntryRecord(one.type, one.id, one.version) for one in receipt.entries)
    return ReceiptRecord(run, patient_key, version, receipt.outcome.value, entries, at)


def needs_attention(receipt: Receipt | None) -> bool:
    """Whether staff must look at a delivery: it was refused, or its outcome is unknown."""
    return receipt is not None and receipt.outcome in (DeliveryOutcome.REFUSED, DeliveryOutcome.UNKNOWN)
