"""Tokens for the tests: a file of clients, and an identity provider that signs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.web.service import NOW, settings
from titrate.settings import Settings

READER, WRITER = "r" * 40, "w" * 40
ISSUER, AUDIENCE = "https://login.hospital.example", "titrate"
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}, private=True)
OTHER = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}, private=True)
WEAK = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}, private=True)


def guarded(folder: Path, **more: Any) -> Settings:
    """Settings with two clients in a file, and the keys of a provider in another."""
    tokens, keys = folder / "tokens", folder / "keys.json"
    tokens.write_text(f"# clients\nreader read {READER}\nwriter read,write {WRITER}\n", encoding="utf-8")
    public = [one.as_dict(private=False) for one in (KEY, WEAK)]
    keys.write_text(json.dumps({"keys": public}), encoding="utf-8")
    own = {"api_tokens": tokens, "api_keys": keys, "api_issuer": ISSUER, "api_audience": AUDIENCE}
    return settings(folder, **own, **more)


def claims(at: datetime = NOW, **other: Any) -> dict[str, Any]:
    """The claims of a valid token; None removes a claim."""
    valid = {"iss": ISSUER, "aud": AUDIENCE, "exp": int(at.timestamp()) + 300, "scope": "openid titrate.read"}
    return {name: value for name, value in {**valid, **other}.items() if value is not None}


def signed(content: dict[str, Any], key: Any = KEY, algorithm: str = "ES256") -> str:
    """A signed token."""
    return jwt.encode({"alg": algorithm, "kid": key.kid}, content, key, algorithms=[algorithm])


def bearer(token: str) -> dict[str, str]:
    """The Authorization header."""
    return {"Authorization": f"Bearer {token}"}
