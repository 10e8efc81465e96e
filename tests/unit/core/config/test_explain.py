"""Where values came from."""

from vwmp_release.core.config import Origin, Resolved, Row, rows
from vwmp_release.errors import Place


def test_rows():
    """A row has the value's name, the value, and level, source and place in one line."""
    place = Place("vwmp_config.yaml", 4, 7)
    resolved = {
        "git.push": {
            "remote": Resolved("up", Origin("workflow", "workflow_types.release.config.remote", place)),
            "force": Resolved(False, Origin("default", "schema of git.push")),
        },
        "": {"workspace": Resolved("shadow", Origin("environment", "VWMP_CONFIG_WORKSPACE"))},
    }
    assert rows(resolved) == [
        Row("git.push.remote", "up", "workflow: workflow_types.release.config.remote (vwmp_config.yaml:4:7)"),
        Row("git.push.force", False, "default: schema of git.push"),
        Row("workspace", "shadow", "environment: VWMP_CONFIG_WORKSPACE"),
    ]
