"""The message catalogue: every sentence for a person, by id, with typed parameters and its English text.

One module for each topic, one class for each sentence. A sentence is whole: no other code joins fragments to one.
"""

from __future__ import annotations

from titrate.messages.message import Message

__all__ = ["Message"]
