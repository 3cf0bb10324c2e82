"""One patient's plan and everything that may change it, as the actions of a state machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fixtures.diary import Bout, morning, screen, session
from tests.fixtures.values import by_clinician, concept, observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, Json
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.fetch_and_deliver import DeliveredPlan
from titrate.fhir.plan_decisions.plan_status import PLAN_MOVES

FIRST = datetime.fromisoformat("2025-01-13T09:00:00+00:00")


@dataclass
class Living:
    """A patient, the moment, what is known of their plans, and every manual edit."""

    ehr_server: EhrServer
    now: datetime = FIRST
    who: Who = field(init=False)
    statuses: dict[str, str] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    flagged: bool = False

    def __post_init__(self) -> None:
        self.who = Who(enrolled_patient(self.ehr_server), "Europe/London", "1960-05-20", "male")

    def pass_days(self, count: int, pain: int, *, trains: bool) -> None:
        """The patient's days; each begins where the last ended."""
        orders = self.ehr_server.orders(self.who.id) if trains else {}
        posted: list[Json] = []
        for _ in range(count):
            self.now += timedelta(days=1)
            day = self.now.date().isoformat()
            posted += morning(self.who, day, pain, 3)
            posted += [
                session(self.who, f"{day} {6 + 3 * number:02}:00", _bout(order, exercise, pain))
                for number, (exercise, order) in enumerate(sorted(orders.items()))
            ]
        posted.append(screen(self.who, f"{self.now.date()} 08:{self.now.minute:02}", short=True))
        self.ehr_server.put(posted)

    def moment(self) -> datetime:
        """A little later: no two acts happen at one instant."""
        self.now += timedelta(minutes=1)
        return self.now

    def run(self) -> DeliveredPlan:
        """A run, and a second one that must write nothing."""
        done = self.ehr_server.run(self.who.id, self.moment())
        again = self.ehr_server.run(self.who.id, self.now + timedelta(seconds=20))
        assert again.receipt is None, (done.result.transition, again.result.transition)
        statuses = [plan["status"] for plan in self.plans()]
        assert statuses.count("active") <= 1, statuses
        return done

    def plans(self) -> list[Json]:
        """Every plan of the service."""
        return self.ehr_server.of("CarePlan", self.who.id)

    def one(self, *statuses: str) -> Json | None:
        """A plan in one of the statuses, if there is any."""
        return next((plan for plan in self.plans() if plan["status"] in statuses), None)

    def edit(self, status: str, key: str, value: Any) -> None:
        """An edit of one element of an order in this status."""
        orders = self.ehr_server.orders(self.who.id, status)
        if not orders:
            return
        place = f"ServiceRequest/{min(one['id'] for one in orders.values())}"
        self.ehr_server.set(place, **{key: value})
        self.edits.setdefault(place, {})[key] = value

    def flag(self, *, raised: bool) -> None:
        """Fever reported, or cleared by the clinician."""
        local = self.moment().strftime("%Y-%m-%d %H:%M")
        given = (
            observation(self.who, "rf05", local, valueBoolean=True)
            if raised
            else by_clinician(self.who, "flag-clearance", local, valueCodeableConcept=concept("rf05"))
        )
        self.ehr_server.put([given])
        self.flagged = raised

    def check(self) -> None:
        """What holds at every moment: one open draft, legal moves, no branch in the chain, no edit lost."""
        plans = self.plans()
        assert sum(plan["status"] == "draft" for plan in plans) <= 1
        for plan in plans:
            first = "active" if plan["id"] == f"{self.who.id}-plan" else "draft"
            before = self.statuses.get(plan["id"], first)
            assert plan["status"] in {before, *(move.after for move in PLAN_MOVES if move.before == before)}, (
                before,
                plan["status"],
            )
            self.statuses[plan["id"]] = plan["status"]
        in_force = [plan for plan in plans if plan["status"] in ("active", "on-hold", "completed")]
        replaced = [item["reference"] for plan in in_force for item in plan.get("replaces", ())]
        assert len(replaced) == len(set(replaced)), replaced
        for place, edited in self.edits.items():
            now = self.ehr_server.read(place)
            assert {key: now.get(key) for key in edited} == edited, place


def _bout(order: Json, exercise: str, pain: int) -> Bout:
    amount, unit = order["quantityQuantity"]["value"], order["quantityQuantity"]["code"]
    given = int(amount) if amount == int(amount) else str(amount)
    words = order["orderDetail"][0]["text"]
    sets = int(words.split(" x ")[0]) if " x " in words else None
    return Bout(
        exercise,
        given,
        given,
        unit,
        before=pain,
        peak=min(10, pain + 1),
        rpe=3,
        sets=sets,
        form="good",
        talk="comfortable",
        lasts=20,
    )
