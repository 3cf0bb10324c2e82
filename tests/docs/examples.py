"""docs/examples/: what the worked examples of the rules look like when the real command runs them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.cli.running import PATIENTS, moment, plan
from tests.docs.marks import block, table

# The narrative says once more what --explain prints, as one long line of XHTML.
NARRATIVE = '<div xmlns="http://www.w3.org/1999/xhtml">…</div>'
SHORT = ("e1-baseline-set", "e3-hold", "e4-reactive-deload", "e4-becomes-flare", "e4b-lighter-week", "e5-flare")
MADE = "Made by `python -m tests.docs.pages`; a test keeps it equal to what the command prints."


def e2() -> str:
    """The whole plan of E2: as a clinician reads it, and as FHIR."""
    bundle = plan("e2-progress", "--json").json["plan"]
    return "\n".join(
        (
            f"# A whole plan: worked example E2\n\n{MADE}\n",
            f"{_told('e2-progress')}\n",
            f"```sh\n{_command('e2-progress')} --explain\n```\n",
            block(plan("e2-progress", "--explain").out),
            "## The transaction\n\nWith `--json` in place of `--explain` the same plan comes as FHIR, under `plan`:\n",
            _entries(bundle),
            "The CarePlan, with its narrative left out because it says what stands above:\n",
            _resource(bundle, "CarePlan"),
            "The order for the exercise that goes up:\n",
            _resource(bundle, "ServiceRequest"),
            "Every resource and component is explained in [what is written](../plan-shape.md).\n",
        )
    )


def short() -> str:
    """The other worked examples, each with what `titrate plan` prints."""
    head = f"# The other worked examples\n\n{MADE} E2 has [a page of its own](e2-plan.md).\n"
    return "\n".join((head, *(_short(name) for name in SHORT)))


def _short(fixture: str) -> str:
    shown = plan(fixture).out
    return f"## {_title(fixture)}\n\n{_told(fixture)}\n\n```sh\n{_command(fixture)}\n```\n\n{block(shown)}"


def _title(fixture: str) -> str:
    return (PATIENTS / fixture / "story.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _told(fixture: str) -> str:
    return f"The patient's story, with the arithmetic: [{fixture}](../../fixtures/patients/{fixture}/story.md)."


def _command(fixture: str) -> str:
    at = moment(fixture).replace("+00:00", "Z")
    return f"./run titrate plan --bundle fixtures/patients/{fixture}/bundle.json --at {at}"


def _entries(bundle: Mapping[str, Any]) -> str:
    entries = [entry["resource"] for entry in bundle["entry"]]
    return table(("resource", "status", "what it is"), ((_kind(one), _status(one), _what(one)) for one in entries))


def _kind(resource: Mapping[str, Any]) -> str:
    return f"`{resource['resourceType']}`"


def _status(resource: Mapping[str, Any]) -> str:
    status = resource.get("lifecycleStatus") or resource.get("status")
    return f"`{status}`" if status else "-"


def _what(resource: Mapping[str, Any]) -> str:
    said = resource.get("title") or resource.get("description")
    coded = resource.get("code") or {}
    if isinstance(said, dict):
        return str(said.get("text"))
    return str(said or coded.get("text") or coded.get("coding", [{}])[-1].get("display") or "who and what made it")


def _resource(bundle: Mapping[str, Any], kind: str) -> str:
    found = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)
    if "text" in found:
        found = {**found, "text": {**found["text"], "div": NARRATIVE}}
    return block(json.dumps(found, indent=2, ensure_ascii=False), "json")
