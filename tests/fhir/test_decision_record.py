"""The decision Observation's components: every record is read back as it was written, and unknown components stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from titrate.clinical.values.decision import LimitUsed
from titrate.clinical.values.plan import Dose, FlareGrade, Phase
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir.decision_record import (
    DecisionRecord,
    ExerciseRecord,
    from_components,
    phase_before_in,
    rewritten,
    to_components,
)
from titrate.fhir.flag_record import FlagRecord

SYSTEM, ZONE = "https://titrate.example/fhir/CodeSystem/titrate", "UTC"

words = st.text("abcdefghij 0123456789:", min_size=1).map(str.strip).filter(bool)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
amounts = st.decimals("0.01", "999", places=2)
durations = st.builds(Dose, amounts, st.sampled_from(["min", "s", "m"]))
repetitions = st.builds(
    lambda sets, each, load: Dose(Decimal(sets * each), "{repetitions}", sets, load),
    st.integers(1, 9),
    st.integers(1, 40),
    st.none() | amounts,
)
uneven = st.builds(lambda total: Dose(Decimal(total), "{repetitions}", 2), st.integers(1, 40))
doses = st.none() | durations | repetitions | uneven
exercises = st.builds(
    ExerciseRecord,
    dose=doses,
    weekly_frequency=st.integers(1, 7),
    start=doses,
    reference=doses,
    before_flare=doses,
    before_deload=doses,
    rung=doses,
    override=doses,
    dose_since=st.none() | days,
    last_raised=st.none() | days,
    instruction=st.none() | words,
    increment=st.none() | amounts,
    range_low=st.none() | st.integers(1, 30),
    range_high=st.none() | st.integers(1, 30),
    target=st.none() | st.integers(1, 30),
)
limits = st.builds(
    lambda name, value, owner, since: LimitUsed(name, value, "{score}", owner, since),
    st.sampled_from(["pain-ceiling", "rpe-cap"]),
    amounts,
    st.none() | words,
    st.none() | days,
)
flags = st.builds(
    FlagRecord,
    flag=st.integers(1, 27).map("rf{:02d}".format),
    since=st.datetimes(timezones=st.just(UTC)).map(lambda when: when.replace(microsecond=0)),
    urgency=st.none() | st.sampled_from(Urgency),
)
records = st.builds(
    DecisionRecord,
    phase=st.none() | st.sampled_from(Phase),
    phase_before=st.none() | st.sampled_from(Phase),
    phase_since=st.none() | days,
    loading_since=st.none() | days,
    flare_first_day=st.none() | days,
    flare_grade=st.none() | st.sampled_from(FlareGrade),
    usual_pain=st.none() | amounts,
    usual_fatigue=st.none() | amounts,
    open_flags=st.lists(flags, unique_by=lambda flag: flag.flag).map(tuple),
    rulebook=st.none() | words,
    limits=st.lists(limits, unique_by=lambda limit: limit.name).map(tuple),
    exercises=st.dictionaries(st.sampled_from(["walking", "leg-press", "sit-to-stand"]), exercises),
    uncertain=st.none() | words,
    review=st.none() | st.booleans(),
    refusals=st.none() | st.integers(0, 99),
    fingerprint=st.none() | words,
    goal_identifier=st.none() | words,
    written=st.dictionaries(st.sampled_from(["plan", "goal", "walking", "leg-press"]), words),
)


@given(records)
def test_a_record_is_read_back_as_it_was_written(record: DecisionRecord) -> None:
    """Every field, to the digit; one component for each code."""
    components = to_components(record, SYSTEM)
    assert from_components(components, SYSTEM, ZONE) == record
    assert phase_before_in(components, SYSTEM) == record.phase_before
    codes = [item["code"]["coding"][0]["code"] for item in components]
    assert len(codes) == len(set(codes))


@given(records, records)
def test_a_rewritten_decision_has_the_new_record_and_unknown_components(
    before: DecisionRecord, after: DecisionRecord
) -> None:
    """A trace and components of a later version are kept; no value of the former record is."""
    unknown: list[dict[str, Any]] = [
        {"code": {"coding": [{"system": SYSTEM, "code": code}], "text": "as it was"}, "valueString": "kept"}
        for code in ("trace.G6.1", "walking.duration.of-a-later-version")
    ]
    components = [*to_components(before, SYSTEM), *unknown]
    found = rewritten(components, before, after, SYSTEM)
    assert found == [*to_components(after, SYSTEM), *unknown]
    assert replace(from_components(found, SYSTEM, ZONE), exercises={}) == replace(after, exercises={})


def test_another_code_system_is_not_read() -> None:
    """Codes of another system have other meanings."""
    components = to_components(DecisionRecord(phase=Phase.LOADING), "https://elsewhere.example")
    assert from_components(components, SYSTEM, ZONE) == DecisionRecord()
