"""Titrate: reads a patient's reports from an EHR and drafts the next safe step of graded exercise."""

from __future__ import annotations

# Base URI of identifiers and codes, unless a site sets its own. Here, because settings, shapes and rulebook share it.
DEFAULT_CANONICAL = "https://titrate.example/fhir"
