"""The report: the same bytes from the same seed, a page without script that can be read aloud, figures for programs."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.simulation.people import rules
from titrate.ehr import json_bytes
from titrate.simulation.cohort import CohortSize, SimulatedCohort, simulate_cohort
from titrate.simulation.page import page
from titrate.simulation.page.report_page import ReportContent
from titrate.simulation.report import as_json, told_of
from titrate.simulation.summary import in_words, markdown

SMALL = CohortSize(people=2, weeks=3, seed=5, kinds=("flarer", "bad-devices"))
VOID = ("meta",)


def _let_go(_one: SimulatedCohort) -> None:
    """Nothing is kept."""


def told(size: CohortSize = SMALL) -> ReportContent:
    """A small cohort."""
    return told_of(size, rules(), simulate_cohort(size, rules()), _let_go)


@cache
def small() -> ReportContent:
    """The same, once."""
    return told()


class _Tags(HTMLParser):
    """The tags of a page, and whether each that opens closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
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
    """Page and figures, byte by byte."""
    again = told()
    assert page(again) == page(small())
    assert json_bytes.written(as_json(again)) == json_bytes.written(as_json(small()))


def test_another_seed_gives_other_people() -> None:
    """Else every cohort would be the same."""
    other = told(CohortSize(1, 1, 6, ("flarer",)))
    assert other.stories[0].person != small().stories[0].person


def test_the_page_needs_nothing_else() -> None:
    """No script, no picture, no style or font from elsewhere; it can be sent as a file."""
    names = {tag for tag, _ in tags()}
    assert not names & {"script", "img", "link", "iframe"}
    assert not re.search(r"https?://|url\(|@import", page(small()))


def test_every_table_says_what_it_is() -> None:
    """A caption and headings with a scope for each table; a title for each picture."""
    found = tags()
    count = {name: sum(tag == name for tag, _ in found) for name in ("table", "caption", "svg", "title")}
    assert count["table"] == count["caption"] > 0
    assert count["title"] == count["svg"] + 1
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found if tag == "th")


def test_links_lead_somewhere() -> None:
    """Each kind in the table leads to its part of the page."""
    found = tags()
    targets = {attributes["id"] for tag, attributes in found if "id" in attributes}
    assert {str(attributes["href"]).removeprefix("#") for tag, attributes in found if tag == "a"} <= targets


def test_pictures_are_drawn_inside_their_frame() -> None:
    """Every coordinate of a curve lies in the picture."""
    for svg in re.findall(r"<svg.*?</svg>", page(small())):
        picture = ElementTree.fromstring(svg)  # noqa: S314 (made by us)
        width, height = (float(value) for value in picture.attrib["viewBox"].split()[2:])
        for path in picture.iter("path"):
            for kind, value in re.findall(r"([MHV ])(\d+\.?\d*)", path.attrib["d"]):
                assert 0 <= float(value) <= (height if kind in "V " else width)


def test_words_and_tables_agree() -> None:
    """The terminal's table, the page's and the one for documents have a line for each kind."""
    for kind in ("flarer", "bad-devices"):
        assert f"\n{kind}" in in_words(small())
        assert f"| {kind} | 2 |" in markdown(small())
        assert f'id="{kind}"' in page(small())
