"""Sentences about the data files that come with the service."""

from __future__ import annotations

from titrate.messages.message import Message


class DataNotPackaged(
    Message, text="{folder} is not part of an installed package: run this command from the source tree."
):
    folder: str


class DataFolderMissing(
    Message, text="The folder {folder} is missing: install Titrate again, or check out the whole source tree."
):
    folder: str
