"""The one door: which files are read, what they may be, and that all problems come at once."""

import os
import subprocess
import sys

import pytest

from vwmp_release.core.config import load
from vwmp_release.errors import ConfigError, Place, UsageError


def test_no_file(tmp_path):
    """Zero configuration is an empty configuration."""
    config = load(tmp_path)
    assert (config.root, config.files, config.data) == (tmp_path, (), {})


def test_no_file_loads_neither_parser_nor_validator(tmp_path):
    """Zero configuration imports neither PyYAML nor jsonschema."""
    code = (
        "import sys, pathlib; from vwmp_release.core.config import load; load(pathlib.Path(sys.argv[1]));"
        "print(sorted({'yaml', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["vwmp_config.yaml", "vwmp_config.yml"])
def test_default_file(tmp_path, name):
    """The file at the root is found by itself, under either name."""
    (tmp_path / name).write_text("config_version: 1\n")
    config = load(tmp_path)
    assert config.files == (tmp_path / name,)
    assert config.data == {"config_version": 1}


def test_two_default_files(write):
    """Two files that could be meant are an error that names both."""
    with pytest.raises(ConfigError, match=r"vwmp_config\.yaml and vwmp_config\.yml both exist"):
        load(write("", **{"vwmp_config.yml": ""}))


def test_named_file(write, tmp_path):
    """A named file stands in for the default one, and may be outside the repository."""
    root = write("plugins: {enabled: false}")
    other = tmp_path / "other.yaml"
    other.write_text("plugins: {enabled: true}")
    config = load(root, other)
    assert config.get("plugins", "enabled") is True
    assert config.value_place(("plugins",)) == Place(other.as_posix(), 1, 10)


def test_named_file_that_is_missing(tmp_path):
    """A named file must exist and be a file."""
    with pytest.raises(UsageError, match=r"none\.yaml does not exist"):
        load(tmp_path, tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="is no file"):
        load(tmp_path, tmp_path)


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_empty_file(config, text):
    """A file without content is as good as none."""
    assert config(text).data == {}


def test_sections_without_content(config):
    """Sections whose keys are all commented out count as not given; other null values stay."""
    text = (
        "plugins:\nworkflow_types:\n  release:\n    config:\nstep_handlers:\n  git.push:\n    retry:\n"
        "    config: {branch: null}\n"
    )
    assert config(text).data == {
        "workflow_types": {"release": {}},
        "step_handlers": {"git.push": {"config": {"branch": None}}},
    }


def test_workflow_without_content(problems_of):
    """A workflow must have a definition."""
    assert problems_of("workflows:\n  docs:\n") == [
        "vwmp_config.yaml:2:8: workflows.docs: must be a string or a mapping, got nothing"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- a", "vwmp_config.yaml:1:1: must hold a mapping of keys to values"),
        ("a: b: c", "vwmp_config.yaml:1:5: mapping values are not allowed here"),
        ("x" * (1024 * 1024 + 1), "vwmp_config.yaml: has more than 1,048,576 bytes"),
        ("config_version: 2\nnew: 1", "vwmp_config.yaml:1:17: config_version: is 2, written for a newer vwmp-release: "
         "this one reads version 1"),
        ("config_version: 0", "vwmp_config.yaml:1:17: config_version: must be 1; got the number 0"),
    ],
)  # fmt: skip
def test_unusable_files(problems_of, text, line):
    """What is no configuration at all is said once."""
    assert problems_of(text) == [line]


def test_no_utf8(write):
    """A file in another encoding is refused with the offset of the first wrong byte."""
    root = write()
    (root / "vwmp_config.yaml").write_bytes(b"a: \xe4")
    with pytest.raises(ConfigError, match=r"vwmp_config.yaml:1:4: is not UTF-8: byte 0xe4 at offset 3"):
        load(root)


def test_no_regular_file(write):
    """A pipe in the place of the file is refused, not read for ever."""
    root = write()
    (root / "vwmp_config.yaml").unlink()
    os.mkfifo(root / "vwmp_config.yaml")
    with pytest.raises(ConfigError, match="cannot be read: it is no regular file"):
        load(root)


def test_link_out_of_the_repository(write, tmp_path):
    """A default file that is a link to somewhere outside is refused."""
    root = write()
    (tmp_path / "secret").write_text("password: x")
    (root / "vwmp_config.yaml").unlink()
    (root / "vwmp_config.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigError, match=r"^vwmp_config.yaml: is a link that leads out of the repository$"):
        load(root)


def test_all_problems_of_all_files_in_their_order(problems_of):
    """Problems come together: unreadable files, wrong paths and wrong keys, by file and line."""
    text = "plugin: 1\nextends: [broken.yaml, none.yaml]\nworkflows: {docs: {stps: []}}\n"
    assert problems_of(text, **{"broken.yaml": "a: b: c"}) == [
        "broken.yaml:1:5: mapping values are not allowed here",
        "vwmp_config.yaml:1:1: unknown key 'plugin'",
        "vwmp_config.yaml:2:24: extends: the file 'none.yaml' does not exist",
        "vwmp_config.yaml:3:20: workflows.docs: unknown key 'stps'",
    ]
