"""What differs between two rulebooks, in words a clinician can read: numbers first, then flags, exercises and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from titrate.rulebook.overrides import Effect, effect
from titrate.rulebook.parse import ParsedFiles

# File by file in the order in which a reader needs them, and what one entry of each is called.
NOUNS = {
    "rulebook.toml": "Rulebook",
    "constants.toml": "Number",
    "red-flags.toml": "Red flag",
    "exercises.toml": "Exercise",
    "programmes": "Programme",
    "prompts.toml": "Prompt",
    "education.toml": "Talk",
    "ladders.toml": "Ladder",
    "card.toml": "Card",
    "tasks.toml": "Task",
    "measures.toml": "Measure",
    "medicines.toml": "Group of medicines",
    "conditions.toml": "Group of diagnoses",
    "words.toml": "Words",
    "answers.toml": "Answers",
}
_URGENCY = ("E2", "B", "E1", "E0")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the file, the entry, the key in it (empty: the whole entry), both values, and how careful."""

    file: str
    name: str
    key: str
    before: Any
    after: Any
    effect: Effect | None = None
    about: str = ""

    def __str__(self) -> str:
        """`Number STEP_PCT: 0.10 -> 0.15, less careful (Step of a rise, as part of the current dose)`."""
        noun = NOUNS.get(self.file, self.file.removesuffix(".toml").capitalize())
        head = f"{noun} {self.name}".rstrip()
        if not self.key:
            return f"{head} is {'new' if self.before is None else 'gone'}"
        key = "" if (self.file, self.key) == ("constants.toml", "value") else f"{self.key.replace('_', ' ')} "
        care = f", {self.effect.value}" if self.effect not in (None, Effect.UNKNOWN) else ""
        return f"{head}: {key}{_change(self.before, self.after)}{care}{f' ({self.about})' if self.about else ''}"


def differences(before: ParsedFiles, after: ParsedFiles) -> tuple[Change, ...]:
    """Every difference between the tables of two folders, in the order of `NOUNS`, then by name."""
    others = sorted({*before.tables, *before.wholes, *after.tables, *after.wholes} - NOUNS.keys())
    return tuple(change for file in (*NOUNS, *others) for change in _of_file(file, before, after))


def _of_file(file: str, before: ParsedFiles, after: ParsedFiles) -> Iterator[Change]:
    old, new = _entries(file, before), _entries(file, after)
    for name in sorted(old.keys() | new.keys()):
        if name in old and name in new:
            yield from _of_entry((file, name), old[name], new[name])
        else:
            yield Change(file, name, "", old.get(name), new.get(name))


def _entries(file: str, files: ParsedFiles) -> Mapping[str, Any]:
    if file == "programmes":
        return {str(one["name"]): one for one in files.programmes.values()}
    if file in files.tables:
        return files.rows(file)
    return {"": files.wholes[file]} if file in files.wholes else {}


def _of_entry(place: tuple[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    about = str(new.get("meaning", "")) if place[0] == "constants.toml" else ""
    for key in (*old, *(key for key in new if key not in old)):
        before, after = old.get(key), new.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from (
                Change(*place, f"{key} {inner}", before.get(inner), after.get(inner))
                for inner in (*before, *(one for one in after if one not in before))
                if before.get(inner) != after.get(inner)
            )
        elif before != after:
            yield Change(*place, key, before, after, _effect(place[0], key, old, new), about if key == "value" else "")


def _effect(file: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Effect | None:
    if (file, key) == ("constants.toml", "value"):
        return effect(new, old[key], new[key])
    if (file, key) == ("red-flags.toml", "urgency"):
        rose = _URGENCY.index(new[key].value) > _URGENCY.index(old[key].value)
        return Effect.MORE if rose else Effect.LESS
    if file == "words.toml":
        return Effect.LESS if set(old[key]) - set(new[key]) else Effect.MORE
    return None


def _change(before: Any, after: Any) -> str:
    """`0.10 -> 0.15`; of lists what came and what went."""
    if isinstance(before, list) and isinstance(after, list):
        gained = [_plain(one) for one in after if one not in before]
        lost = [_plain(one) for one in before if one not in after]
        parts = [f"gained {'; '.join(gained)}"] if gained else []
        parts += [f"lost {'; '.join(lost)}"] if lost else []
        return ", ".join(parts) or "in another order"
    return f"{_plain(before)} -> {_plain(after)}"


def _plain(value: Any) -> str:
    """A value as a reader would write it."""
    if value is None:
        return "nothing"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " ".join(_plain(one) for one in value.values())
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value) or "nothing"
    text = str(value)
    return f'"{text}"' if " " in text else text
