"""Counts for Prometheus. Labels are codes out of closed lists: no id, no address, nothing that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from titrate.app.pipeline import PipelineResult
from titrate.ehr.receipt import Receipt

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is counted. `folder` is where several processes keep their counts together; None for one process."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    problems: Counter
    decisions: Counter
    refusals: Counter
    deliveries: Counter
    folder: Path | None = None

    def decided(self, walked: PipelineResult, receipt: Receipt | None) -> None:
        """Count one decision, what could not be read for it, and what became of its delivery."""
        decision = walked.evaluation.decision
        self.decisions.labels(decision.rule, decision.outcome.value).inc()
        for refusal in walked.readings.reported_refusals:
            self.refusals.labels(refusal.reason.value).inc()
        if receipt is not None:
            self.deliveries.labels(receipt.outcome.value).inc()

    def text(self) -> bytes:
        """All counts as Prometheus reads them."""
        if self.folder is None:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self.folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def metrics_of(folder: Path | None = None) -> Metrics:
    """Fresh counts."""
    registry = CollectorRegistry()

    def counter(name: str, says: str, *labels: str) -> Counter:
        return Counter(f"titrate_{name}", says, labels, registry=registry)

    return Metrics(
        registry=registry,
        requests=counter("requests", "Requests answered.", "operation", "method", "status"),
        seconds=Histogram(
            "titrate_request_seconds", "Time to an answer.", ["operation"], buckets=SECONDS, registry=registry
        ),
        problems=counter("problems", "Problems answered, by code.", "code"),
        decisions=counter("decisions", "Decisions made, previews too.", "rule", "outcome"),
        refusals=counter("refusals", "Records that could not be used, by reason.", "reason"),
        deliveries=counter("deliveries", "Plans sent to the EHR, by what became of them.", "outcome"),
        folder=folder,
    )
