"""Messages as their English sentences, and sentences as messages."""

from __future__ import annotations

from collections.abc import Iterable

from titrate.messages import Message
from titrate.messages.plan_terms import Stated


def texts(messages: Iterable[Message]) -> tuple[str, ...]:
    """The sentences in English, in their order."""
    return tuple(map(str, messages))


def stated(words: Iterable[str]) -> tuple[Message, ...]:
    """Plain texts as messages."""
    return tuple(Stated(words=one) for one in words)
