"""docs/lifecycle.md equals the tables in the code."""

from __future__ import annotations

import pytest

from tests.docs.lifecycle import PAGE, page
from titrate.fhir.errors import IllegalMove
from titrate.fhir.plan_decisions.plan_status import PLAN_MOVES, Actor, next_status


def test_the_page_is_drawn_from_the_code() -> None:
    """Write it anew with `python -m tests.docs.lifecycle`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_run_never_touches_a_plan_that_is_in_force() -> None:
    """It begins drafts and revokes drafts; every other move is a clinician's."""
    assert {(move.before, move.after) for move in PLAN_MOVES if move.actor is Actor.RUN} == {
        ("", "draft"),
        ("draft", "revoked"),
    }
    with pytest.raises(IllegalMove):
        next_status("active", "revoked", Actor.RUN)
