"""Titrate: reads a patient's reports from an EHR and drafts the next safe step of graded exercise."""
