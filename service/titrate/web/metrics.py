"""Metrics for Prometheus. Labels are codes from closed lists: no ids, no addresses, nothing that a client sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from titrate.app.pipeline import PipelineResult
from titrate.ehr.receipt import Receipt

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKET_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """All counters. `folder` is where several processes share their counts; None for one process."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    problems: Counter
    decisions: Counter
    refusals: Counter
    deliveries: Counter
    folder: Path | None = None

    def count_decision(self, result: PipelineResult, receipt: Receipt | None) -> None:
        """Count one decision, the records that were refused for it, and the outcome of its delivery."""
        decision = result.evaluation.decision
        self.decisions.labels(decision.rule, decision.outcome.value).inc()
        for refusal in result.readings.reported_refusals:
            self.refusals.labels(refusal.reason.value).inc()
        if receipt is not None:
            self.deliveries.labels(receipt.outcome.value).inc()

    def exposition(self) -> bytes:
        """All metrics in the Prometheus text format."""
        if self.folder is None:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self.folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def new_metrics(folder: Path | None = None) -> Metrics:
    """Counters that start at zero."""
    registry = CollectorRegistry()

    def counter(name: str, description: str, *labels: str) -> Counter:
        return Counter(f"titrate_{name}", description, labels, registry=registry)

    return Metrics(
        registry=registry,
        requests=counter("requests", "Requests answered.", "operation", "method", "status"),
        seconds=Histogram(
            "titrate_request_seconds", "Response time.", ["operation"], buckets=BUCKET_SECONDS, registry=registry
        ),
        problems=counter("problems", "Problems answered, by code.", "code"),
        decisions=counter("decisions", "Decisions made, previews included.", "rule", "outcome"),
        refusals=counter("refusals", "Records that could not be used, by reason.", "reason"),
        deliveries=counter("deliveries", "Plans sent to the EHR, by outcome.", "outcome"),
        folder=folder,
    )
