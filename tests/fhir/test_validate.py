"""The validation before delivery: each kind of fault is found and located, and no value is repeated."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.fhir.example import AT, SITE, proposal
from titrate.fhir.validate import validate
from titrate.fhir.write import compose

Json = dict[str, Any]


def resource(bundle: Json, index: int) -> Json:
    """The resource of an entry."""
    found: Json = bundle["entry"][index]["resource"]
    return found


FAULTS: dict[str, tuple[str, Callable[[Json], object]]] = {
    "an unknown element": ("entry[0]", lambda b: resource(b, 0).update(secret="x")),
    "a wrong type": ("entry[0]", lambda b: resource(b, 0).update(title=["x"])),
    "a missing element": ("entry[1]", lambda b: resource(b, 1).pop("description")),
    "a code that is not allowed": ("entry[0]", lambda b: resource(b, 0).update(status="secret")),
    "a required code that is missing": ("entry[2]", lambda b: resource(b, 2).pop("intent")),
    "a float": ("entry[2]", lambda b: resource(b, 2)["quantityQuantity"].update(value=1.5)),
    "a partial date": ("entry[0]", lambda b: resource(b, 0).update(created="2025-01")),
    "a time without an offset": ("entry[0]", lambda b: resource(b, 0).update(created="2025-01-01T10:00:00")),
    "an empty element": ("entry[0]", lambda b: resource(b, 0).update(note=[])),
    "a link to nowhere": ("entry[0]", lambda b: resource(b, 0).update(goal=[{"reference": "urn:uuid:secret"}])),
    "an address used twice": ("entry[1].fullUrl", lambda b: b["entry"][1].update(fullUrl=b["entry"][0]["fullUrl"])),
    "an entry without address": ("entry[1].fullUrl", lambda b: b["entry"][1].pop("fullUrl")),
    "a method we never use": ("Bundle", lambda b: b["entry"][0]["request"].update(method="DELETE")),
    "another Bundle type": ("Bundle.type", lambda b: b.update(type="batch")),
    "an unknown resource type": ("entry[0]", lambda b: resource(b, 0).update(resourceType="Secret")),
}


@pytest.mark.parametrize(("place", "break_it"), FAULTS.values(), ids=list(FAULTS))
def test_faults_are_found(place: str, break_it: Callable[[Json], object]) -> None:
    """One invalid element in a valid Bundle."""
    bundle = copy.deepcopy(compose(proposal(), SITE, AT))
    break_it(bundle)
    problems = validate(bundle)
    assert any(problem.location.startswith(place) for problem in problems)
    assert "secret" not in " ".join(str(problem.message) for problem in problems)


def test_the_check_changes_nothing() -> None:
    """The models only validate: the Bundle is delivered as written."""
    bundle = compose(proposal(), SITE, AT)
    before = copy.deepcopy(bundle)
    validate(bundle)
    assert bundle == before


def test_one_resource_alone_can_be_checked() -> None:
    """Without a Bundle."""
    goal = resource(compose(proposal(), SITE, AT), 1)
    assert validate(goal) == ()
    assert [problem.location for problem in validate({**goal, "lifecycleStatus": "wished"})] == ["Goal.lifecycleStatus"]
