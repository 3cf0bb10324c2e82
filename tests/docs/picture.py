"""Takes the picture of README: E2's draft as an EHR shows it. `python -m tests.docs.picture` needs Chromium.

A digest of the content is stored beside the picture, so that a test detects when it is out of date.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from tests.cli.running import plan
from tests.project.sources import ROOT

PICTURE = ROOT / "docs" / "pictures" / "e2-draft.png"
DIGEST = PICTURE.with_suffix(".sha256")
# The last section in the picture.
LAST = "<h2>What an increase needs</h2>"
WIDTH, HEIGHT = 900, 970
STYLE = """
body { margin: 0; padding: 16px 36px; font: 15px/1.4 'DejaVu Sans', sans-serif; color: #1c2733; background: #fff; }
h2 { font-size: 17px; margin: 16px 0 4px; color: #0b4f6c; } p { margin: 4px 0; }
ul { margin: 4px 0; padding-left: 20px; }
table { border-collapse: collapse; margin: 6px 0; width: 100%; }
th, td { border: 1px solid #c3ccd5; padding: 4px 8px; text-align: left; vertical-align: top; }
th { background: #eef3f7; }
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def shown() -> str:
    """The beginning of the draft's narrative, from the CarePlan."""
    entries = plan("e2-progress", "--json").json["plan"]["entry"]
    care_plan = next(entry["resource"] for entry in entries if entry["resource"]["resourceType"] == "CarePlan")
    before, last, after = str(care_plan["text"]["div"]).partition(LAST)
    return before + last + after.partition("<h2>")[0] + "</div>"


def digest() -> str:
    """Digest of the narrative and the style."""
    return sha256((shown() + STYLE).encode()).hexdigest()


def main() -> None:
    """Take the picture, and note its digest."""
    browser = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("No Chromium found: install it, or name it in CHROMIUM.")
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.html"
        head = f"<!doctype html><html lang='en'><head><meta charset='utf-8'><style>{STYLE}</style></head>"
        file.write_text(f"{head}<body>{shown()}</body></html>", encoding="utf-8")
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        )
        size, target = f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={PICTURE}"
        subprocess.run([browser, *options, size, target, file.as_uri()], check=True, timeout=90, capture_output=True)
    DIGEST.write_text(digest() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
