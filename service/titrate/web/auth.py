"""Who may use the HTTP service: programs with a token from a file, and people or programs with a provider's JWT.

The file of tokens has a line for each client: a name, scopes joined by commas, and the token.

    # name     scopes              token
    dashboard  read                3f6c...
    ward-4     read,write,approve  9a01...
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from titrate.settings import Settings
from titrate.web.errors import Problem

LEAST_TOKEN = 32
NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,31}")
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
# Signatures of a private key only: with a shared secret whoever can check a token could make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LEEWAY_SECONDS = 30
BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{1,8000})")


class Scope(StrEnum):
    """What a client may do: look, have drafts written, approve or reject in a clinician's name."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. `signed_in` says that a provider vouches for it, for `person` (`Practitioner/ID`) if it is one."""

    name: str
    scopes: frozenset[Scope]
    person: str | None = None
    signed_in: bool = False


ANYBODY = Client("local", frozenset(Scope))


class AuthUnusable(ValueError):
    """The files that say who may use the service cannot be used. Shows no part of a token."""


class InvalidToken(Exception):
    """A token that is not to be trusted. Says nothing of it."""


class KeysUnusable(ValueError):
    """The file holds no public keys."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one provider, and whom its tokens must come from and be for."""

    keys: KeySet
    issuer: str
    audience: str

    def claims(self, token: str, at: datetime) -> Mapping[str, Any]:
        """What a token says, after signature, issuer, audience and times were checked. Raises NotGood."""
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


def keys_of(file: Path, issuer: str, audience: str) -> Keys:
    """The keys in a JWK Set. Raises KeysUnusable, also for private and shared keys, which do not belong here."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        listed = content["keys"]
        keys = KeySet.import_key_set(content)
    except OSError:
        raise KeysUnusable("the file cannot be read.") from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise KeysUnusable('the file is no JWK Set: {"keys": [...]}.') from None
    if not listed or any(one.get("kty") not in ("RSA", "EC", "OKP") or "d" in one for one in listed):
        raise KeysUnusable("the file must hold public RSA, EC or OKP keys, and no others.")
    return Keys(keys, issuer, audience)


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The clients and keys that are let in. Neither: everybody on this machine is."""

    tokens: tuple[tuple[bytes, Client], ...] = ()
    keys: Keys | None = None

    @property
    def required(self) -> bool:
        """Whether a token is needed."""
        return bool(self.tokens) or self.keys is not None

    def client(self, header: str | None, clock: Callable[[], datetime]) -> Client:
        """The client of an Authorization header. Raises Problem."""
        if not self.required:
            return ANYBODY
        found = BEARER.fullmatch(header or "")
        if found is None:
            raise Problem("no-token")
        return self._listed(found[1]) or self._vouched(found[1], clock)

    def _listed(self, token: str) -> Client | None:
        """Compares with every token of the file, so that the time says nothing about any of them."""
        asked, client = _digest(token), None
        for digest, one in self.tokens:
            if hmac.compare_digest(digest, asked):
                client = one
        return client

    def _vouched(self, token: str, clock: Callable[[], datetime]) -> Client:
        if self.keys is None:
            raise Problem("wrong-token")
        try:
            claims = self.keys.claims(token, clock())
        except InvalidToken:
            raise Problem("wrong-token") from None
        granted = str(claims.get("scope", "")).split()
        scopes = frozenset(scope for scope in Scope if f"titrate.{scope}" in granted)
        return Client("jwt", scopes, str(claims.get("fhirUser", "")) or None, signed_in=True)


def authenticator(settings: Settings) -> Authenticator:
    """Who is let in by a site's settings. Raises AccessUnusable with everything that is wrong."""
    tokens = () if settings.api_tokens is None else _tokens(settings.api_tokens)
    if settings.api_keys is None:
        return Authenticator(tokens)
    try:
        return Authenticator(tokens, keys_of(settings.api_keys, str(settings.api_issuer), str(settings.api_audience)))
    except KeysUnusable as error:
        raise AuthUnusable(f"TITRATE_API_KEYS: {error}") from None


def _tokens(file: Path) -> tuple[tuple[bytes, Client], ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise AuthUnusable("TITRATE_API_TOKENS: the file cannot be read.") from None
    told = {number: line.split() for number, line in enumerate(lines, 1) if line.split() and not line.startswith("#")}
    problems = [f"line {number}: {problem}" for number, words in told.items() for problem in _wrong(words)]
    if not told:
        problems = ["no client is in the file."]
    if problems:
        raise AuthUnusable("\n".join(f"TITRATE_API_TOKENS: {one}" for one in problems))
    return tuple((_digest(token), Client(name, _scopes(scopes))) for name, scopes, token in told.values())


def _wrong(words: list[str]) -> list[str]:
    """What is wrong with a line, as sentences."""
    if len(words) != 3:
        return ["write a name, scopes joined by commas, and a token."]
    name, scopes, token = words
    problems = [] if NAME.fullmatch(name) else ["a name has 1 to 32 letters, digits and ._- and starts with a letter."]
    if not set(scopes.split(",")) <= set(Scope):
        problems.append(f"scopes are {', '.join(Scope)}.")
    if len(token) < LEAST_TOKEN or not TOKEN.fullmatch(token):
        problems.append(f"a token has at least {LEAST_TOKEN} letters, digits and ._~+/=- .")
    return problems


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(Scope(one) for one in text.split(","))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
