"""Tests of the EHR client."""
