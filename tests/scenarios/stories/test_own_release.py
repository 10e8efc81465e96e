"""The project releases itself with its own configuration."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def checkout(project, root):
    """Give a copy of the project's files as a repository with a remote, and commits that ask for a release."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    files = {name: (root / name).read_bytes() for name in listed if name and (root / name).is_file()}
    repo = project(files, tag="")
    version = repo.git("grep", "-h", "^version = ", "--", "pyproject.toml").split('"')[1]
    repo.tag(f"v{version}")
    repo.commit("feat: do more")
    repo.commit("fix(git): do it right")
    repo.git("push", "--quiet", "origin", "main")
    return repo


def test_it_releases_itself(checkout, release, tool, outcomes):
    """Both version files and the changelog change; a second run has nothing to release, and says why."""
    document = release(checkout)
    version = document["version"]
    changed = {change["path"] for change in document["files"]}
    assert changed == {"pyproject.toml", "vwmp_release/__init__.py", "CHANGELOG.md"}
    assert f'\nversion = "{version}"\n' in checkout.show("pyproject.toml").decode()
    assert f'__version__ = "{version}"' in checkout.show("vwmp_release/__init__.py").decode()
    assert f"## {version} (2026-01-31)" in checkout.show("CHANGELOG.md").decode()
    assert outcomes(document)["run_validators"] == "success"

    checkout.commit("docs: say it better")
    again = tool(checkout, "run", "--json").json
    assert (again["status"], again["exit_status"], again["undone"]) == ("nothing", 0, True)
    assert [line.partition(" ")[2] for line in again["details"]] == [
        "docs: say it better: the type docs asks for no release"
    ]
    assert tool(checkout, "run", "--strict", "--json", status=3).json["status"] == "nothing"
    assert tool(checkout, "version", "--next").out == ""
    assert tool(checkout, "version", "--current").out == f"{version}\n"


def test_its_setup_is_in_order(checkout, tool):
    """`check` finds nothing, and the schema that editors get accepts the project's configuration."""
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    assert tool(checkout, "check", "--json").json["status"] == "in-order"
    schema = tool(checkout, "config", "schema").json
    checker = jsonschema.validators.validator_for(schema)
    checker.check_schema(schema)
    own = yaml.safe_load(checkout.show("vwmp_config.yaml"))
    checker(schema).validate(own)
    with pytest.raises(jsonschema.ValidationError):
        checker(schema).validate({**own, "workflow_typs": {}})
