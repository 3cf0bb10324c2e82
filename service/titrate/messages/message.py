"""The base of every sentence: its id, its typed parameters and its English text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any, ClassVar, NoReturn, Self, dataclass_transform

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Message:
    """One sentence for a person. Subclasses are the catalogue:

        class FlareByMornings(Message, text="two mornings at or above usual + {rise}"):
            rise: Decimal

    The annotated names are the parameters, as mypy checks them, and the text has a place for each of them. A place such
    as `{count:day|days}` shows the first word for 1 and the second for every other number; `{items:;}` shows a tuple
    with semicolons instead of commas, `{items: or}` with the word. Messages are values: equal and hashable by what
    they say.
    """

    text: ClassVar[str]
    id: ClassVar[str]

    def __init_subclass__(cls, *, text: str) -> None:
        """Name the sentence: `FlareByMornings` has the id `flare-by-mornings`."""
        cls.text = text
        cls.id = _WORDS.sub("-", cls.__name__).lower()

    def __init__(self, **values: Any) -> None:
        """Keep the parameters. Raises TypeError where they are not those that the class declares."""
        declared = type(self).__annotations__.keys()
        if values.keys() != declared:
            raise TypeError(f"{type(self).__name__} takes {', '.join(declared) or 'nothing'}, not {', '.join(values)}")
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Messages do not change."""
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __str__(self) -> str:
        """The sentence in English."""
        return _ENGLISH.vformat(self.text, (), self.__dict__)

    def __repr__(self) -> str:
        """The class with its parameters, for developers."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"

    def __eq__(self, other: object) -> bool:
        """Whether both are the same sentence with the same parameters."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """A hash of the sentence with its parameters."""
        return hash((type(self), *self.__dict__.items()))

    @classmethod
    def placeholders(cls) -> frozenset[str]:
        """The names of the places in the text."""
        return frozenset(name for _, name, _, _ in Formatter().parse(cls.text) if name is not None)

    @classmethod
    def catalogue(cls) -> Iterator[type[Self]]:
        """Every sentence that has been imported, in the order of definition."""
        for one in cls.__subclasses__():
            yield one
            yield from one.catalogue()


class _English(Formatter):
    """Values as English pages show them: dates in ISO form, decimals in plain digits, lists with commas."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|", 1)
            return one if value == 1 else many
        if isinstance(value, Decimal):
            return format(value, format_spec or "f")
        if isinstance(value, tuple):
            return f"{format_spec or ','} ".join(self.format_field(item, "") for item in value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value)


_ENGLISH = _English()
