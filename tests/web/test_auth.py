"""Who is let in, and for what."""

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
    """A service that wants to know who asks."""
    with serving(guarded(tmp_path_factory.mktemp("closed"))) as service:
        yield service


def unsigned(what: dict[str, object]) -> str:
    """A token with the algorithm `none`."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, what))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def mixed_up() -> str:
    """A token signed with the public key as if it were a shared secret. Made by hand: the library refuses to."""
    parts = ({"alg": "HS256", "kid": "two"}, claims())
    told = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = hmac.digest(WEAK.as_pem(private=False), told, "sha256")
    return f"{told.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


BAD = {
    "unknown": "x" * 40,
    "part of a good one": READER[:-1],
    "no algorithm": unsigned(claims()),
    "public key as a secret": mixed_up(),
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
def test_nothing_is_told_without_a_token(path: str, closed: Service) -> None:
    """Not even whether there is something at an address."""
    answered = closed.get(path)
    assert (answered.status_code, answered.json()["code"]) == (401, "no-token")
    assert answered.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/health", "/ready", "/openapi.json", "/docs"])
def test_what_watchers_and_readers_need_is_open(path: str, closed: Service) -> None:
    """Health, readiness and the documentation hold nothing of a patient."""
    assert closed.get(path).status_code == 200


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_is_not_good_is_refused(name: str, closed: Service) -> None:
    """And it is not repeated, neither in the answer nor in the log."""
    answered = closed.get("/v1/runs", headers=bearer(BAD[name]))
    assert (answered.status_code, answered.json()["code"]) == (401, "wrong-token")
    assert BAD[name] not in answered.text + closed.log.getvalue()


@pytest.mark.parametrize("header", ["", "Basic cjpy", "Bearer", f"Bearer {READER} {READER}", f"Token {READER}"])
def test_another_kind_of_header_is_no_token(header: str, closed: Service) -> None:
    """Only Bearer and one token."""
    assert closed.get("/v1/runs", headers={"Authorization": header}).json()["code"] == "no-token"


@pytest.mark.parametrize(
    "token",
    [READER, WRITER, signed(claims()), signed(claims(), WEAK, "RS256"), signed(claims(aud=[AUDIENCE, "another"]))],
)
def test_a_good_token_is_let_in(token: str, closed: Service) -> None:
    """Out of the file, or signed by the provider for us."""
    assert closed.get("/v1/runs", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("token", [READER, signed(claims())])
def test_a_reader_writes_nothing(token: str, closed: Service) -> None:
    """The scope is looked at before the EHR is."""
    answered = closed.post("/v1/plans", json={"patient": "p", "write": True}, headers=bearer(token))
    assert (answered.status_code, answered.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("token", [WRITER, signed(claims(scope="titrate.read titrate.write"))])
def test_a_writer_may(token: str, closed: Service) -> None:
    """It gets as far as the EHR, which here is not set."""
    answered = closed.post("/v1/plans", json={"patient": "p", "write": True}, headers=bearer(token))
    assert answered.json()["code"] == "no-ehr"


@pytest.mark.parametrize("scope", [None, "", "openid", "titrate", "read", "service.write"])
def test_a_provider_s_token_without_our_scope_opens_nothing(scope: str | None, closed: Service) -> None:
    """Being known is not being allowed."""
    answered = closed.get("/v1/runs", headers=bearer(signed(claims(scope=scope))))
    assert (answered.status_code, answered.json()["code"]) == (403, "not-allowed")


def test_without_authentication_only_this_machine_is_answered(alone: Service) -> None:
    """A name in Host that is not this machine's was brought by a page from elsewhere."""
    answered = alone.get("/v1/runs", headers={"Host": "rebound.example"})
    assert (answered.status_code, answered.json()["code"]) == (403, "not-from-here")


def test_a_page_of_another_site_has_nothing_written(alone: Service) -> None:
    """A browser tells where a request comes from; our own pages may."""
    asked = {"patient": "p", "write": True}
    elsewhere = alone.post("/v1/plans", json=asked, headers={"Origin": "https://evil.example"})
    here = alone.post("/v1/plans", json=asked, headers={"Origin": alone.url})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "cross-site")
    assert here.json()["code"] == "no-ehr"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no client"),
        ("# nobody\n", "no client"),
        (f"reader {READER}\n", "line 1: write a name, scopes"),
        (f"reader read {READER}\n7up read {READER}\n", "line 2: a name has"),
        (f"reader read,fly {READER}\n", "line 1: scopes are read, write, approve"),
        ("reader read secret\n", "line 1: a token has at least 32"),
    ],
)
def test_a_file_of_tokens_that_cannot_be_used_stops_the_start(text: str, says: str, tmp_path: Path) -> None:
    """The line is named, the token is not."""
    file = tmp_path / "tokens"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AuthFileError, match=says) as raised:
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
def test_keys_that_are_not_public_stop_the_start(content: str, tmp_path: Path) -> None:
    """Nobody who can check a token may be able to make one."""
    file = tmp_path / "keys.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AuthFileError, match="TITRATE_API_KEYS"):
        authenticator(settings(tmp_path, api_keys=file, api_issuer=ISSUER, api_audience=AUDIENCE))


def test_files_that_are_not_there_stop_the_start(tmp_path: Path) -> None:
    """Rather than let everybody in."""
    with pytest.raises(AuthFileError):
        authenticator(settings(tmp_path, api_tokens=tmp_path / "nowhere"))
    with pytest.raises(AuthFileError):
        authenticator(settings(tmp_path, api_keys=tmp_path / "nowhere", api_issuer=ISSUER, api_audience=AUDIENCE))


def test_no_clients_and_no_keys_is_no_authentication() -> None:
    """It is said so, and the command line refuses to listen for others then."""
    assert not Authenticator().required


def test_the_log_names_the_client(tmp_path: Path) -> None:
    """By the name in the file, never by the token."""
    with serving(guarded(tmp_path)) as service:
        requests.get(f"{service.url}/v1/runs", headers=bearer(WRITER), timeout=10)
        line = json.loads(service.log.getvalue().splitlines()[-1])
    assert (line["client"], line["operation"], line["status"]) == ("writer", "operations.runs", 200)
