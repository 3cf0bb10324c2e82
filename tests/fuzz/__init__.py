"""A mutation fuzzer: records of the fixture patients are broken in one place each, and the patient is planned."""
