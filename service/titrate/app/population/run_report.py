"""The report of a run: counts, failures, the worklist, and in a dry run the difference to the EHR. No logic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titrate.app.population.patient_result import (
    PatientBusyElsewhere,
    PatientDone,
    PatientFailed,
    PatientResult,
    failure_of,
)
from titrate.app.population.run_context import StopReason
from titrate.app.report.worklist import WorkItem, WorkKind
from titrate.clinical.values.rulebook import Rulebook

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run and the result of each patient. `run` is None in a dry run; `stopped`: why it ended early, or None.

    `left_out` is the number of members of the Group that could not be identified as patients of the EHR.
    """

    run: int | None
    at: datetime
    patients: int
    results: tuple[PatientResult, ...]
    stopped: StopReason | None = None
    left_out: int = 0

    @property
    def done(self) -> tuple[PatientDone, ...]:
        """Patients who went through the pipeline."""
        return tuple(result for result in self.results if isinstance(result, PatientDone))

    @property
    def failures(self) -> tuple[PatientFailed, ...]:
        """Patients who failed, or whose plan was not delivered."""
        return tuple(failure for result in self.results if (failure := failure_of(result)) is not None)

    @property
    def busy(self) -> int:
        """Number of patients whom another run was still processing at the end."""
        return sum(isinstance(result, PatientBusyElsewhere) for result in self.results)

    @property
    def not_started(self) -> int:
        """Number of patients who were not started before the run was stopped."""
        return self.patients - len(self.results)

    @property
    def worklist(self) -> tuple[WorkItem, ...]:
        """The worklist, the most urgent kind of work first."""
        order = list(WorkKind)
        items = [item for one in self.results if not isinstance(one, PatientBusyElsewhere) for item in one.work]
        return tuple(sorted(items, key=lambda item: order.index(item.work)))


def run_report_json(report: RunReport, rulebook: Rulebook) -> Json:
    """The run as docs/schema/sync.schema.json describes it. Equal runs give equal bytes."""
    done = report.done
    return {
        "run": report.run,
        "at": report.at.isoformat(),
        "dryRun": report.run is None,
        "rulebook": {"version": rulebook.version, "digest": rulebook.digest},
        "stopped": report.stopped,
        "patients": {
            "enrolled": report.patients,
            "done": len(done),
            "failed": len(report.failures),
            "busyElsewhere": report.busy,
            "notBegun": report.not_started,
            "leftOut": report.left_out,
        },
        "decisions": frequencies(one.outcome for one in done),
        "rules": frequencies(one.rule for one in done),
        "reviews": sum(one.review for one in done),
        "transitions": frequencies(one.transition for one in done),
        "deliveries": frequencies(one.delivery for one in done),
        "created": sum(one.created for one in done),
        "refusals": total_counts(one.refusals for one in done),
        "unmapped": total_counts(one.unmapped for one in done),
        "missingTypes": frequencies(fault for one in done for fault in one.missing),
        "failures": [_failure(one) for one in report.failures],
        "failedBy": frequencies(f"{one.step}: {one.reason}" for one in report.failures),
        "worklist": [
            {"work": row.work.value, "patient": row.patient, "plan": row.plan, "source": row.source}
            for row in report.worklist
        ],
        "difference": [_difference(one) for one in done if one.changes],
    }


def frequencies(items: Iterable[str]) -> Mapping[str, int]:
    """Number of occurrences by item, the most frequent first, then by name."""
    return dict(sorted(Counter(items).items(), key=lambda pair: (-pair[1], pair[0])))


def total_counts(parts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """The sum of several counts, in the same order."""
    total: Counter[str] = Counter()
    for one in parts:
        total.update(one)
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


def _failure(one: PatientFailed) -> Json:
    return {"patient": f"Patient/{one.patient}", "step": one.step, "reason": one.reason, "message": one.message}


def _difference(one: PatientDone) -> Json:
    return {
        "patient": f"Patient/{one.patient}",
        "transition": one.transition,
        "doses": list(one.doses),
        "changes": [{"action": c.action, "resource": c.resource, "status": c.status} for c in one.changes],
    }
