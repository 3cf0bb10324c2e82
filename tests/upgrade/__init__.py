"""Tests of what an earlier release wrote into an EHR and into its ledger."""
