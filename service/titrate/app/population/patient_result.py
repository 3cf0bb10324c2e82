"""The result of one patient in a run: small values, so that a run over many thousands fits into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from titrate.app.pipeline import PipelineResult
from titrate.app.report.summary import dose_line
from titrate.app.report.worklist import WorkItem, WorkKind, work_items
from titrate.ehr.fetch import IncompleteType
from titrate.ehr.receipt import Receipt
from titrate.messages import Message
from titrate.messages.population_runs import DeliveryRefused, DeliveryUnknown

NOT_SENT = "not-sent"
UNDELIVERED: Mapping[str, Message] = {"refused": DeliveryRefused(), "unknown": DeliveryUnknown()}


class FailedStep(StrEnum):
    """The step of the pipeline at which a patient failed. `PROGRAM`: a bug of the service."""

    FETCH = "fetch"
    READ = "read"
    COMPOSE = "compose"
    DELIVER = "deliver"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that a run would write: `create` with its type, or `update` with `Type/id` and its new status."""

    action: str
    resource: str
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDone:
    """A patient who went through the pipeline.

    `delivery` is the outcome of the receipt, `unchanged` if there was nothing to write and `not-sent` in a dry run.
    `missing` names the types that the EHR could not provide. `changes` and `doses` are given in a dry run only.
    """

    patient: str
    rule: str
    outcome: str
    review: bool
    transition: str
    delivery: str
    created: int
    refusals: Mapping[str, int]
    unmapped: Mapping[str, int]
    missing: tuple[str, ...]
    work: tuple[WorkItem, ...]
    changes: tuple[ResourceChange, ...] = ()
    doses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientFailed:
    """A patient who failed: the step, the reason (a code), and what to do. The message contains no address."""

    patient: str
    step: FailedStep
    reason: str
    message: str

    @property
    def work(self) -> tuple[WorkItem, ...]:
        """A plan that was decided and not delivered needs a clinician; a failed read needs another run only."""
        if self.step is not FailedStep.DELIVER:
            return ()
        return (WorkItem(WorkKind.UNDELIVERABLE, f"Patient/{self.patient}"),)


@dataclass(frozen=True, slots=True)
class PatientBusyElsewhere:
    """A patient whom another run is processing; that run reports the result."""

    patient: str


PatientResult = PatientDone | PatientFailed | PatientBusyElsewhere


def failure_of(result: PatientResult) -> PatientFailed | None:
    """The failure of a patient, also if the plan was decided and did not reach the EHR, or may not have."""
    if isinstance(result, PatientDone):
        message = UNDELIVERED.get(result.delivery)
        if message is None:
            return None
        return PatientFailed(result.patient, FailedStep.DELIVER, result.delivery, str(message))
    return result if isinstance(result, PatientFailed) else None


def done_patient(
    result: PipelineResult, faults: tuple[IncompleteType, ...], receipt: Receipt | None, *, dry_run: bool
) -> PatientDone:
    """Reduce the result of the pipeline and its delivery to what a run reports."""
    decision, changes = result.evaluation.decision, _changes(result) if dry_run else ()
    unsent = NOT_SENT if changes else "unchanged"
    return PatientDone(
        patient=result.readings.person.id,
        rule=decision.rule,
        outcome=decision.outcome.value,
        review=decision.review,
        transition=result.transition.value,
        delivery=receipt.outcome.value if receipt else unsent,
        created=receipt.created if receipt else 0,
        refusals=Counter(refusal.reason.value for refusal in result.readings.reported_refusals),
        unmapped=Counter(result.unmapped),
        missing=tuple(f"{fault.type}: {fault.code}" for fault in faults),
        work=work_items(result, receipt),
        changes=changes,
        doses=tuple(str(dose_line(change)) for change in decision.doses) if changes else (),
    )


def _changes(result: PipelineResult) -> tuple[ResourceChange, ...]:
    """The difference to the EHR: resources that a delivery would create, and those that would change status."""
    return tuple(
        ResourceChange("create", entry["resource"]["resourceType"])
        if entry["request"]["method"] == "POST"
        else ResourceChange("update", entry["request"]["url"], _status(entry["resource"]))
        for entry in result.bundle.get("entry", ())
    )


def _status(resource: Mapping[str, object]) -> str | None:
    status = resource.get("status") or resource.get("lifecycleStatus")
    return str(status) if status else None
