"""Output of commands, shortened for README; `…` replaces omitted lines and the port."""

from __future__ import annotations

import re
from functools import cache

from tests.cli.running import Done, titrate
from tests.docs.marks import block

# Patients of the demo whose lines README shows.
SHOWN = ("e4-reactive-deload",)


@cache
def demo() -> Done:
    """`titrate demo`, once for everything that looks at it."""
    return titrate("demo")


def demo_shown() -> str:
    """The first line, some patients, and how it ends."""
    paragraphs = demo().out.split("\n\n")
    first = re.sub(r":\d+/", ":…/", paragraphs[0])
    some = [one for name in SHOWN for one in paragraphs if f"   {name}, " in one.partition("\n")[0]]
    counts = next(line for line in demo().out.splitlines() if "A second run wrote" in line)
    return block("\n\n".join([first, "…", *some, "…", counts]))
