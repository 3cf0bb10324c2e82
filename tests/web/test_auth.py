"""Authentication and scopes."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.web.service import NOW, Service, serving, settings
from tests.web.tokens import AUDIENCE, ISSUER, KEY, OTHER, READER, WEAK, WRITER, bearer, claims, guarded, signed
from titrate.web.auth import Authenticator, authenticator
from titrate.web.errors import AuthFileError

GUARDED = ("/v1/runs", "/v1/receipts", "/v1/worklist", "/v1/mappings", "/v1/questionnaires", "/metrics", "/v1/nothing")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that requires a token."""
    with serving(guarded(tmp_path_factory.mktemp("closed"))) as service:
        yield service


def unsigned(content: dict[str, object]) -> str:
    """A token with the algorithm `none`."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, content))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def algorithm_confusion() -> str:
    """A token signed with the public key as a shared secret. The library refuses to make one."""
    parts = ({"alg": "HS256", "kid": "two"}, claims())
    signing_input = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.digest(WEAK.as_pem(private=False), signing_input, "sha256")
    return f"{signing_input.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


BAD = {
    "unknown": "x" * 40,
    "part of a valid one": READER[:-1],
    "no algorithm": unsigned(claims()),
    "public key as a secret": algorithm_confusion(),
    "another key of the same name": signed(claims(), OTHER),
    "expired": signed(claims(exp=int(NOW.timestamp()) - 60)),
    "not yet": signed(claims(nbf=int(NOW.timestamp()) + 600)),
    "no end": signed(claims(exp=None)),
    "another issuer": signed(claims(iss="https://evil.example")),
    "no issuer": signed(claims(iss=None)),
    "another audience": signed(claims(aud="billing")),
    "no audience": signed(claims(aud=None)),
    "odd end": signed(claims(exp="tomorrow")),
    "not a token": "a.b.c",
}


@pytest.mark.parametrize("path", GUARDED)
def test_every_guarded_path_requires_a_token(path: str, closed: Service) -> None:
    """The response does not reveal whether the path exists."""
    response = closed.get(path)
    assert (response.status_code, response.json()["code"]) == (401, "no-token")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/health", "/ready", "/openapi.json", "/docs"])
def test_health_and_documentation_are_public(path: str, closed: Service) -> None:
    """Health, readiness and the documentation contain no patient data."""
    assert closed.get(path).status_code == 200


@pytest.mark.parametrize("name", BAD)
def test_an_invalid_token_is_rejected(name: str, closed: Service) -> None:
    """Neither the response nor the log repeats it."""
    response = closed.get("/v1/runs", headers=bearer(BAD[name]))
    assert (response.status_code, response.json()["code"]) == (401, "wrong-token")
    assert BAD[name] not in response.text + closed.log.getvalue()


@pytest.mark.parametrize("header", ["", "Basic cjpy", "Bearer", f"Bearer {READER} {READER}", f"Token {READER}"])
def test_other_authorization_headers_are_rejected(header: str, closed: Service) -> None:
    """Only the scheme Bearer with one token is accepted."""
    assert closed.get("/v1/runs", headers={"Authorization": header}).json()["code"] == "no-token"


@pytest.mark.parametrize(
    "token",
    [READER, WRITER, signed(claims()), signed(claims(), WEAK, "RS256"), signed(claims(aud=[AUDIENCE, "another"]))],
)
def test_a_valid_token_is_accepted(token: str, closed: Service) -> None:
    """From the file, or signed by the identity provider."""
    assert closed.get("/v1/runs", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("token", [READER, signed(claims())])
def test_writing_requires_the_scope_write(token: str, closed: Service) -> None:
    """The scope is checked before the EHR is contacted."""
    response = closed.post("/v1/plans", json={"patient": "p", "write": True}, headers=bearer(token))
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("token", [WRITER, signed(claims(scope="titrate.read titrate.write"))])
def test_the_scope_write_permits_writing(token: str, closed: Service) -> None:
    """The request gets as far as the EHR, which is not configured here."""
    response = closed.post("/v1/plans", json={"patient": "p", "write": True}, headers=bearer(token))
    assert response.json()["code"] == "no-ehr"


@pytest.mark.parametrize("scope", [None, "", "openid", "titrate", "read", "titrate.other"])
def test_a_provider_token_without_a_titrate_scope_is_rejected(scope: str | None, closed: Service) -> None:
    """A valid signature alone permits nothing."""
    response = closed.get("/v1/runs", headers=bearer(signed(claims(scope=scope))))
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
        "127.0.0.1@evil.example", "10.0.0.1", "192.0.2.1", "[::2]", "[", "2130706433", "",
    ],
)  # fmt: skip
def test_without_authentication_other_host_names_are_rejected(host: str, alone: Service) -> None:
    """Another name in the Host header means DNS rebinding, also one that begins like a loopback address."""
    response = alone.get("/v1/runs", headers={"Host": host})
    assert response.status_code in (400, 403)
    assert response.json()["code"] in ("not-from-here", "unusable-request")


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/openapi.json", "/docs", "/health", "/none"])
@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Server", "X-Real-IP"]
)
def test_without_authentication_proxied_requests_are_rejected(header: str, path: str, alone: Service) -> None:
    """A proxy on this computer connects from the loopback address for clients that are elsewhere."""
    response = alone.get(path, headers={header: "192.0.2.1"})
    assert (response.status_code, response.json()["code"]) == (403, "not-from-here")


@pytest.mark.parametrize("path", ["/docs", "/health", "/none"])
def test_without_authentication_no_page_is_served_under_another_name(path: str, alone: Service) -> None:
    """Also the pages that need no token where tokens are configured."""
    response = alone.get(path, headers={"Host": "rebound.example"})
    assert (response.status_code, response.json()["code"]) == (403, "not-from-here")


def test_with_authentication_a_proxy_may_forward(closed: Service) -> None:
    """The token identifies the client, wherever it is."""
    forwarded = {"X-Forwarded-For": "192.0.2.1", "Via": "1.1 proxy"}
    assert closed.get("/v1/runs", headers={**bearer(READER), **forwarded}).status_code == 200
    assert closed.get("/health", headers=forwarded).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8000"])
def test_without_authentication_this_computer_may_read(host: str, alone: Service) -> None:
    """Under every name of the loopback interface."""
    assert alone.get("/v1/runs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(("path", "scope"), [("plans", "write"), ("rejections", "approve")])
def test_without_authentication_nothing_is_written(path: str, scope: str, alone: Service) -> None:
    """A program that sends no token acts in no one's name."""
    payload = {
        "plans": {"patient": "p", "write": True},
        "rejections": {"plan": "p", "as": "Practitioner/1", "reason": "r"},
    }
    response = alone.post(f"/v1/{path}", json=payload[path])
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")
    assert scope in response.json()["detail"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "http://127.evil.example", "null", "http://[", ""]
)
def test_cross_site_requests_are_rejected(origin: str, closed: Service) -> None:
    """Browsers send the origin of the page, also to another port of the same host."""
    response = closed.post("/v1/plans", json={"patient": "p"}, headers={"Origin": origin, **bearer(WRITER)})
    assert (response.status_code, response.json()["code"]) == (403, "cross-site")


def test_the_origin_of_the_service_is_accepted(closed: Service) -> None:
    """In either case of the letters."""
    for origin in (closed.url, closed.url.upper()):
        response = closed.post("/v1/plans", json={"patient": "p"}, headers={"Origin": origin, **bearer(WRITER)})
        assert response.json()["code"] == "no-ehr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no client"),
        ("# no client\n", "no client"),
        (f"reader {READER}\n", "line 1: write a name, scopes"),
        (f"reader read {READER}\n7up read {READER}\n", "line 2: a name has"),
        (f"reader read,fly {READER}\n", "line 1: scopes are read, write, approve"),
        ("reader read secret\n", "line 1: a token has at least 32"),
    ],
)
def test_an_invalid_token_file_is_an_error(text: str, expected: str, tmp_path: Path) -> None:
    """The error names the line and never the token."""
    file = tmp_path / "tokens"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AuthFileError, match=expected) as raised:
        authenticator(settings(tmp_path, api_tokens=file))
    assert READER not in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}',
        json.dumps({"keys": [KEY.as_dict(private=True)]}),
    ],
    ids=["nothing", "a list", "no keys", "empty", "shared", "private"],
)  # fmt: skip
def test_only_public_keys_are_accepted(content: str, tmp_path: Path) -> None:
    """A key that verifies tokens must not be able to issue them."""
    file = tmp_path / "keys.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AuthFileError, match="TITRATE_API_KEYS"):
        authenticator(settings(tmp_path, api_keys=file, api_issuer=ISSUER, api_audience=AUDIENCE))


def test_missing_files_are_an_error(tmp_path: Path) -> None:
    """The service must not start without authentication by mistake."""
    with pytest.raises(AuthFileError):
        authenticator(settings(tmp_path, api_tokens=tmp_path / "nowhere"))
    with pytest.raises(AuthFileError):
        authenticator(settings(tmp_path, api_keys=tmp_path / "nowhere", api_issuer=ISSUER, api_audience=AUDIENCE))


def test_without_clients_and_keys_no_token_is_required() -> None:
    """`titrate serve` then refuses to listen on other addresses."""
    assert not Authenticator().required


def test_the_log_names_the_client(tmp_path: Path) -> None:
    """By its name in the file, never by its token."""
    with serving(guarded(tmp_path)) as service:
        requests.get(f"{service.url}/v1/runs", headers=bearer(WRITER), timeout=10)
        line = json.loads(service.log.getvalue().splitlines()[-1])
    assert (line["client"], line["operation"], line["status"]) == ("writer", "operations.runs", 200)
