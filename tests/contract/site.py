"""What a test server of one's own asks for beside its address."""

from __future__ import annotations

import os


def token() -> str | None:
    """The bearer token of the server that TITRATE_TEST_FHIR_URL names, if that server is tried and asks for one."""
    return os.environ.get("TITRATE_TEST_FHIR_TOKEN") if os.environ.get("TITRATE_TEST_FHIR_URL") else None


def headers() -> dict[str, str]:
    """The same as a header, for a request that a test sends by itself."""
    given = token()
    return {"Authorization": f"Bearer {given}"} if given else {}
