"""Each setting: its name, its form, its limits, and its description in docs/operators.md.

An environment variable is `TITRATE_` and the name in capitals; a key of the file is the name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from titrate.messages import installation as messages
from titrate.settings.values import Handling

POSTGRES = "postgresql://"
# Not Observation, CarePlan and ServiceRequest, without which the service knows neither reports nor doses.
CAN_BE_UNUSED = (
    "Consent",
    "QuestionnaireResponse",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Medication",
    "Procedure",
    "Goal",
    "AllergyIntolerance",
    "Task",
    "Flag",
    "Communication",
)


class PathField(fields.Field[Path]):
    """The path of a file or folder; `~` is the home folder."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Path:
        if not isinstance(value, str) or not value:
            raise ValidationError(str(messages.SettingNotAPath()))
        return Path(value).expanduser()


class LedgerField(PathField):
    """A path, or the address of a PostgreSQL database, which remains a text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, str) and "://" in value:
            if not value.startswith(POSTGRES):
                raise ValidationError(str(messages.SettingNotALedger(scheme=POSTGRES)))
            return value
        return super()._deserialize(value)


class TypesField(fields.Field[tuple[str, ...]]):
    """FHIR resource types: a list, or in a variable one text with commas or spaces between them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        given = re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value
        if not isinstance(given, list) or not all(one in CAN_BE_UNUSED for one in given):
            raise ValidationError(str(messages.SettingNotTypes(types=CAN_BE_UNUSED)))
        return tuple(dict.fromkeys(given))


def _doc(text: str) -> dict[str, str]:
    return {"description": text}


class SettingsSchema(Schema):
    """The names and forms of all settings, in the order of the documentation."""

    class Meta:
        unknown = RAISE

    fhir_url = fields.Str(metadata=_doc("The base address of the EHR's FHIR server."))
    token = fields.Str(metadata=_doc("The bearer token for the EHR. Better: `token_file`."))
    token_file = PathField(metadata=_doc("A file whose first line is the token, as secret stores mount it."))
    enrolled = fields.Str(
        metadata=_doc("The patients of `titrate sync`: `all`, `Group/ID`, or the path of a file with one id per line.")
    )
    canonical = fields.Str(
        metadata=_doc("The base of Titrate's identifiers and codes. Never change it once plans exist.")
    )
    zone = fields.Str(metadata=_doc("The IANA time zone of patients whose record names none."))
    organisation = fields.Str(metadata=_doc("The organisation responsible for the plans, `Organization/ID`."))
    owner = fields.Str(metadata=_doc("The owner of the review Tasks, such as `CareTeam/ID`."))
    ledger = LedgerField(
        metadata=_doc("The ledger: the path of an SQLite file on a local disk, or `postgresql://USER@HOST/DATABASE`.")
    )
    threads = fields.Int(
        validate=Range(1, 64),
        metadata=_doc("Number of patients that `titrate sync` processes in parallel, 1 to 64."),
    )
    lease = fields.Int(
        validate=Range(2, 3600),
        metadata=_doc("Seconds until the patients of a run that was killed are released, 2 to 3600."),
    )
    connect_timeout = fields.Float(
        validate=Range(0.1, 60), metadata=_doc("Seconds to wait for a connection, 0.1 to 60.")
    )
    read_timeout = fields.Float(validate=Range(0.1, 600), metadata=_doc("Seconds to wait for a response, 0.1 to 600."))
    max_pages = fields.Int(
        validate=Range(1, 10_000),
        metadata=_doc("Maximum number of pages of one search, 1 to 10000; with more the type is incomplete."),
    )
    lookback_days = fields.Int(
        validate=Range(42, 3650), metadata=_doc("Number of days of Observations to read, 42 to 3650.")
    )
    handling = fields.Enum(
        Handling,
        by_value=True,
        metadata=_doc(
            "`strict`: a search parameter that the EHR does not know is an error. `lenient`: it is reported."
        ),
    )
    not_used_here = TypesField(
        metadata=_doc(
            "The FHIR resource types that the site does not use, such as `Flag, Consent`: they are not asked for and "
            "count as complete and empty. Every draft names them."
        ),
    )
    not_used_here_by = fields.Str(
        validate=Length(1, 200), metadata=_doc("Who declared this, and when. Required with `not_used_here`.")
    )
    mappings = PathField(metadata=_doc("A folder of mapping files to use instead of those included."))
    overrides = PathField(metadata=_doc("A TOML file with the site's own numbers, within the ranges of the rulebook."))
    programme = fields.Str(metadata=_doc("The programme, by its name in `mappings/programmes/`."))
    api_tokens = PathField(
        metadata=_doc("The clients of the HTTP service: a file with a name, scopes and a token per line (docs/api.md).")
    )
    api_keys = PathField(
        metadata=_doc("A JWK Set with the public keys of the identity provider whose tokens the HTTP service accepts.")
    )
    api_issuer = fields.Str(metadata=_doc("The `iss` that such a token must have."))
    api_audience = fields.Str(metadata=_doc("The `aud` that such a token must have."))
    api_bytes = fields.Int(
        validate=Range(1024, 64 * 1024 * 1024),
        metadata=_doc("Maximum size of a request body of the HTTP service, 1024 to 67108864 bytes."),
    )
    api_seconds = fields.Int(
        validate=Range(1, 600), metadata=_doc("Maximum seconds for one request to the HTTP service, 1 to 600.")
    )
    log_form = fields.Str(
        validate=OneOf(("console", "json")), metadata=_doc("Format of log lines: `console` or `json`.")
    )
    log_level = fields.Str(
        validate=OneOf(("debug", "info", "warning", "error")),
        metadata=_doc("Minimum log level: `debug`, `info`, `warning` or `error`."),
    )


SCHEMA = SettingsSchema()
NAMES: tuple[str, ...] = tuple(SCHEMA.fields)
SECRET = frozenset({"token"})
