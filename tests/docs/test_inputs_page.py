"""docs/inputs.md is up to date with the mappings, and the service reads its examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.inputs_page import filled
from tests.fhir.read.sample_resources import mapped, patient, read_all
from titrate.clinical.values.readings import RefusalReason
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.site import Site
from titrate.json_codec import loads

PAGE = Path(__file__).parents[2] / "docs" / "inputs.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)


def test_the_tables_are_those_of_the_mappings() -> None:
    """After a change of mappings: python -m tests.docs.inputs_page docs/inputs.md."""
    assert filled(TEXT, *mapped()) == TEXT


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read(example: str) -> None:
    """Each example gives readings, or a no to taking part, and no refusal."""
    found = loads(example)
    whole = found["resourceType"] == "Bundle"
    resources = resources_of(found)[0] if whole else (patient(id="ada"), found)
    readings = read_all(*resources, site=Site())
    assert readings.readings or readings.person.opted_out
    assert readings.refusals == ()


def test_every_reason_is_explained() -> None:
    """The page names each reason for a refusal."""
    assert [reason for reason in RefusalReason if f"`{reason.value}`" not in TEXT] == []


def test_every_form_is_explained() -> None:
    """The page names each form."""
    assert [form for form in mapped()[1].forms if f"| `{form}` |" not in TEXT] == []
