"""With TITRATE_REQUIRE_ALL set, a test that would be skipped fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import ROOT

pytestmark = pytest.mark.slow

SKIPPING = """
import pytest

@pytest.mark.skip(reason="no server")
def test_marked(): ...

def test_without_its_server(hapi_url): ...

@pytest.mark.xfail(strict=True)
def test_expected_to_fail(): assert False
"""
WHOLE_FILE = "import pytest\npytest.skip('no server', allow_module_level=True)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tests that are skipped in every possible way, and one that fails as expected."""
    (tmp_path / "test_some.py").write_text(SKIPPING, encoding="utf-8")
    (tmp_path / "test_all.py").write_text(WHOLE_FILE, encoding="utf-8")
    return tmp_path


def _outcome(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", *settings, "--continue-on-collection-errors", str(folder)]
    bare = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)


def test_skips_are_allowed_on_a_contributors_machine(folder: Path) -> None:
    """Without the setting, a test whose server is absent is skipped with a reason."""
    done = _outcome(folder)
    assert done.returncode == 0
    assert "3 skipped, 1 xfailed" in done.stdout
    assert "TITRATE_TEST_HAPI_URL is not set" in done.stdout


def test_a_skip_fails_when_everything_is_required(folder: Path) -> None:
    """With the setting, the same three fail with the reason; an expected failure does not."""
    done = _outcome(folder, TITRATE_REQUIRE_ALL="1")
    assert done.returncode != 0
    assert "1 xfailed, 3 errors" in done.stdout
    assert "nothing may be skipped" in done.stdout
