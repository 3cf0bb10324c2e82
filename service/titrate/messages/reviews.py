"""Sentences that ask a clinician to review a plan."""

from __future__ import annotations
