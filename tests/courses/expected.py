"""The expected result of each worked example and boundary row: rule, phase, doses, classes, failing gates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.courses import boundaries as e9
from tests.courses import examples
from tests.courses.build import minutes, sets
from tests.courses.examples import Course
from titrate.clinical.values.plan import Dose


@dataclass(frozen=True, slots=True)
class Case:
    """A course and its result. `classes` is `exercise: classes by time`; `failing` is `exercise: failing gates`.

    Empty fields are not checked. `derived` marks a flag that comes from a measurement.
    """

    name: str
    build: Callable[[], Course]
    rule: str
    phase: str
    doses: Mapping[str, Dose | None]
    classes: Mapping[str, str] = field(default_factory=dict)
    failing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    derived: bool = False


def fails(*gates: str) -> frozenset[str]:
    """The gates that fail."""
    return frozenset(gates)


PRESS, SCAPTION = sets(3, 10, 40), sets(3, 12, 2)
CASES = (
    Case(
        "E1",
        examples.e1,
        "D6",
        "loading",
        {"walking": minutes("7.0"), "sit-to-stand": sets(1, 6)},
        notes=frozenset({"NEEDS_CLINICIAN"}),
    ),
    Case(
        "E2",
        examples.e2,
        "D10",
        "loading",
        {"walking": minutes(16), "leg-press": PRESS},
        {"walking": "TTT", "leg-press": "TTT"},
        {"walking": fails(), "leg-press": fails()},
    ),
    Case(
        "E3",
        examples.e3,
        "D11",
        "loading",
        {"scaption": SCAPTION},
        {"scaption": "TMT"},
        {"scaption": fails("G4", "G6", "G11")},
    ),
    Case(
        "E4",
        examples.e4,
        "D3",
        "deload",
        {"walking": minutes(16), "leg-press": sets(3, 8, 40)},
        {"walking": "TXX", "leg-press": "T"},
    ),
    Case(
        "E4 becomes a flare",
        examples.e4_becomes_flare,
        "D2",
        "flare",
        {"walking": minutes(14), "leg-press": sets(2, 10, 40)},
        {"walking": "TXX", "leg-press": "T"},
    ),
    Case(
        "E4b",
        examples.e4b,
        "D9",
        "lighter-week",
        {"walking": minutes(12), "leg-press": sets(2, 9, 40)},
        {"walking": "TTTTTT"},
    ),
    Case("E4b, week after", examples.e4b_week_after, "D9", "loading", {"walking": minutes(20), "leg-press": PRESS}),
    # The walk of 10 March was followed by a morning at usual+2, so it is X; one alone is no deload.
    Case(
        "E5",
        examples.e5,
        "D2",
        "flare",
        {"walking": minutes("8.0"), "sit-to-stand": sets(2, 5)},
        {"walking": "X", "sit-to-stand": "T"},
    ),
    Case(
        "peak 5.0",
        e9.peak_allowed,
        "D10",
        "loading",
        {"walking": minutes(22)},
        {"walking": "TTTTTT"},
        {"walking": fails()},
    ),
    Case(
        "peak 5.5",
        e9.peak_above,
        "D11",
        "loading",
        {"walking": minutes(20)},
        {"walking": "TTTTTX"},
        {"walking": fails("G4")},
    ),
    Case("week rise 0.50", e9.rise_allowed, "D10", "loading", {"walking": minutes(22)}, {}, {"walking": fails()}),
    Case("week rise 4/7", e9.rise_above, "D11", "loading", {"walking": minutes(20)}, {}, {"walking": fails("G6")}),
    Case("dose 2 min", e9.two_minutes, "D11", "loading", {"walking": minutes(2)}),
    Case("dose 8 min, cautious", e9.eight_minutes_cautious, "D10", "loading", {"walking": minutes("8.5")}),
    Case("load 6 kg, increment 1 kg", e9.small_load, "D10", "loading", {"leg-press": sets(3, 11, 6)}),
    Case("gap 16 d", e9.gap_of_16_days, "D4", "loading", {"walking": minutes(10)}),
    Case("blood pressure 184/96", e9.blood_pressure, "D1", "stopped", {"walking": None}, derived=True),
    Case("flare tick alone", e9.flare_tick_alone, "D2", "flare", {"walking": minutes(14)}),
    Case("pain 0 and agony", e9.zero_and_agony, "D5", "loading", {"walking": minutes(20)}),
    Case(
        "fluoroquinolone", e9.fluoroquinolone, "D5", "loading", {"walking": minutes(20)}, {}, {"walking": fails("G1")}
    ),
)
