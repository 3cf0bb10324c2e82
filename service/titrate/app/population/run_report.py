"""What a run reports: counts, failures, the worklist, and in a dry run the difference to the EHR. Works nothing out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titrate.app.population.patient_result import PatientBusyElsewhere, PatientDone, PatientFailed, PatientResult
from titrate.app.report.worklist import WorkItem, WorkKind
from titrate.clinical.values.rulebook import Rulebook

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run and what came of each patient. `run` is None in a dry run; `stopped` a reason (a code) or None."""

    run: int | None
    at: datetime
    patients: int
    outcomes: tuple[PatientResult, ...]
    stopped: str | None = None

    @property
    def done(self) -> tuple[PatientDone, ...]:
        """Patients who went through the corridor."""
        return tuple(one for one in self.outcomes if isinstance(one, PatientDone))

    @property
    def failures(self) -> tuple[PatientFailed, ...]:
        """Patients who could not be done, or whose plan was not delivered."""
        return tuple(
            one.failure
            for one in self.outcomes
            if not isinstance(one, PatientBusyElsewhere) and one.failure is not None
        )

    @property
    def busy(self) -> int:
        """Patients whom another run had until the end."""
        return sum(isinstance(one, PatientBusyElsewhere) for one in self.outcomes)

    @property
    def not_begun(self) -> int:
        """Patients who were handed back when the run was stopped."""
        return self.patients - len(self.outcomes)

    @property
    def work(self) -> tuple[WorkItem, ...]:
        """The worklist, the most urgent kind of work first."""
        order = list(WorkKind)
        rows = [row for one in self.outcomes if not isinstance(one, PatientBusyElsewhere) for row in one.work]
        return tuple(sorted(rows, key=lambda row: order.index(row.work)))


def run_report_json(tally: RunReport, rulebook: Rulebook) -> Json:
    """The run as docs/schema/sync.schema.json describes it. The same run gives the same bytes."""
    done = tally.done
    return {
        "run": tally.run,
        "at": tally.at.isoformat(),
        "dryRun": tally.run is None,
        "rulebook": {"version": rulebook.version, "digest": rulebook.digest},
        "stopped": tally.stopped,
        "patients": {
            "enrolled": tally.patients,
            "done": len(done),
            "failed": len(tally.failures),
            "busyElsewhere": tally.busy,
            "notBegun": tally.not_begun,
        },
        "decisions": counted(one.outcome for one in done),
        "rules": counted(one.rule for one in done),
        "reviews": sum(one.review for one in done),
        "transitions": counted(one.transition for one in done),
        "deliveries": counted(one.delivery for one in done),
        "created": sum(one.created for one in done),
        "refusals": summed(one.refusals for one in done),
        "unmapped": summed(one.unmapped for one in done),
        "missingTypes": counted(fault for one in done for fault in one.missing),
        "failures": [_failure(one) for one in tally.failures],
        "failedBy": counted(f"{one.step}: {one.reason}" for one in tally.failures),
        "worklist": [{"work": row.work.value, "patient": row.patient, "plan": row.plan} for row in tally.work],
        "difference": [_difference(one) for one in done if one.changes],
    }


def counted(items: Iterable[str]) -> Mapping[str, int]:
    """How often each comes, the most frequent first, then by name."""
    return dict(sorted(Counter(items).items(), key=lambda pair: (-pair[1], pair[0])))


def summed(parts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Several counts added up, in the same order."""
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
