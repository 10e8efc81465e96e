"""Fails unless the changelog names the version; with --strict, also where the README does not."""

import sys
from pathlib import Path

version = Path("VERSION").read_text(encoding="utf-8").strip()
names = ["CHANGELOG.md", "README.md"] if "--strict" in sys.argv[1:] else ["CHANGELOG.md"]
missing = [name for name in names if f"v{version}" not in Path(name).read_text(encoding="utf-8")]
for name in missing:
    print(f"{name}:1:1: error: {version} is not named")
sys.exit(bool(missing))
