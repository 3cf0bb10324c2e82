"""The corridor: one patient from the EHR and back, and the ledger of what was done."""
