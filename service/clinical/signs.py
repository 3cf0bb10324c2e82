"""Red flags that data open by themselves: measurements, what the EHR lists, sessions, words (section C).

They open a flag and never close one. What data cannot say is asked: some findings make a question open again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from service.clinical.exertion import REPORTED
from service.clinical.listed import RECORDED, last_listed, listed
from service.clinical.record import Record
from service.clinical.sign import Sign
from service.clinical.vitals import MEASURED, weight_lost


def signs_of(record: Record, flag: str) -> tuple[Sign, ...]:
    """The findings in the record that open this flag."""
    return tuple(_found(record, flag))


def _found(record: Record, flag: str) -> Iterator[Sign]:
    for table in (MEASURED, RECORDED, REPORTED):
        if flag in table:
            yield from table[flag](record)
    yield from listed(record, flag)


def asked_again(record: Record, flag: str) -> datetime | None:
    """The moment after which this question of the screen needs an answer, because of what else is known.

    Weight may have been lost on purpose (RF04), one fall may have done no harm (RF23), and long COVID (RF16) may be
    without crashes.
    """
    if flag == "rf04":
        return weight_lost(record)
    concept = {"rf16": "long-covid", "rf23": "fall"}.get(flag)
    return None if concept is None else last_listed(record, concept)
