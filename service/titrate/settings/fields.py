"""Each setting: its name, its form, its limits, and the sentence that docs/operators.md prints beside it.

In the environment a setting is `TITRATE_` and its name in capitals; in the file it is its name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import OneOf, Range

from titrate.settings.values import Handling

POSTGRES = "postgresql://"


class PathField(fields.Field[Path]):
    """The path of a file or folder; `~` is the user's home."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Path:
        if not isinstance(value, str) or not value:
            raise ValidationError("Is no path.")
        return Path(value).expanduser()


class LedgerField(PathField):
    """A path, or the address of a PostgreSQL database, which stays a text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, str) and "://" in value:
            if not value.startswith(POSTGRES):
                raise ValidationError("Must be a path, or an address that starts with postgresql://.")
            return value
        return super()._deserialize(value)


def _says(text: str) -> dict[str, str]:
    return {"says": text}


class SettingsSchema(Schema):
    """The names and forms of all settings, in the order of the documentation."""

    class Meta:
        unknown = RAISE

    fhir_url = fields.Str(metadata=_says("The base address of the EHR's FHIR server."))
    token = fields.Str(metadata=_says("The bearer token for the EHR. Better: `token_file`."))
    token_file = PathField(metadata=_says("A file whose first line is the token, as secret stores mount it."))
    enrolled = fields.Str(
        metadata=_says("Whom `titrate sync` works for: `all`, `Group/ID`, or the path of a file with one id a line.")
    )
    canonical = fields.Str(metadata=_says("The base of our identifiers and codes. Never change it once plans exist."))
    zone = fields.Str(metadata=_says("The IANA time zone of patients whose record names none."))
    organisation = fields.Str(metadata=_says("The organisation that answers for the plans, `Organization/ID`."))
    owner = fields.Str(metadata=_says("Who gets the review Tasks, such as `CareTeam/ID`."))
    ledger = LedgerField(
        metadata=_says("The ledger: the path of an SQLite file on a local disk, or `postgresql://USER@HOST/DATABASE`.")
    )
    threads = fields.Int(
        validate=Range(1, 64), metadata=_says("How many patients `titrate sync` works on at once, 1 to 64.")
    )
    lease = fields.Int(
        validate=Range(2, 3600),
        metadata=_says("Seconds until a patient in the hands of a run that was killed is free again, 2 to 3600."),
    )
    connect_timeout = fields.Float(
        validate=Range(0.1, 60), metadata=_says("Seconds to wait for a connection, 0.1 to 60.")
    )
    read_timeout = fields.Float(validate=Range(0.1, 600), metadata=_says("Seconds to wait for an answer, 0.1 to 600."))
    max_pages = fields.Int(
        validate=Range(1, 10_000), metadata=_says("Pages that one search may have, 1 to 10000; more is an error.")
    )
    lookback_days = fields.Int(
        validate=Range(42, 3650), metadata=_says("How many days of Observations are read, 42 to 3650.")
    )
    handling = fields.Enum(
        Handling,
        by_value=True,
        metadata=_says("`strict`: a search parameter that the EHR does not know is an error. `lenient`: it is told."),
    )
    mappings = PathField(metadata=_says("A folder of mapping files in place of those that ship."))
    overrides = PathField(metadata=_says("A TOML file with the site's own numbers, inside the ranges of the rulebook."))
    programme = fields.Str(metadata=_says("The programme, by its name in `mappings/programmes/`."))
    api_tokens = PathField(
        metadata=_says("Who may use the HTTP service: a file with a name, scopes and a token a line (docs/api.md).")
    )
    api_keys = PathField(
        metadata=_says("A JWK Set with the public keys of the identity provider whose tokens the HTTP service takes.")
    )
    api_issuer = fields.Str(metadata=_says("The `iss` that such a token must have."))
    api_audience = fields.Str(metadata=_says("The `aud` that such a token must have."))
    api_bytes = fields.Int(
        validate=Range(1024, 64 * 1024 * 1024),
        metadata=_says("The largest request body that the HTTP service takes, 1024 to 67108864 bytes."),
    )
    api_seconds = fields.Int(
        validate=Range(1, 600), metadata=_says("Seconds that one request to the HTTP service may take, 1 to 600.")
    )
    log_form = fields.Str(validate=OneOf(("console", "json")), metadata=_says("Log lines: `console` or `json`."))
    log_level = fields.Str(
        validate=OneOf(("debug", "info", "warning", "error")),
        metadata=_says("The least level that is logged: `debug`, `info`, `warning` or `error`."),
    )


SCHEMA = SettingsSchema()
NAMES: tuple[str, ...] = tuple(SCHEMA.fields)
SECRET = frozenset({"token"})
