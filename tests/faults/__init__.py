"""Records that go wrong in real EHRs: what the rules for incoming data expect, from a file and from an EHR."""
