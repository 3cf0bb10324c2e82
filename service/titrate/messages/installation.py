"""Faults of an installation: settings, files of tokens and keys, the ledger and packaged data."""

from __future__ import annotations

from titrate.messages.message import Message

# Settings


class SettingsNotValid(Message, text="These settings are not valid:"):
    """The heading of the list of mistakes."""


class SettingProblem(Message, text="{setting}: {problem}"):
    """A setting, as a variable or as a key of the file, and what is wrong with it."""

    setting: str
    problem: str


class SettingsFileUnreadable(Message, text="The file cannot be read."):
    """A setting names a file that is missing or not UTF-8."""


class TomlNumberTooLong(Message, text="A number has more than {limit} digits"):
    """A number has more digits, or a larger exponent, than a file may have."""

    limit: int


class TomlTooDeep(Message, text="Its lists and tables are nested too deeply"):
    """The parser reached its limit."""


class SettingsFileNotToml(Message, text="The file is not TOML: {error}"):
    """The parser's error names the line."""

    error: str


class SettingUnknown(Message, text="Not a known setting."):
    """A key of the file that is not a setting."""


class SettingNotAPath(Message, text="Not a path."):
    """The value is empty or not a text."""


class SettingNotALedger(Message, text="Must be a path, or an address that starts with {scheme}."):
    """The address of another kind of database."""

    scheme: str


class SettingLedgerWithoutDatabase(Message, text="Must name a database, as in postgresql://USER@HOST/DATABASE."):
    """The address has no path."""


class SettingNotAnAddress(Message, text="Not an address."):
    """The value cannot be parsed as a URL."""


class SettingNotHttp(Message, text="Must be an http or https address with a host."):
    """Another scheme, or no host."""


class SettingAddressWithExtras(Message, text="Must not contain a user, password, query or fragment."):
    """A base address is scheme, host, port and path only."""


class SettingNotATimeZone(Message, text="Not an IANA time zone such as Europe/Vienna."):
    """The time zone is unknown."""


class SettingNotAReference(Message, text="Must be a reference of the EHR such as {example}; allowed: {types}."):
    """The reference has another type, or no valid id."""

    example: str
    types: tuple[str, ...]


class SettingNotAnEnrolment(Message, text="Must be `all`, `Group/ID`, or the path of a file such as ids.txt."):
    """The enrolment cannot be used."""


class SettingNotTypes(Message, text="Give resource types of these: {types}."):
    """Something else than resource types that a site can do without."""

    types: tuple[str, ...]


class SettingRequiredWith(Message, text="Required when `{setting}` is set."):
    """Settings that only work together."""

    setting: str


class TokenSetTwice(Message, text="Set this or {variable}, not both."):
    """The token is in a setting and in a file."""

    variable: str


class TokenFileUnreadable(Message, text="The file cannot be read."):
    """The token file is missing or not UTF-8."""


class TokenNotValid(Message, text="Not a bearer token (letters, digits and ._~+/=- only)."):
    """The token is empty or has other characters."""


class TokenNeedsHttps(
    Message, text="The address must be https when a token is sent; otherwise others on the network can read the token."
):
    """The EHR's address is http and not on this computer."""


class SettingHidden(Message, text="set, not shown"):
    """In place of a secret."""


# The files of TITRATE_API_TOKENS and TITRATE_API_KEYS.


class AuthNoClients(Message, text="the file lists no client."):
    """The file of tokens is empty."""


class AuthTokenLine(Message, text="line {line}: {problem}"):
    """One line of the file of tokens."""

    line: int
    problem: Message


class AuthLineFormat(Message, text="write a name, scopes separated by commas, and a token."):
    """The line does not have three words."""


class AuthInvalidName(Message, text="a name has 1 to {limit} letters, digits and ._- and starts with a letter."):
    """The name of the client."""

    limit: int


class AuthInvalidScopes(Message, text="scopes are {scopes}."):
    """The scopes that exist."""

    scopes: tuple[str, ...]


class AuthInvalidToken(Message, text="a token has at least {least} letters, digits and ._~+/=- ."):
    """The token is too short, or has other characters."""

    least: int


class AuthNotAJwkSet(Message, text='the file is not a JWK Set: {{"keys": [...]}}.'):
    """The file of keys cannot be parsed."""


class AuthKeysNotPublic(Message, text="the file must contain only public RSA, EC or OKP keys."):
    """The file contains a private or a shared key, or no key."""


# The ledger


class PostgresDriverMissing(Message, text="PostgreSQL support is not installed. Install the extra: titrate[postgres]."):
    pass


class LedgerNewer(Message, text="A newer version of Titrate created this ledger. Use that version, or another ledger."):
    pass


class LedgerTimeWithoutZone(Message, text="The ledger accepts only times with a time zone."):
    pass


class LedgerFileRemedy(
    Message, text="Set TITRATE_LEDGER to a file in a folder that you can write to, on a local disk."
):
    pass


class LedgerAddressRemedy(
    Message,
    text="Check the address in TITRATE_LEDGER, that the database is running, and that its user may create tables.",
):
    pass


class LedgerAddressInvalid(Message, text="The address of the ledger is invalid. {remedy}"):
    remedy: Message


class LedgerNotUsable(Message, text="The ledger cannot be used ({error}). {remedy}"):
    error: str
    remedy: Message


class LedgerNotOpened(Message, text="The ledger cannot be opened ({error}). {remedy}"):
    error: str
    remedy: Message


# Data files


class DataNotPackaged(
    Message, text="{folder} is not part of an installed package: run this command from the source tree."
):
    folder: str


class DataFolderMissing(
    Message, text="The folder {folder} is missing: install Titrate again, or check out the whole source tree."
):
    folder: str
