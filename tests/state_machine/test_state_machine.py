"""A plan's life in random order on the sandbox EHR. Every run is a new process with an empty ledger.

TITRATE_MACHINE=long tries more and longer lives.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.plan_lifecycle.ehr_server import EhrServer
from tests.state_machine.actions import Living
from titrate.app.decisions.carry_out_decision import DecisionStatus

EXAMPLES, STEPS = (100, 40) if os.environ.get("TITRATE_MACHINE") == "long" else (20, 15)


class PlanLife(RuleBasedStateMachine):
    """Patient, clinician, service and EHR act in any order."""

    ehr_server: ClassVar[EhrServer]
    counted: ClassVar[list[int]] = []

    @initialize()
    def admit(self) -> None:
        """A patient with an active plan that may rise."""
        self.life = Living(self.ehr_server)
        self.steps = 0

    @rule(count=st.integers(1, 9), pain=st.sampled_from([2, 2, 2, 3, 5]), trains=st.booleans())
    def days_pass(self, count: int, pain: int, trains: bool) -> None:
        """The patient reports, with or without sessions."""
        self.life.pass_days(count, pain, trains=trains)

    @rule()
    def run(self) -> None:
        """A plan of the service, and another at once."""
        self.life.run()

    @rule(dose=st.sampled_from([None, None, "9", "14"]))
    def approve(self, dose: str | None) -> None:
        """The clinician approves with our own means; what is read back is what was approved."""
        draft, life = self.life.one("draft"), self.life
        if draft is None:
            return
        orders = life.ehr_server.orders(life.who.id, "draft")
        doses = {"walking": dose} if dose and "walking" in orders else {}
        result = life.ehr_server.approve(draft["id"], life.moment(), "seen", **doses)
        if result.ending is DecisionStatus.DONE:
            plan = life.ehr_server.preview(life.who.id, life.now).plan
            assert plan.reference == f"CarePlan/{draft['id']}"
            assert {one.exercise for one in plan.exercises if one.dose} == set(orders)
            active = life.ehr_server.orders(life.who.id)
            assert {one.exercise: one.dose.amount for one in plan.exercises if one.dose} == {
                exercise: order["quantityQuantity"]["value"] for exercise, order in active.items()
            }
        else:
            assert result.ending is DecisionStatus.REFUSED

    @rule()
    def reject(self) -> None:
        """The clinician rejects with our own means."""
        draft = self.life.one("draft")
        if draft is not None:
            assert self.life.ehr_server.reject(draft["id"], self.life.moment()).ending is DecisionStatus.DONE

    @rule(status=st.sampled_from(["active", "revoked"]))
    def decide_in_the_ehr(self, status: str) -> None:
        """A clinician decides on the draft on the screens of the EHR; a run follows, as it does every day."""
        draft = self.life.one("draft")
        if draft is not None:
            self.life.ehr_server.set(f"CarePlan/{draft['id']}", status=status)
            self.life.moment()
            self.life.run()

    @rule(status=st.sampled_from(["on-hold", "active"]))
    def hold_or_resume(self, status: str) -> None:
        """The plan in force is put on hold, or taken up again."""
        plan = self.life.one("active" if status == "on-hold" else "on-hold")
        if plan is not None and self.life.one(status) is None:
            self.life.ehr_server.set(f"CarePlan/{plan['id']}", status=status)

    @rule(status=st.sampled_from(["active", "draft"]), words=st.sampled_from(["Slowly.", "With a stick."]))
    def write_an_instruction(self, status: str, words: str) -> None:
        """Edited text in an order."""
        self.life.edit(status, "patientInstruction", words)

    @rule(amount=st.sampled_from([8, 12]))
    def change_a_dose(self, amount: int) -> None:
        """An edited dose in an order that is in force."""
        orders = self.life.ehr_server.orders(self.life.who.id)
        if "walking" in orders:
            place = f"ServiceRequest/{orders['walking']['id']}"
            self.life.ehr_server.change(place, lambda order: order["quantityQuantity"].update(value=amount))

    @rule(raised=st.booleans())
    def red_flag(self, raised: bool) -> None:
        """Fever, or its clearance."""
        if raised != self.life.flagged:
            self.life.flag(raised=raised)

    @invariant()
    def holds(self) -> None:
        """After every step."""
        if hasattr(self, "life"):
            self.life.check()
            self.steps += 1

    def teardown(self) -> None:
        """Count the steps for the figures."""
        self.counted.append(getattr(self, "steps", 0))


@pytest.mark.timeout(3600)
def test_any_order_of_acts_keeps_the_plan_whole(
    sandbox_ehr: EhrServer, record_property: Callable[[str, object], None]
) -> None:
    """At most one open draft and one active plan; legal moves; no edit lost; nothing new writes nothing; no branch."""
    PlanLife.ehr_server = sandbox_ehr
    PlanLife.counted.clear()
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES < 100,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(PlanLife, settings=chosen)
    record_property("steps", sum(PlanLife.counted))
    record_property("longest", max(PlanLife.counted))
