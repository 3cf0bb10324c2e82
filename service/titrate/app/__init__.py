"""Use cases: the pipeline for one patient, decisions on plans, population runs, reports."""
