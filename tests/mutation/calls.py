"""The calls of a function in each trial.

The rules are pure functions: a trial cannot kill a mutant that returns the same results as the original for every call
of that trial, so it is skipped.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from types import CodeType, FunctionType
from typing import Any, Protocol

# Number of recorded calls per trial and per function. A trial with calls that were not recorded is always run.
CALLS_PER_TRIAL, CALLS_PER_FUNCTION = 15, 8_000

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


class Watch(Protocol):
    """Records the calls of a function while the tests run on the original."""

    def begin(self, trial: str) -> None:
        """Start the next trial."""

    def record(self, values: dict[str, Any]) -> None:
        """Record a call with these arguments."""


class Calls(Watch):
    """The calls of one function, by trial."""

    def __init__(self, code: CodeType) -> None:
        self.names = code.co_varnames[: code.co_argcount]
        self.named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.several = bool(code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS))
        self.of: dict[str, list[Arguments]] = {}
        self.partial: set[str] = set()
        self.trial, self.count = "", 0

    def begin(self, trial: str) -> None:
        self.trial = trial

    def record(self, values: dict[str, Any]) -> None:
        if not self.several and not set(values) <= {*self.names, *self.named}:
            return  # a generator that resumes
        kept = self.of.setdefault(self.trial, [])
        odd = self.several or any(isinstance(v, Iterator) for v in values.values())
        if odd or len(kept) >= CALLS_PER_TRIAL or self.count >= CALLS_PER_FUNCTION:
            self.partial.add(self.trial)
            return
        self.count += 1
        kept.append((tuple(_own(values[n]) for n in self.names), {n: _own(values[n]) for n in self.named}))

    def differ(self, trial: str, before: FunctionType, after: FunctionType) -> bool:
        """Whether a call of this trial returns another result, or its calls were not all recorded."""
        if trial in self.partial:
            return True
        return any(answer(before, call) != answer(after, call) for call in self.of.get(trial, ()))


def answer(function: Callable[..., Any], call: Arguments) -> tuple[Any, ...]:
    """The return value or the type of the exception, and mutable arguments after the call."""
    values, named = tuple(_own(v) for v in call[0]), {n: _own(v) for n, v in call[1].items()}
    changeable = [v for v in (*values, *named.values()) if _changes(v)]
    try:
        found = function(*values, **named)
        result = (list(found),) if isinstance(found, Iterator) else _in_order(found)
    except Exception as error:  # noqa: BLE001
        result = type(error)
    return result, changeable


def _in_order(found: Any) -> Any:
    """A dict with its order, which equality of dicts ignores."""
    return (found, list(found)) if isinstance(found, dict) else found


def _changes(value: object) -> bool:
    return isinstance(value, MutableSequence | MutableMapping | MutableSet)


def _own(value: Any) -> Any:
    """A copy of a mutable value, so that a call can be repeated."""
    return value.copy() if isinstance(value, list | dict | set) else value
