"""What a function was asked in each trial.

Our rules are values in and values out: a mutant that answers all of it as the original does cannot be noticed by that
trial, and need not be tried on it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from types import CodeType, FunctionType
from typing import Any, Protocol

# So many calls are kept of one trial, and of one function in all; a trial of which some are missing is always tried.
OF_A_TRIAL, IN_ALL = 15, 8_000

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


class Watch(Protocol):
    """Hears what a function is asked while the tests run on the original."""

    def begin(self, trial: str) -> None:
        """Another trial begins."""

    def asked(self, values: dict[str, Any]) -> None:
        """A call begins, with these arguments and nothing else in place."""


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

    def asked(self, values: dict[str, Any]) -> None:
        if not self.several and not set(values) <= {*self.names, *self.named}:
            return  # a generator that goes on
        kept = self.of.setdefault(self.trial, [])
        odd = self.several or any(isinstance(v, Iterator) for v in values.values())
        if odd or len(kept) >= OF_A_TRIAL or self.count >= IN_ALL:
            self.partial.add(self.trial)
            return
        self.count += 1
        kept.append((tuple(_own(values[n]) for n in self.names), {n: _own(values[n]) for n in self.named}))

    def differ(self, trial: str, before: FunctionType, after: FunctionType) -> bool:
        """Whether a call of this trial is answered in another way, or whether that is not known."""
        if trial in self.partial:
            return True
        return any(answer(before, call) != answer(after, call) for call in self.of.get(trial, ()))


def answer(function: Callable[..., Any], call: Arguments) -> tuple[Any, ...]:
    """What it gives back, or raises, and what it makes of arguments that can change."""
    values, named = tuple(_own(v) for v in call[0]), {n: _own(v) for n, v in call[1].items()}
    changeable = [v for v in (*values, *named.values()) if _changes(v)]
    try:
        found = function(*values, **named)
        result = (list(found),) if isinstance(found, Iterator) else _in_order(found)
    except Exception as error:  # noqa: BLE001
        result = type(error)
    return result, changeable


def _in_order(found: Any) -> Any:
    """A table with its rows in their order, which does not count when two tables are compared."""
    return (found, list(found)) if isinstance(found, dict) else found


def _changes(value: object) -> bool:
    return isinstance(value, MutableSequence | MutableMapping | MutableSet)


def _own(value: Any) -> Any:
    """A copy of what can change, so that a call can be asked again."""
    return value.copy() if isinstance(value, list | dict | set) else value
