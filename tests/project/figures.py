"""Prints the size of the code: median and 90th percentile of lines per function and per file, and patches per test.

python -m tests.project.figures
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from tests.project.sources import below, called, functions, line_count

# Calls that patch something while a test runs.
PATCHES = re.compile(r"^(monkeypatch\.(set|del)(attr|item)|(unittest\.)?mock\..+|mocker\..+|patch(\..+)?)$")


def patches(path: Path) -> int:
    """Number of patches of the code under test in a test file."""
    return sum(bool(PATCHES.match(name)) for name in called(path))


def tests(path: Path) -> int:
    """Number of test functions in a file; parameter sets are not counted."""
    return sum(span.name.startswith("test_") for span in functions(path))


def spread(numbers: Sequence[int]) -> str:
    """Median, 90th percentile and largest of some counts."""
    if len(numbers) < 2:
        return "too few values"
    p90 = quantiles(numbers, n=10, method="inclusive")[-1]
    return f"median {median(numbers):g}, p90 {p90:g}, max {max(numbers)}"


def main() -> None:
    """Prints the figures, one a line."""
    source = below("service")
    spans = [span.lines for path in source for span in functions(path)]
    checks = below("tests")
    replaced, written = sum(map(patches, checks)), sum(map(tests, checks))
    print(f"lines a function  {spread(spans)}  ({len(spans)} functions in service/)")
    print(f"lines a file      {spread([line_count(path) for path in source])}  ({len(source)} files in service/)")
    print(f"over 50 lines     {sum(lines > 50 for lines in spans)} functions")
    print(f"patches a test    {replaced / max(written, 1):.2f}  ({replaced} in {written} test functions)")


if __name__ == "__main__":
    main()
