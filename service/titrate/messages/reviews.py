"""Sentences that ask a clinician to review a plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message


class NoIncreaseSince(Message, text="no rise since {since}"):
    since: date


class RepeatedDeloads(Message, text="{count} deloads in {days} days"):
    count: int
    days: Decimal


class RepeatedFlares(Message, text="{count} flares in {days} days"):
    count: int
    days: Decimal


class GoalDoseReached(Message, text="{exercise} is at the dose of its goal: maintenance is the clinician's choice"):
    exercise: str


class FunctionFell(Message, text="back to the active programme? PSFS has fallen by {fall}"):
    fall: Decimal


class FewSessionsInMaintenance(
    Message, text="back to the active programme? fewer sessions than planned in {weeks} {weeks:week|weeks} in a row"
):
    weeks: int
