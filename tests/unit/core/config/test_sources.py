"""Files that name other files."""

from pathlib import Path

import pytest

from vwmp_release.core.config import load, sources
from vwmp_release.errors import ConfigError, Place


def place(config, *path):
    return str(config.value_place(path))


def test_extends(config):
    """Later files win over earlier ones, the file itself over all; every value keeps its place."""
    loaded = config(
        "extends: [conf/a.yaml, conf/b.yaml]\ndefaults: {own: 1}\n",
        **{
            "conf/a.yaml": "extends: base.yaml\ndefaults: {a: a, both: a}\n",
            "conf/b.yaml": "defaults:\n  both: b\n",
            "conf/base.yaml": "defaults: {base: 0, a: 0, own: 0}\n",
        },
    )
    assert loaded.data == {"defaults": {"base": 0, "a": "a", "both": "b", "own": 1}}
    assert [path.name for path in loaded.files] == ["vwmp_config.yaml", "a.yaml", "base.yaml", "b.yaml"]
    assert place(loaded, "defaults", "base") == "conf/base.yaml:1:18"
    assert place(loaded, "defaults", "both") == "conf/b.yaml:2:9"
    assert place(loaded, "defaults", "own") == "vwmp_config.yaml:2:17"


def test_extends_a_diamond(config):
    """Two files may build on the same third one."""
    loaded = config(
        "extends: [a.yaml, b.yaml]",
        **dict.fromkeys(("a.yaml", "b.yaml"), "extends: c.yaml"),
        **{"c.yaml": "packages: []"},
    )
    assert loaded.data == {"packages": []}
    assert len(loaded.files) == 4


def test_problem_in_an_extended_file(problems_of):
    """A wrong value is named with the file that it came from."""
    assert problems_of("extends: a.yaml", **{"a.yaml": "plugins:\n  auto_load: 1\n"}) == [
        "a.yaml:2:14: plugins.auto_load: must be true or false, got the number 1"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("extends: vwmp_config.yaml", "vwmp_config.yaml:1:10: extends: files extend each other in a circle: "
         "vwmp_config.yaml -> vwmp_config.yaml"),
        ("extends: a.yaml", "a.yaml:1:10: extends: files extend each other in a circle: "
         "vwmp_config.yaml -> a.yaml -> vwmp_config.yaml"),
        ("extends: 1", "vwmp_config.yaml:1:10: extends: must be the path of a file, or a list of paths"),
        ("extends: [a, '']", "vwmp_config.yaml:1:10: extends: must be the path of a file, or a list of paths"),
        ("extends: ../x.yaml", "vwmp_config.yaml:1:10: extends: '../x.yaml' is outside the repository"),
        ("extends: /etc/hosts", "vwmp_config.yaml:1:10: extends: '/etc/hosts' is outside the repository"),
        ('extends: "a\\0b"', "vwmp_config.yaml:1:10: extends: 'a\\x00b' is outside the repository"),
        ("extends: out.yaml", "vwmp_config.yaml:1:10: extends: 'out.yaml' is outside the repository"),
        ("extends: none.yaml", "vwmp_config.yaml:1:10: extends: the file 'none.yaml' does not exist"),
        ("workflows: {x: none.yaml}", "vwmp_config.yaml:1:16: workflows.x: the file 'none.yaml' does not exist"),
        ("workflows: {x: {file: ../y}}", "vwmp_config.yaml:1:23: workflows.x: '../y' is outside the repository"),
        ("workflows: {x: {file: 1}}", "vwmp_config.yaml:1:23: workflows.x.file: must be a string, got the number 1"),
        ("workflows: {x: nested.yaml}", "nested.yaml:1:1: file: this file is a definition already"),
    ],
)  # fmt: skip
def test_wrong_files(write, tmp_path, problems_of, text, line):
    """Files must exist inside the repository and not lead in a circle."""
    (tmp_path / "secret.yaml").write_text("a: 1")
    write()
    (tmp_path / "repo/out.yaml").symlink_to(tmp_path / "secret.yaml")
    files = {"a.yaml": "extends: vwmp_config.yaml", "nested.yaml": "file: a.yaml\nsteps: []\n"}
    assert problems_of(text, **files) == [line]


def test_too_many_files(monkeypatch, problems_of):
    """The number of files is bounded."""
    monkeypatch.setattr(sources, "_MAX_FILES", 3)
    files = {f"{n}.yaml": f"extends: {n + 1}.yaml" for n in range(9)}
    assert problems_of("extends: 0.yaml", **files) == ["1.yaml:1:10: extends: the configuration has more than 3 files"]


@pytest.mark.parametrize("form", ["flows/docs.yaml", "{file: flows/docs.yaml}"])
def test_workflow_in_a_file(config, form):
    """A workflow's definition may stand in a file; its places are those of that file."""
    loaded = config(
        f"workflows:\n  docs: {form}\n", **{"flows/docs.yaml": "type: testing\nsteps:\n- {id: a, handler: x.y}\n"}
    )
    assert loaded.data == {"workflows": {"docs": {"type": "testing", "steps": [{"id": "a", "handler": "x.y"}]}}}
    assert place(loaded, "workflows", "docs", "steps", 0, "handler") == "flows/docs.yaml:3:20"
    assert place(loaded, "workflows", "docs") == "vwmp_config.yaml:2:9"
    assert str(loaded.key_place(("workflows", "docs"))) == "vwmp_config.yaml:2:3"


def test_keys_beside_the_file(config):
    """Keys beside `file` win over the file's, key by key."""
    loaded = config(
        "workflows:\n  docs:\n    file: d.yaml\n    config: {a: 2}\n    type: own\n",
        **{"d.yaml": "type: testing\nconfig: {a: 1, b: 1}\n"},
    )
    assert loaded.data == {"workflows": {"docs": {"type": "own", "config": {"a": 2, "b": 1}}}}
    assert place(loaded, "workflows", "docs", "config", "a") == "vwmp_config.yaml:4:17"
    assert place(loaded, "workflows", "docs", "config", "b") == "d.yaml:2:19"


def test_workflow_file_of_an_extended_file(config):
    """A path is meant from the folder of the file that names it."""
    loaded = config("extends: conf/a.yaml", **{"conf/a.yaml": "workflows: {x: w.yaml}", "conf/w.yaml": "steps: []"})
    assert loaded.data == {"workflows": {"x": {"steps": []}}}


def test_link_inside_the_repository(write):
    """A link that stays inside the repository is fine."""
    root = write("extends: link.yaml", **{"real.yaml": "packages: []"})
    (root / "link.yaml").symlink_to("real.yaml")
    assert load(root).data == {"packages": []}


def test_root_through_a_link(write, tmp_path):
    """A repository that is reached through a link is still the inside."""
    write("extends: a.yaml", **{"a.yaml": "plugins: {enabled: 1}"})
    (tmp_path / "link").symlink_to(tmp_path / "repo")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "link")
    assert caught.value.problems[0].place == Place("a.yaml", 1, 20)


def test_unreadable_file(write, monkeypatch):
    """A file that the system refuses to open is a problem of its own."""

    opened = Path.open

    def refuse(path, *args, **kwargs):
        if path.name == "vwmp_config.yaml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    root = write("packages: []")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match=r"vwmp_config.yaml: cannot be read: Permission denied"):
        load(root)
