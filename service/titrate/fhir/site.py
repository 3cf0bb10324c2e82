"""One installation of the service: its canonical base, its time zone, and its references in the EHR."""

from __future__ import annotations

from dataclasses import dataclass

from titrate import DEFAULT_CANONICAL


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `canonical` has no trailing slash; `zone` is an IANA name; references are `Type/id` in the EHR.

    Every identifier of the service is derived from `canonical`, so that two sites with two bases never mix.
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
        """The local code system."""
        return f"{self.canonical}/CodeSystem/titrate"

    @property
    def series_system(self) -> str:
        """The identifier system of a plan through all its versions."""
        return f"{self.canonical}/identifier/plan-series"

    @property
    def version_system(self) -> str:
        """The identifier system of one version of a plan."""
        return f"{self.canonical}/identifier/plan-version"

    @property
    def resource_system(self) -> str:
        """The identifier system of every other resource that the service writes."""
        return f"{self.canonical}/identifier/resource"

    @property
    def identifier_systems(self) -> frozenset[str]:
        """The identifier systems that mark a resource as written by the service; nothing else does."""
        return frozenset({self.series_system, self.version_system, self.resource_system})

    def questionnaire(self, name: str) -> str:
        """The canonical URL of a questionnaire of the service, without a version."""
        return f"{self.canonical}/Questionnaire/{name}"
