"""HL7's validation engine, as the tests use it."""
