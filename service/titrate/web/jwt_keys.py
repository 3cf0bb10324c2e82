"""Tokens of an identity provider: JSON Web Tokens, checked against its public keys, which lie in a file.

Nothing is fetched: what a token says about where its key can be found is not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Signatures of a private key only: with a shared secret whoever can check a token could make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LEEWAY_SECONDS = 30


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
