"""The report: reproducible bytes, an accessible page without script, and JSON."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.simulation.courses import rules
from titrate.json_codec import dumps
from titrate.simulation.cohort import CohortSize, JudgedCourse, simulate_cohort
from titrate.simulation.cohort_report import collect_report, report_json, report_table, report_text
from titrate.simulation.page import page
from titrate.simulation.page.report_page import ReportContent

SMALL = CohortSize(patients=2, weeks=3, seed=5, kinds=("flarer", "bad-devices"))
VOID = ("meta",)


def _discard(_one: JudgedCourse) -> None:
    """Keep nothing of a course."""


def content(size: CohortSize = SMALL) -> ReportContent:
    """A small cohort."""
    return collect_report(size, rules(), simulate_cohort(size, rules()), _discard)


@cache
def small() -> ReportContent:
    """The same, once."""
    return content()


class _Tags(HTMLParser):
    """Collects the tags of a page and checks that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a tag."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a self-closing tag."""
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the last one."""
        assert self.open.pop() == tag


def tags() -> list[tuple[str, dict[str, str | None]]]:
    """Every tag of the page, in order."""
    parser = _Tags()
    parser.feed(page(small()))
    assert parser.open == []
    return parser.seen


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Of the page and of the JSON."""
    again = content()
    assert page(again) == page(small())
    assert dumps(report_json(again)) == dumps(report_json(small()))


def test_another_seed_gives_other_patients() -> None:
    """Otherwise every cohort would be the same."""
    other = content(CohortSize(1, 1, 6, ("flarer",)))
    assert other.stories[0].patient != small().stories[0].patient


def test_the_page_is_self_contained() -> None:
    """No script, and no image, style sheet or font from another address; it can be sent as a file."""
    names = {tag for tag, _ in tags()}
    assert not names & {"script", "img", "link", "iframe"}
    assert not re.search(r"https?://|url\(|@import", page(small()))


def test_tables_and_drawings_are_accessible() -> None:
    """Each table has a caption and headings with a scope, each drawing a title."""
    found = tags()
    count = {name: sum(tag == name for tag, _ in found) for name in ("table", "caption", "svg", "title")}
    assert count["table"] == count["caption"] > 0
    assert count["title"] == count["svg"] + 1
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found if tag == "th")


def test_links_have_targets() -> None:
    """Each archetype in the table links to its section."""
    found = tags()
    targets = {attributes["id"] for tag, attributes in found if "id" in attributes}
    assert {str(attributes["href"]).removeprefix("#") for tag, attributes in found if tag == "a"} <= targets


def test_curves_are_inside_their_drawing() -> None:
    """Every coordinate is inside the view box."""
    for svg in re.findall(r"<svg.*?</svg>", page(small())):
        picture = ElementTree.fromstring(svg)  # noqa: S314 (made by us)
        width, height = (float(value) for value in picture.attrib["viewBox"].split()[2:])
        for path in picture.iter("path"):
            for kind, value in re.findall(r"([MHV ])(\d+\.?\d*)", path.attrib["d"]):
                assert 0 <= float(value) <= (height if kind in "V " else width)


def test_all_tables_have_a_row_per_archetype() -> None:
    """In the terminal, on the page and in Markdown."""
    for kind in ("flarer", "bad-devices"):
        assert f"\n{kind}" in report_text(small())
        assert f"| {kind} | 2 |" in report_table(small())
        assert f'id="{kind}"' in page(small())
