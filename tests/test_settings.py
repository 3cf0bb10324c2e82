"""Settings from the environment."""

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
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine gets in."""
    for name in (*WRONG, "MAPPINGS", "SETTINGS"):
        monkeypatch.delenv(f"TITRATE_{name}", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    """A file can be planned from without any setting."""
    assert load_settings() == Settings(ledger=tmp_path / "titrate" / "ledger.sqlite")


def test_without_a_state_folder_the_home_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the XDG rules say."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().ledger == tmp_path / ".local" / "state" / "titrate" / "ledger.sqlite"


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each by its name in capitals."""
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
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """One mistake, one sentence that begins with the variable."""
    monkeypatch.setenv(f"TITRATE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"TITRATE_{name}: ")


def test_all_mistakes_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody has to start again for each."""
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
def test_limits_belong_to_what_is_allowed(monkeypatch: pytest.MonkeyPatch, low: str, high: str, name: str) -> None:
    """At the limit is inside."""
    for value in (low, high):
        monkeypatch.setenv(f"TITRATE_{name}", value)
        load_settings()


def test_a_token_comes_from_the_first_line_of_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As secret stores mount it."""
    (tmp_path / "token").write_text("abc-secret\n")
    monkeypatch.setenv("TITRATE_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings().token == "abc-secret"
    assert "abc-secret" not in repr(load_settings())


def test_an_empty_token_file_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Better told now than by a 401."""
    (tmp_path / "token").write_text("")
    monkeypatch.setenv("TITRATE_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match="Not a bearer token"):
        load_settings()


def test_two_tokens_are_one_too_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And the message shows neither."""
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
def test_a_token_crosses_a_network_inside_tls_only(monkeypatch: pytest.MonkeyPatch, url: str, fits: bool) -> None:
    """On the own machine there is no network."""
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


def test_a_file_says_what_no_variable_says(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """In the types of TOML; a variable wins."""
    file.write_text('zone = "Europe/Vienna"\nmax_pages = 9\nread_timeout = 7.5\nledger = "postgresql://h/d"\n')
    monkeypatch.setenv("TITRATE_MAX_PAGES", "11")
    settings, sources = load_with_sources()
    assert (settings.zone, settings.max_pages, settings.read_timeout) == ("Europe/Vienna", 11, 7.5)
    assert settings.ledger == "postgresql://h/d"
    assert (sources["zone"], sources["max_pages"], sources["lease"]) == ("file", "environment", "default")


def test_mistakes_of_the_file_are_told_with_all_others(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """By the key, and not by a variable that nobody set."""
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
def test_a_file_that_cannot_be_read_is_told(file: Path, content: bytes | None) -> None:
    """Whether it is absent, broken, or no text."""
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="TITRATE_SETTINGS: the file"):
        load_settings()


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TITRATE_LEDGER", "~/ledger.sqlite")
    assert load_settings().ledger == tmp_path / "ledger.sqlite"
    assert "ledger.sqlite" not in repr(load_settings())
