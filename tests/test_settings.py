"""Settings from the environment and from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from titrate.ehr.client_policy import client_policy
from titrate.settings import Handling, Settings, SettingsError, load_settings, load_with_sources

WRONG = {
    "FHIR_URL": [
        "ehr.example",
        "ftp://ehr.example",
        "https://",
        "https://user:word@ehr.example",
        "https://e.example/?a=1",
    ],
    "CANONICAL": ["titrate", "https://site.example/#x"],
    "ZONE": ["Mars", "../etc", ""],
    "CONNECT_TIMEOUT": ["0", "61", "soon"],
    "READ_TIMEOUT": ["0", "601", "never"],
    "MAX_PAGES": ["0", "10001", "many"],
    "LOOKBACK_DAYS": ["41", "3651", "x"],
    "ORGANISATION": ["o1", "Practitioner/1", "Organization/", "Organization/a b"],
    "OWNER": ["Patient/1", "x"],
    "HANDLING": ["loose"],
    "NOT_USED_HERE": ["Observation", "CarePlan", "Flag, Whatever", "flag", ""],
    "LOG_FORM": ["xml"],
    "LOG_LEVEL": ["loud"],
    "LEDGER": ["", "mysql://h/d", "postgresql://host", "postgresql://h:port/d"],
    "ENROLLED": ["", "everyone", "Patient/1", "Group/", "Group/a b"],
    "THREADS": ["0", "65", "x"],
    "LEASE": ["1", "3601", "x"],
    "TOKEN": ["", "two words", "a\nb"],
    "TOKEN_FILE": ["/nonexistent/token"],
}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this computer applies."""
    for name in (*WRONG, "MAPPINGS", "SETTINGS"):
        monkeypatch.delenv(f"TITRATE_{name}", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_the_defaults_apply_without_settings(tmp_path: Path) -> None:
    """Planning from a file needs no setting."""
    assert load_settings() == Settings(ledger=tmp_path / "titrate" / "ledger.sqlite")


def test_the_ledger_defaults_to_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As XDG specifies."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().ledger == tmp_path / ".local" / "state" / "titrate" / "ledger.sqlite"


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By its name in capitals."""
    values = {
        "FHIR_URL": "https://ehr.example/fhir",
        "TOKEN": "abc.def",
        "CANONICAL": "https://site.example/fhir/",
        "ZONE": "Europe/Vienna",
        "LEDGER": str(tmp_path / "l"),
        "CONNECT_TIMEOUT": "2",
        "READ_TIMEOUT": "7.5",
        "MAX_PAGES": "9",
        "LOOKBACK_DAYS": "60",
        "ORGANISATION": "Organization/o1",
        "OWNER": "CareTeam/t1",
        "MAPPINGS": str(tmp_path),
        "HANDLING": "lenient",
        "LOG_FORM": "json",
        "LOG_LEVEL": "debug",
        "ENROLLED": "Group/g1",
        "THREADS": "8",
        "LEASE": "30",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"TITRATE_{name}", value)
    assert load_settings() == Settings(
        fhir_url="https://ehr.example/fhir",
        token="abc.def",
        canonical="https://site.example/fhir",
        zone="Europe/Vienna",
        ledger=tmp_path / "l",
        connect_timeout=2.0,
        read_timeout=7.5,
        max_pages=9,
        lookback_days=60,
        organisation="Organization/o1",
        owner="CareTeam/t1",
        mappings=tmp_path,
        handling=Handling.LENIENT,
        log_form="json",
        log_level="debug",
        enrolled="Group/g1",
        threads=8,
        lease=30,
    )
    assert client_policy(load_settings()).handling is Handling.LENIENT


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_an_invalid_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """One mistake, one sentence."""
    monkeypatch.setenv(f"TITRATE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"TITRATE_{name}: ")


def test_all_mistakes_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One start shows every mistake."""
    for name, values in WRONG.items():
        monkeypatch.setenv(f"TITRATE_{name}", values[0])
    monkeypatch.delenv("TITRATE_TOKEN")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert {problem.partition(":")[0] for problem in caught.value.problems} == {
        f"TITRATE_{name}" for name in WRONG if name != "TOKEN"
    }


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        ("0.1", "60", "CONNECT_TIMEOUT"),
        ("1", "10000", "MAX_PAGES"),
        ("42", "3650", "LOOKBACK_DAYS"),
    ],
)
def test_limits_are_inclusive(monkeypatch: pytest.MonkeyPatch, low: str, high: str, name: str) -> None:
    """A value at the limit is valid."""
    for value in (low, high):
        monkeypatch.setenv(f"TITRATE_{name}", value)
        load_settings()


def test_a_token_comes_from_the_first_line_of_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As secret stores mount it."""
    (tmp_path / "token").write_text("abc-secret\n")
    monkeypatch.setenv("TITRATE_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings().token == "abc-secret"
    assert "abc-secret" not in repr(load_settings())


def test_an_empty_token_file_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Better than a 401 later."""
    (tmp_path / "token").write_text("")
    monkeypatch.setenv("TITRATE_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match="Not a bearer token"):
        load_settings()


def test_two_tokens_are_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message shows neither."""
    monkeypatch.setenv("TITRATE_TOKEN", "abc-secret")
    monkeypatch.setenv("TITRATE_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match="not both") as caught:
        load_settings()
    assert "abc-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("http://ehr.example/fhir", False),
        ("https://ehr.example/fhir", True),
        ("http://127.0.0.1:8080/fhir", True),
        ("http://[::1]:8080/fhir", True),
    ],
)
def test_a_token_requires_https(monkeypatch: pytest.MonkeyPatch, url: str, fits: bool) -> None:
    """Except for addresses on the same computer."""
    monkeypatch.setenv("TITRATE_FHIR_URL", url)
    monkeypatch.setenv("TITRATE_TOKEN", "abc")
    if fits:
        assert load_settings().fhir_url == url
    else:
        with pytest.raises(SettingsError, match="must be https"):
            load_settings()


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A settings file that TITRATE_SETTINGS names."""
    monkeypatch.setenv("TITRATE_SETTINGS", str(tmp_path / "titrate.toml"))
    return tmp_path / "titrate.toml"


def test_a_file_supplies_what_no_variable_sets(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """In the types of TOML; a variable overrides the file."""
    file.write_text('zone = "Europe/Vienna"\nmax_pages = 9\nread_timeout = 7.5\nledger = "postgresql://h/d"\n')
    monkeypatch.setenv("TITRATE_MAX_PAGES", "11")
    settings, sources = load_with_sources()
    assert (settings.zone, settings.max_pages, settings.read_timeout) == ("Europe/Vienna", 11, 7.5)
    assert settings.ledger == "postgresql://h/d"
    assert (sources["zone"], sources["max_pages"], sources["lease"]) == ("file", "environment", "default")


def test_mistakes_in_the_file_are_reported_with_all_others(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """By the key of the file."""
    file.write_text('zonne = "Europe/Vienna"\nmax_pages = "many"\ntoken = "two words"\n')
    monkeypatch.setenv("TITRATE_LEASE", "1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sorted(problem.partition(":")[0] for problem in caught.value.problems) == [
        "TITRATE_LEASE",
        "TITRATE_SETTINGS max_pages",
        "TITRATE_SETTINGS token",
        "TITRATE_SETTINGS zonne",
    ]
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"zone = ", b"\xff\xfe"])
def test_an_unreadable_file_is_an_error(file: Path, content: bytes | None) -> None:
    """Whether it is missing, malformed, or not text."""
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="TITRATE_SETTINGS: The file"):
        load_settings()


def test_a_path_can_start_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TITRATE_LEDGER", "~/ledger.sqlite")
    assert load_settings().ledger == tmp_path / "ledger.sqlite"
    assert "ledger.sqlite" not in repr(load_settings())


@pytest.mark.parametrize("written", ["Flag,Consent", "Flag Consent", " Flag,  Consent, Flag "])
def test_the_types_that_a_site_does_not_use_have_an_author(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """The declaration counts only with a name."""
    monkeypatch.setenv("TITRATE_NOT_USED_HERE", written)
    with pytest.raises(SettingsError, match="TITRATE_NOT_USED_HERE_BY"):
        load_settings()
    monkeypatch.setenv("TITRATE_NOT_USED_HERE_BY", "Dr A. Example, 2026-01-02")
    assert load_settings().not_used_here == ("Flag", "Consent")


def test_a_file_lists_the_types_that_a_site_does_not_use(file: Path) -> None:
    """As TOML does."""
    file.write_text('not_used_here = ["Flag", "Consent"]\nnot_used_here_by = "Dr A"\n', encoding="utf-8")
    assert load_settings().not_used_here == ("Flag", "Consent")
    file.write_text('not_used_here = [1]\nnot_used_here_by = "Dr A"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="not_used_here"):
        load_settings()
