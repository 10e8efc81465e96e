from datetime import UTC, datetime

import pytest
from vwmp_release.plugins.release.handlers.readme_update import ReadmeUpdateHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import RunIdentity, StepContext, StepResult, StepStatus

README = """\
# Widget

![version](https://img.shields.io/badge/version-1.2.2-green.svg)

**🎉 Latest Release: v1.2.2** - 🐞 Fix: old

Since 1.2.2 it flies. `**🎉 Latest Release: v1.2.2**`

```md
![version](https://img.shields.io/badge/version-1.2.2-green.svg)
```

<!-- vwmp:version -->**Version:** v1.2.2 | **Last Updated:** 2025-12-31<!-- /vwmp:version -->
"""
AFTER = (
    README.replace("version-1.2.2-green", "version-1.2.3-green", 1)
    .replace("Release: v1.2.2** - 🐞 Fix: old", "Release: v1.2.3** - 🚀 Feature: add `@x`")
    .replace("**Version:** v1.2.2 | **Last Updated:** 2025-12-31", "**Version:** v1.2.3 | **Last Updated:** 2026-01-31")
)
OUTPUT = {"new_version": "1.2.3", "old_version": "1.2.2", "summary": "add @x", "change_type": "feature"}


@pytest.fixture
def execute(tmp_path):
    """Run the step on a README given as bytes; returns the result and the bytes after it."""

    def run(before=None, config=None, parameters=None, output=OUTPUT):
        path = tmp_path / "README.md"
        if before is not None:
            path.write_bytes(before)
        outputs = {"version_bump": StepResult("version_bump", StepStatus.SUCCESS, output)}
        clock = RunIdentity(started_at=datetime(2026, 1, 31, tzinfo=UTC))
        context = StepContext(
            "i", "release", "readme", "R", config or {}, parameters or {}, tmp_path, outputs, {}, run=clock
        )
        result = ReadmeUpdateHandler().execute(context)
        return result, path.read_bytes() if path.exists() else b""

    return run


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_everything_at_once(execute, newline, mark):
    """Badge, line and markers change; other old versions, code, newlines and byte order mark stay."""
    result, after = execute((mark + README).replace("\n", newline).encode())
    assert after == (mark + AFTER).replace("\n", newline).encode()
    assert result.output == {
        "readme_file": "README.md", "version": "1.2.3",
        "changes": [
            "line 3: badge 1.2.2 → 1.2.3", "line 5: latest release 1.2.2 → 1.2.3",
            "line 13: marker 1.2.2 → 1.2.3, 2025-12-31 → 2026-01-31",
        ],
    }  # fmt: skip
    assert result.logs == result.output["changes"]


def test_up_to_date(execute):
    """A second run has nothing to do."""
    result, after = execute(AFTER.encode())
    assert result.status is StepStatus.SKIPPED and "up to date" in str(result.error) and after == AFTER.encode()


@pytest.mark.parametrize(
    ("config", "parameters", "reason"),
    [({"skip_readme": True}, {}, "skip_readme"), ({}, {"skip_readme": True}, "skip_readme"),
     ({"readme_file": "docs/x.md"}, {}, "there is no docs/x.md")],
)  # fmt: skip
def test_skipped(execute, config, parameters, reason):
    """Skipped with the reason, and the file untouched."""
    result, after = execute(README.encode(), config, parameters)
    assert result.status is StepStatus.SKIPPED and reason in str(result.error) and after == README.encode()


def test_no_readme(execute):
    """A repository without README is no failure."""
    assert execute()[0].status is StepStatus.SKIPPED


def test_parts_can_be_switched_off(execute):
    """`update_badge` and `update_latest_release` leave their parts alone."""
    result, _ = execute(README.encode(), {"update_badge": False, "update_latest_release": False})
    assert result.output["changes"] == ["line 13: marker 1.2.2 → 1.2.3, 2025-12-31 → 2026-01-31"]


def test_on_its_own(execute):
    """Version, date and summary of the configuration are enough."""
    config = {"version": "9.0.0", "date": "2030-01-02", "summary": "mine"}
    _, after = execute(README.encode(), config, output={})
    text = after.decode()
    assert "version-9.0.0-green" in text and "v9.0.0** - 🚧 Maintenance: mine" in text and "2030-01-02" in text


def test_a_badge_in_the_line(execute):
    """Overlapping things are edited once."""
    line = "**Latest Release: v1.2.2** - ![](https://img.shields.io/badge/version-1.2.2-blue)\n"
    _, after = execute(line.encode())
    assert after.decode() == line.replace("1.2.2", "1.2.3")


def test_a_badge_between_markers(execute):
    """A badge between markers is edited once, escaped as badges are."""
    text = "<!-- vwmp:version -->![](https://img.shields.io/badge/version-1.2.2-blue) 1.2.2<!-- /vwmp:version -->"
    _, after = execute(text.encode(), output={**OUTPUT, "new_version": "2.0.0-rc.1"})
    assert "version-2.0.0--rc.1-blue) 2.0.0-rc.1<" in after.decode()


def test_latin_1(execute):
    """A README in Latin-1 stays one; signs it lacks become character references."""
    before = "# Größe\n\n**Latest Release: v1.2.2** - 🐞 Fix: old\n".replace("🐞 ", "").encode("latin-1")
    _, after = execute(before, output={**OUTPUT, "summary": "✓ done"})
    assert after.decode("latin-1") == "# Größe\n\n**Latest Release: v1.2.3** - Feature: &#10003; done\n"


def test_wrong_badge_format(execute):
    """It is found before the run, and refused in it."""
    handler = ReadmeUpdateHandler()
    assert handler.validate_config({}).valid
    found = handler.validate_config({"badge_format": "x"})
    assert not found.valid and "badge_format: 'x'" in found.errors[0]
    with pytest.raises(PermanentError, match="badge_format"):
        execute(README.encode(), {"badge_format": "x"})
