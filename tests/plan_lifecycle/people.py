"""Synthetic patients under ids of their own, so that many tests can share one server."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.fixtures.patients import worked
from tests.fixtures.who import Who, patient
from tests.plan_lifecycle.hospital import Hospital
from titrate.json_codec import dumps

Json = dict[str, Any]


def admitted(hospital: Hospital, story: tuple[Who, Sequence[Json]] | None = None) -> str:
    """A patient of the fixtures put into the EHR under a new id, which is returned. The default is ready for a rise."""
    who, resources = story or worked.e2()
    new = f"{who.id[:40]}-{secrets.token_hex(4)}"
    text = dumps({"all": [patient(who), *resources]}).decode().replace(who.id, new)
    hospital.put(json.loads(text, parse_float=Decimal)["all"])
    return new
