"""What came of one patient in a run: small values, so that a run over many thousands fits into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from titrate.app.pipeline import PipelineResult
from titrate.app.report.summary import dose_line
from titrate.app.report.worklist import WorkItem, WorkKind, work_items
from titrate.ehr.fetch import Fault
from titrate.ehr.receipt import Receipt

DRY = "not-sent"
UNDELIVERED = {
    "refused": "The EHR says that the plan is wrong and has written nothing of it.",
    "unknown": "The reply to the plan was lost, and the plan was not found afterwards. Look for it in the EHR.",
}


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One resource that a run would write: `create` with its type, or `update` with `Type/id` and its new status."""

    action: str
    resource: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class PatientDone:
    """A patient who was done. `delivery` is the receipt's outcome, `unchanged` where nothing was to be sent.

    `changes` and `doses` are given in a dry run only.
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
    changes: tuple[DoseLine, ...] = ()
    doses: tuple[str, ...] = ()

    @property
    def failure(self) -> PatientFailed | None:
        """The failure where what was decided did not reach the EHR, or may not have."""
        message = UNDELIVERED.get(self.delivery)
        return PatientFailed(self.patient, "deliver", self.delivery, message) if message else None


@dataclass(frozen=True, slots=True)
class PatientFailed:
    """A patient who could not be done: at which step, for which reason (a code), and what to do. Holds no address."""

    patient: str
    step: str
    reason: str
    message: str

    @property
    def failure(self) -> PatientFailed:
        """Itself."""
        return self

    @property
    def work(self) -> tuple[WorkItem, ...]:
        """A plan that was decided and not delivered needs a person; what could not be read needs another run."""
        return (WorkItem(WorkKind.UNDELIVERABLE, f"Patient/{self.patient}"),) if self.step == "deliver" else ()


@dataclass(frozen=True, slots=True)
class PatientBusyElsewhere:
    """A patient in the hands of another run, which reports on them."""

    patient: str


PatientResult = PatientDone | PatientFailed | PatientBusyElsewhere


def patient_done(
    walked: PipelineResult, faults: tuple[Fault, ...], receipt: Receipt | None, *, dry: bool
) -> PatientDone:
    """The small value of a walk and what was delivered."""
    decision, changes = walked.evaluation.decision, _changes(walked) if dry else ()
    delivery = receipt.outcome.value if receipt else DRY if changes else "unchanged"
    return PatientDone(
        patient=walked.readings.person.id,
        rule=decision.rule,
        outcome=decision.outcome.value,
        review=decision.review,
        transition=walked.transition.value,
        delivery=delivery,
        created=receipt.created if receipt else 0,
        refusals=Counter(refusal.reason.value for refusal in walked.readings.reported_refusals),
        unmapped=Counter(walked.unmapped),
        missing=tuple(f"{fault.type}: {fault.code}" for fault in faults),
        work=work_items(walked, receipt),
        changes=changes,
        doses=tuple(dose_line(change) for change in decision.doses) if changes else (),
    )


def _changes(walked: PipelineResult) -> tuple[DoseLine, ...]:
    """The difference to the EHR: what a delivery would create, and what it would set to another status."""
    return tuple(
        DoseLine("create", entry["resource"]["resourceType"])
        if entry["request"]["method"] == "POST"
        else DoseLine("update", entry["request"]["url"], _status(entry["resource"]))
        for entry in walked.bundle.get("entry", ())
    )


def _status(resource: Mapping[str, object]) -> str | None:
    found = resource.get("status") or resource.get("lifecycleStatus")
    return str(found) if found else None
