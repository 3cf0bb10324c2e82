"""Why the ledger cannot be used, and what to do."""

from __future__ import annotations

from titrate.messages.message import Message


class PostgresDriverMissing(Message, text="PostgreSQL needs the extra: install titrate[postgres]."):
    pass


class LedgerNewer(Message, text="The ledger was made by a newer Titrate. Use that one, or another ledger."):
    pass


class LedgerTimeWithoutZone(Message, text="The ledger takes aware times only."):
    pass


class LedgerFileRemedy(
    Message, text="Set TITRATE_LEDGER to a file in a folder that you may write to, on a local disk."
):
    pass


class LedgerAddressRemedy(
    Message,
    text="Check the address in TITRATE_LEDGER, that the database is up, and that its user may make tables.",
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
