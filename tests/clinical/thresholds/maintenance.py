"""Probes of the numbers of maintenance: reasons to return to the active programme."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import WALK, Case, Probe, ago, walks
from tests.courses.build import measured, on, state
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook


def _requested(book: Rulebook, case: Case) -> bool:
    asks = texts(case.run(book).decision.asks)
    return any("back to the active programme" in ask for ask in asks)


def _function(book: Rulebook, fall: Decimal) -> bool:
    """PSFS 8 at first and lower now, in a patient with full adherence."""
    scores = (measured("psfs", 8, on(ago(10))), measured("psfs", 8 - fall, on(ago(2))))
    return _requested(
        book, Case(phase=Phase.MAINTENANCE, since=40, more=scores, sessions=tuple(walks(range(20, 0, -2))))
    )


def _done(book: Rulebook, count: Decimal) -> bool:
    """This many of ten planned sessions in each of the last three weeks."""
    days = sorted((day + 7 * week for week in range(3) for day in range(1, int(count) + 1)), reverse=True)
    states = (state("walking", WALK, 10, ago(40)),)
    return _requested(book, Case(phase=Phase.MAINTENANCE, since=40, states=states, sessions=tuple(walks(days))))


def _weeks(book: Rulebook, count: Decimal) -> bool:
    """Nothing done in a number of weeks, enough in the week before."""
    days = [int(count) * 7 + day for day in (6, 4, 2)]
    return _requested(book, Case(phase=Phase.MAINTENANCE, since=60, sessions=tuple(walks(days))))


CASES: Mapping[str, Probe] = {
    "MAINTENANCE_PSFS_FALL": Probe(_function, {"1.5": False, "2": True, "2.5": True}, "0.5"),
    "MAINTENANCE_ADHERENCE": Probe(_done, {"4": True, "5": False, "6": False}, "0.1"),
    "MAINTENANCE_WEEKS": Probe(_weeks, {"2": False, "3": True, "4": True}),
}
