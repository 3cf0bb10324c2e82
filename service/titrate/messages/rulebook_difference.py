"""Sentences for the difference of two rulebooks."""

from __future__ import annotations

from titrate.messages.message import Message


class EntryName(Message, text="{noun} {name}"):
    noun: str
    name: str


class EntryNew(Message, text="{entry} is new"):
    entry: Message | str


class EntryGone(Message, text="{entry} is gone"):
    entry: Message | str


class EntryChanged(Message, text="{entry}: {change}"):
    entry: Message | str
    change: Message


class EntryChangedWithEffect(Message, text="{entry}: {change}, {effect}"):
    entry: Message | str
    change: Message
    effect: str


class EntryChangedWithMeaning(Message, text="{entry}: {change} ({meaning})"):
    entry: Message | str
    change: Message
    meaning: str


class EntryChangedWithBoth(Message, text="{entry}: {change}, {effect} ({meaning})"):
    entry: Message | str
    change: Message
    effect: str
    meaning: str


class NumberChange(Message, text="{before} -> {after}"):
    before: str
    after: str


class KeyChange(Message, text="{key} {before} -> {after}"):
    key: str
    before: str
    after: str


class ListGained(Message, text="{key} gained {gained}"):
    key: str
    gained: str


class ListLost(Message, text="{key} lost {lost}"):
    key: str
    lost: str


class ListGainedAndLost(Message, text="{key} gained {gained}, lost {lost}"):
    key: str
    gained: str
    lost: str


class ListReordered(Message, text="{key} in another order"):
    key: str
