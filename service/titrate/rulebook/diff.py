"""The differences between two rulebooks for clinicians: numbers first, then flags, exercises and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from titrate.messages import Message
from titrate.messages.rulebook_comparison import (
    EntryChanged,
    EntryChangedWithBoth,
    EntryChangedWithEffect,
    EntryChangedWithMeaning,
    EntryGone,
    EntryName,
    EntryNew,
    KeyChange,
    ListGained,
    ListGainedAndLost,
    ListLost,
    ListReordered,
    NumberChange,
)
from titrate.rulebook.overrides import Effect, effect
from titrate.rulebook.parse import ParsedFiles

# The files in the order of the report, and the name of one entry in each.
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
    "units.toml": "Unit",
    "words.toml": "Words",
    "answers.toml": "Answers",
}
# Words that negate a phrase make the rules less careful, but for these, which end a negation.
NEGATIONS, _STRICTER = "negations ", ("unless", "contrast")
# From the least to the most urgent.
_URGENCIES = ("E2", "B", "E1", "E0")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: file, entry, key (empty for a whole entry), both values, and whether it is more careful."""

    file: str
    name: str
    key: str
    before: Any
    after: Any
    effect: Effect | None = None
    about: str = ""

    def __str__(self) -> str:
        """`Number STEP_PCT: 0.10 -> 0.15, less careful (Step of a rise, as part of the current dose)`."""
        return str(self.message)

    @property
    def message(self) -> Message:
        """The change as one line for a clinician."""
        noun = NOUNS.get(self.file, self.file.removesuffix(".toml").capitalize())
        entry = EntryName(noun=noun, name=self.name) if self.name else noun
        if not self.key:
            return EntryNew(entry=entry) if self.before is None else EntryGone(entry=entry)
        change = self._value_change()
        effect = "" if self.effect in (None, Effect.UNKNOWN) else self.effect.value
        if effect and self.about:
            return EntryChangedWithBoth(entry=entry, change=change, effect=effect, meaning=self.about)
        if effect:
            return EntryChangedWithEffect(entry=entry, change=change, effect=effect)
        if self.about:
            return EntryChangedWithMeaning(entry=entry, change=change, meaning=self.about)
        return EntryChanged(entry=entry, change=change)

    def _value_change(self) -> Message:
        """Both values; for lists the items that were added and removed."""
        key = self.key.replace("_", " ")
        if not (isinstance(self.before, list) and isinstance(self.after, list)):
            before, after = _plain(self.before), _plain(self.after)
            if (self.file, self.key) == ("constants.toml", "value"):
                return NumberChange(before=before, after=after)
            return KeyChange(key=key, before=before, after=after)
        gained = "; ".join(_plain(one) for one in self.after if one not in self.before)
        lost = "; ".join(_plain(one) for one in self.before if one not in self.after)
        if gained and lost:
            return ListGainedAndLost(key=key, gained=gained, lost=lost)
        if gained:
            return ListGained(key=key, gained=gained)
        return ListLost(key=key, lost=lost) if lost else ListReordered(key=key)


def differences(before: ParsedFiles, after: ParsedFiles) -> tuple[Change, ...]:
    """Every difference between the tables of two folders, in the order of `NOUNS`, then by name."""
    others = sorted({*before.tables, *before.wholes, *after.tables, *after.wholes} - NOUNS.keys())
    return tuple(change for file in (*NOUNS, *others) for change in _file_changes(file, before, after))


def _file_changes(file: str, before: ParsedFiles, after: ParsedFiles) -> Iterator[Change]:
    old, new = _entries(file, before), _entries(file, after)
    for name in sorted(old.keys() | new.keys()):
        if name in old and name in new:
            yield from _entry_changes((file, name), old[name], new[name])
        else:
            yield Change(file, name, "", old.get(name), new.get(name))


def _entries(file: str, files: ParsedFiles) -> Mapping[str, Any]:
    if file == "programmes":
        return {str(one["name"]): one for one in files.programmes.values()}
    if file in files.tables:
        return files.rows(file)
    if file == "words.toml" and file in files.wholes:
        return {"": dict(_word_lists(files.wholes[file]))}
    return {"": files.wholes[file]} if file in files.wholes else {}


def _word_lists(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each list of words with the names of the tables that it is in, such as `screen rf01 english`."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _word_lists(value, f"{path}{key} ")
        else:
            yield f"{path}{key}", value


def _entry_changes(location: tuple[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    about = str(new.get("meaning", "")) if location[0] == "constants.toml" else ""
    for key in (*old, *(key for key in new if key not in old)):
        before, after = old.get(key), new.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from (
                Change(*location, f"{key} {inner}", before.get(inner), after.get(inner))
                for inner in (*before, *(one for one in after if one not in before))
                if before.get(inner) != after.get(inner)
            )
        elif before != after:
            yield Change(
                *location,
                key,
                before,
                after,
                _change_effect(location[0], key, old, new),
                about if key == "value" else "",
            )


def _change_effect(file: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Effect | None:
    if (file, key) == ("constants.toml", "value"):
        return effect(new, old[key], new[key])
    if (file, key) == ("red-flags.toml", "urgency"):
        rose = _URGENCIES.index(new[key].value) > _URGENCIES.index(old[key].value)
        return Effect.MORE if rose else Effect.LESS
    if file == "words.toml" and key in old and key in new:
        lost, gained = set(old[key]) - set(new[key]), set(new[key]) - set(old[key])
        less = gained if key.startswith(NEGATIONS) and not key.endswith(_STRICTER) else lost
        return Effect.LESS if less else Effect.MORE
    if file == "words.toml":
        return Effect.MORE if (key in new) != key.startswith(NEGATIONS) else Effect.LESS
    return None


def _plain(value: Any) -> str:
    """A value as text."""
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
