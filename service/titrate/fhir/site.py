"""Where the service runs: the canonical base, the zone for times without one, and who it is in the EHR."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_CANONICAL = "https://titrate.example/fhir"


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `canonical` has no slash at its end; `zone` is an IANA name; references are `Type/id` in the EHR.

    Everything that makes a resource ours is derived from `canonical`, so two sites with two bases never mix.
    """

    canonical: str = DEFAULT_CANONICAL
    zone: str = "UTC"
    organisation: str | None = None
    organisation_name: str | None = None
    device: str | None = None
    device_name: str = "Titrate"
    task_owner: str | None = None

    @property
    def codes(self) -> str:
        """The code system of the local codes."""
        return f"{self.canonical}/CodeSystem/titrate"

    @property
    def series_system(self) -> str:
        """Identifier system of a plan through all its versions."""
        return f"{self.canonical}/identifier/plan-series"

    @property
    def version_system(self) -> str:
        """Identifier system of one version of a plan."""
        return f"{self.canonical}/identifier/plan-version"

    @property
    def resource_system(self) -> str:
        """Identifier system of every other resource that we write."""
        return f"{self.canonical}/identifier/resource"

    @property
    def identifier_systems(self) -> frozenset[str]:
        """An identifier in one of these systems makes a resource ours; nothing else does."""
        return frozenset({self.series_system, self.version_system, self.resource_system})

    def questionnaire(self, name: str) -> str:
        """The canonical address of one of our questionnaires, without a version."""
        return f"{self.canonical}/Questionnaire/{name}"
