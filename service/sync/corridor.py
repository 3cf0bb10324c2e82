"""The corridor for one patient: resources in, everything found and the Bundle to send out. Pure.

Fetching before it and delivering after it are `service.sync.patient`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.clinical.engine import Result, run
from service.clinical.lookup import Lookup
from service.clinical.plan import PlanInForce
from service.clinical.readings import Diagnosed, GoalWished, Heard, Refusal, RefusalReason
from service.clinical.rulebook import Rulebook
from service.fhir.checking import Problem, check
from service.fhir.composing import transaction
from service.fhir.reading import read
from service.fhir.site import Site
from service.fhir.standing import Footprint, footprint, stand
from service.fhir.unmapped import unmapped
from service.fhir.wanted import Wanted
from service.sync.lifecycle import Transition, bundle_to_send, transition


class FaultyPlan(Exception):
    """We composed something that FHIR does not allow: a fault of ours, never sent. `problems` name the places."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "A composed resource is not valid: " + "; ".join(f"{p.location}: {p.message}" for p in problems)
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What every patient of a site shares: rulebook, lookup, site, the programme in use, and days to look back."""

    rulebook: Rulebook
    lookup: Lookup
    site: Site
    programme: str = "general"
    lookback: int = 120


@dataclass(frozen=True, slots=True)
class Walked:
    """One patient's way through the corridor. `wanted` is None for D0; `bundle` may have no entry.

    `unmapped` are the codes that no mapping knows; `turned_down` the plans of ours that a person rejected.
    """

    at: datetime
    heard: Heard
    plan: PlanInForce
    result: Result
    wanted: Wanted | None
    move: Transition
    bundle: Mapping[str, Any]
    unmapped: tuple[str, ...] = ()
    turned_down: tuple[str, ...] = ()


def walk(
    resources: Sequence[Mapping[str, Any]], rules: Rules, at: datetime, refusals: tuple[Refusal, ...] = ()
) -> Walked:
    """Read, gather, screen, assess, decide, prescribe, compose, check. Raises `FaultyPlan` for a bad Bundle.

    `refusals` are those of records that did not even become resources.
    """
    heard = read(resources, rules.rulebook, rules.lookup, rules.site, at)
    heard = replace(heard, refusals=(*refusals, *heard.refusals))
    plan = stand(resources, heard.person, rules.rulebook, rules.site, at)
    result = run(heard, plan, rules.rulebook, at, rules.programme)
    wanted = wanted_of(heard, plan, result, rules)
    codes = unmapped(resources, heard.refusals)
    if wanted is None:
        return Walked(at, heard, plan, result, None, Transition.NOTHING, transaction([]), codes)
    trail = footprint(resources, heard.person, rules.rulebook, rules.site, at)
    move, bundle = composed(wanted, trail, rules.site, at)
    return Walked(at, heard, plan, result, wanted, move, bundle, codes, trail.turned_down)


def wanted_of(heard: Heard, plan: PlanInForce, result: Result, rules: Rules) -> Wanted | None:
    """What composing needs; None where nothing may be written."""
    if result.prescription is None:
        return None
    return Wanted(
        person=heard.person,
        plan=plan,
        flags=result.flags,
        assessment=result.assessment,
        decision=result.decision,
        prescription=result.prescription,
        refusals=len(faulty(heard)),
        rulebook=rules.rulebook,
        goals=tuple(r for r in heard.readings if isinstance(r, GoalWished)),
        diagnoses=tuple(r for r in heard.readings if isinstance(r, Diagnosed)),
    )


def faulty(heard: Heard) -> tuple[Refusal, ...]:
    """The refusals that somebody should look at. What was said twice counts once and is no fault."""
    return tuple(r for r in heard.refusals if r.reason is not RefusalReason.DUPLICATE)


def composed(wanted: Wanted, trail: Footprint, site: Site, at: datetime) -> tuple[Transition, Mapping[str, Any]]:
    """The transition and its checked Bundle."""
    move = transition(wanted, trail, site, at)
    bundle = bundle_to_send(move, wanted, trail, site, at)
    problems = check(bundle)
    if problems:
        raise FaultyPlan(problems)
    return move, bundle
