"""The number of random courses for the properties of the rules: `ci` by default, or set by HYPOTHESIS_PROFILE.

`ci` tries the same courses every time, so that a failure is the change's own; `quick` tries the first few of them, for
`./run quick`; `nightly` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

NIGHTLY = "nightly"
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
_COMMON = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)

settings.register_profile("ci", _COMMON, max_examples=2_000, derandomize=True, database=None)
settings.register_profile("quick", _COMMON, max_examples=40, derandomize=True, database=None)
settings.register_profile(NIGHTLY, _COMMON, max_examples=100_000)
settings.load_profile(PROFILE)
