"""Who may use the HTTP service: clients with a token from a file, and users with a JWT of an identity provider.

The file of tokens has a line for each client: a name, scopes separated by commas, and the token.

    # name     scopes              token
    dashboard  read                3f6c...
    ward-4     read,write,approve  9a01...

The keys of the identity provider are read from a file. Nothing is fetched: URLs inside a token are ignored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from titrate.messages import Message
from titrate.messages import installation as messages
from titrate.settings import PREFIX, Settings
from titrate.web.errors import AuthFileError, InvalidToken, Problem, ProblemType

MIN_TOKEN_LENGTH = 32
MAX_NAME_LENGTH = 32
CLIENT_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9._-]{{0,{MAX_NAME_LENGTH - 1}}}")
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{1,8000})")
# Asymmetric signatures only: with a shared secret, everyone who can verify a token could also issue one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
PUBLIC_KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
LEEWAY_SECONDS = 30
TOKENS_SETTING, KEYS_SETTING = f"{PREFIX}API_TOKENS", f"{PREFIX}API_KEYS"


class Scope(StrEnum):
    """What a client may do: read, have drafts written to the EHR, approve or reject in a clinician's name."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Client:
    """The sender of a request. `fhir_user` is the practitioner (`Practitioner/ID`) for whom the provider vouches."""

    name: str
    scopes: frozenset[Scope]
    fhir_user: str | None = None
    signed_in: bool = False


# A program on this computer acts in no one's name: without a token it can read, and neither write nor approve.
LOCAL_CLIENT = Client("local", frozenset({Scope.READ}))


@dataclass(frozen=True, slots=True)
class ProviderKeys:
    """The public keys of one identity provider, and the issuer and audience that its tokens must have."""

    keys: KeySet
    issuer: str
    audience: str

    def claims(self, token: str, at: datetime) -> Mapping[str, Any]:
        """The claims of `token` after its signature, issuer, audience and times are verified. Raises InvalidToken."""
        registry = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, self.keys, algorithms=list(ALGORITHMS)).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError):
            raise InvalidToken from None
        return claims


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The clients and keys that are accepted. Without any, every program on the same computer may read."""

    tokens: tuple[tuple[bytes, Client], ...] = ()
    keys: ProviderKeys | None = None

    @property
    def required(self) -> bool:
        """Whether a request needs a token."""
        return bool(self.tokens) or self.keys is not None

    def client(self, header: str | None, clock: Callable[[], datetime]) -> Client:
        """The client that an Authorization header identifies. Raises Problem."""
        if not self.required:
            return LOCAL_CLIENT
        bearer = BEARER.fullmatch(header or "")
        if bearer is None:
            raise Problem(ProblemType.NO_TOKEN)
        return self._file_client(bearer[1]) or self._provider_client(bearer[1], clock)

    def _file_client(self, token: str) -> Client | None:
        """Compare with every token of the file, so that the response time reveals nothing about any of them."""
        received, client = _digest(token), None
        for digest, candidate in self.tokens:
            if hmac.compare_digest(digest, received):
                client = candidate
        return client

    def _provider_client(self, token: str, clock: Callable[[], datetime]) -> Client:
        if self.keys is None:
            raise Problem(ProblemType.WRONG_TOKEN)
        try:
            claims = self.keys.claims(token, clock())
        except InvalidToken:
            raise Problem(ProblemType.WRONG_TOKEN) from None
        granted = str(claims.get("scope", "")).split()
        scopes = frozenset(scope for scope in Scope if f"titrate.{scope}" in granted)
        return Client("jwt", scopes, str(claims.get("fhirUser", "")) or None, signed_in=True)


def authenticator(settings: Settings) -> Authenticator:
    """The authenticator of a site's settings. Raises AuthFileError with every mistake in a file."""
    tokens = () if settings.api_tokens is None else _file_tokens(settings.api_tokens)
    if settings.api_keys is None:
        return Authenticator(tokens)
    return Authenticator(tokens, provider_keys(settings.api_keys, str(settings.api_issuer), str(settings.api_audience)))


def provider_keys(file: Path, issuer: str, audience: str) -> ProviderKeys:
    """The keys in a JWK Set. Raises AuthFileError, also for private and shared keys, which must not be there."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        listed = content["keys"]
        keys = KeySet.import_key_set(content)
    except OSError:
        raise _file_error(KEYS_SETTING, messages.SettingsFileUnreadable()) from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise _file_error(KEYS_SETTING, messages.AuthNotAJwkSet()) from None
    if not listed or any(key.get("kty") not in PUBLIC_KEY_TYPES or "d" in key for key in listed):
        raise _file_error(KEYS_SETTING, messages.AuthKeysNotPublic())
    return ProviderKeys(keys, issuer, audience)


def _file_tokens(file: Path) -> tuple[tuple[bytes, Client], ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise _file_error(TOKENS_SETTING, messages.SettingsFileUnreadable()) from None
    clients = {number: line.split() for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"}
    if not clients:
        raise _file_error(TOKENS_SETTING, messages.AuthNoClients())
    problems = [
        messages.AuthTokenLine(line=number, problem=problem)
        for number, words in clients.items()
        for problem in _line_problems(words)
    ]
    if problems:
        raise _file_error(TOKENS_SETTING, *problems)
    return tuple((_digest(token), Client(name, _scopes(scopes))) for name, scopes, token in clients.values())


def _line_problems(words: list[str]) -> Iterator[Message]:
    if len(words) != 3:
        yield messages.AuthLineFormat()
        return
    name, scopes, token = words
    if not CLIENT_NAME.fullmatch(name):
        yield messages.AuthInvalidName(limit=MAX_NAME_LENGTH)
    if not set(scopes.split(",")) <= set(Scope):
        yield messages.AuthInvalidScopes(scopes=tuple(Scope))
    if len(token) < MIN_TOKEN_LENGTH or not TOKEN.fullmatch(token):
        yield messages.AuthInvalidToken(least=MIN_TOKEN_LENGTH)


def _file_error(setting: str, *problems: Message) -> AuthFileError:
    return AuthFileError(messages.SettingProblem(setting=setting, problem=str(problem)) for problem in problems)


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(Scope(scope) for scope in text.split(","))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
