"""What the client sends, and to which server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import in_turn, resource, serving
from titrate.ehr.client import connect
from titrate.ehr.errors import ResponseTooLarge, Unreachable, WrongOrigin
from titrate.settings import Settings

PATIENT = resource({"resourceType": "Patient", "id": "p"})


def test_the_token_is_sent_to_the_ehr() -> None:
    """As a bearer token, with the FHIR media type in Accept."""
    with serving(in_turn(PATIENT)) as server:
        client(server.base_url, token="abc").get("Patient/p", "read Patient")
        assert server.requests[0].headers["Authorization"] == "Bearer abc"
        assert server.requests[0].headers["Accept"] == "application/fhir+json"


def test_credentials_of_the_user_are_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The netrc file of the user is not read."""
    (tmp_path / "netrc").write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(in_turn(PATIENT)) as server:
        client(server.base_url).get("Patient/p", "read Patient")
        assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/fhir/Patient",
        "https://127.0.0.1/fhir",
        "http://127.0.0.1:1/fhir",
        "//elsewhere.example/x",
        "http://[broken",
    ],
)
def test_another_origin_is_rejected(url: str) -> None:
    """Another host, scheme or port must not receive the token."""
    with pytest.raises(WrongOrigin):
        client("http://127.0.0.1:8080/fhir", token="abc").get(url, "search Observation")


def test_the_token_is_not_shown() -> None:
    """Neither by the client nor by its settings."""
    settings = Settings(fhir_url="https://ehr.example/fhir", token="abc-secret")
    assert "abc-secret" not in repr(settings) + repr(connect(settings)) + str(settings)


def test_connecting_requires_an_address() -> None:
    """The message names the setting."""
    with pytest.raises(Unreachable, match="TITRATE_FHIR_URL is not set"):
        connect(Settings())


def test_settings_make_a_working_client() -> None:
    """As the commands use it."""
    with serving(in_turn(PATIENT)) as server:
        assert connect(Settings(fhir_url=f"{server.base_url}/")).get("Patient/p", "read Patient")["id"] == "p"
        assert server.requests[0].path == "/fhir/Patient/p"


@pytest.mark.parametrize(("most", "fits"), [(39, True), (38, True), (37, False)])
def test_a_response_over_the_limit_is_rejected(most: int, fits: bool) -> None:
    """The limit is in bytes, and nothing more is read."""
    assert len(PATIENT.body) == 38
    with serving(in_turn(PATIENT)) as server:
        ehr = client(server.base_url, max_bytes=most)
        if fits:
            ehr.get("Patient/p", "read Patient")
        else:
            with pytest.raises(ResponseTooLarge):
                ehr.get("Patient/p", "read Patient")
