"""Synthetic patients under ids of their own, so that many tests can share one server."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.fixtures.patients import worked
from tests.fixtures.who import Who, patient
from tests.plan_lifecycle.ehr_server import EhrServer
from titrate.json_codec import dumps

Json = dict[str, Any]


def enrolled_patient(ehr_server: EhrServer, story: tuple[Who, Sequence[Json]] | None = None) -> str:
    """The id of a new copy of a fixture patient in the EHR. The default patient is ready for a rise."""
    who, resources = story or worked.e2()
    new = f"{who.id[:40]}-{secrets.token_hex(4)}"
    text = dumps({"all": [patient(who), *resources]}).decode().replace(who.id, new)
    ehr_server.put(json.loads(text, parse_float=Decimal)["all"])
    return new
