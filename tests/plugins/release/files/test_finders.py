"""Finding the version in each kind of file: the right value, and none of its decoys."""

from __future__ import annotations

from pathlib import Path

import pytest
from vwmp_release.plugins.release.files.kinds import compile_pattern, find_pattern, finder, kind_of, project_name
from vwmp_release.plugins.release.files.match import Match

from vwmp_release.errors import PermanentError
from vwmp_release.support.textfile import TextFile, apply

PYPROJECT = '''\
# version = "9.9.9"
[build-system]
requires = ["hatchling>=1.2.3", 'x[extra] ; python_version < "3.9"']
version = "1.2.3"

[project]   # the project
name = "demo"
description = """
[project]
version = "1.2.3"
"""
"version" = '1.2.3' # version = "1.2.3"
dependencies = [
  "other==1.2.3", # ]
  "a[b]>=1",
]
urls = {version = "1.2.3", "x y" = { version = '1.2.3' }}
dynamic = []

[project.optional-dependencies]
version = ["1.2.3"]
[[tool.other]]
version = "1.2.3"
[tool.poetry.dependencies]
version = "1.2.3"
'''


def _find(kind: str, text: str, name: str = "file") -> list[Match]:
    return finder(kind)(TextFile(Path(name), text))


def _marked(kind: str, text: str) -> str:
    """Return the text with every found version replaced by `@`."""
    file = TextFile(Path("file"), text)
    return apply(file, [edit for match in finder(kind)(file) for edit in match.edits("@")]).text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pyproject.toml", "pyproject"),
        ("sub/Cargo.toml", "cargo"),
        ("other.toml", "toml"),
        ("setup.cfg", "cfg"),
        ("package.json", "json"),
        ("Chart.yaml", "yaml"),
        ("src/a/__init__.py", "python"),
        ("VERSION", "plain"),
        ("version.txt", "plain"),
        (".version", "plain"),
    ],
)
def test_kinds_are_known_by_name(name: str, kind: str) -> None:
    """The file's name says its kind."""
    assert kind_of(name) == kind


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("pyproject", PYPROJECT, PYPROJECT.replace("\"version\" = '1.2.3'", "\"version\" = '@'")),
        ("pyproject", '[project]\nversion="1.2.3"\n', '[project]\nversion="@"\n'),
        ("pyproject", 'project.version = "1.2.3"\n', 'project.version = "@"\n'),
        ("pyproject", 'project = { name = "a", version = "1.2.3" }\n', 'project = { name = "a", version = "@" }\n'),
        ("pyproject", '[ tool . "poetry" ]\nversion = "1.2.3"', '[ tool . "poetry" ]\nversion = "@"'),
        ("pyproject", '[project]\ndynamic = ["version"]\n[tool.x]\nversion = "1"\n', None),
        ("pyproject", "[project]\nversion = 1.2\n= nonsense\n[[x\nversion\n", None),
        (
            "pyproject",
            '= nonsense\n[project]\nx = ["1" 2]\nversion = "1.2.3"\n',
            '= nonsense\n[project]\nx = ["1" 2]\nversion = "@"\n',
        ),
        (
            "cargo",
            '[package]\nversion = "1.2.3"\n[dependencies]\nx = "1.2.3"\n',
            '[package]\nversion = "@"\n[dependencies]\nx = "1.2.3"\n',
        ),
        (
            "cargo",
            '[workspace.package]\nversion = "1"\n[package]\nversion.workspace = true\n',
            '[workspace.package]\nversion = "@"\n[package]\nversion.workspace = true\n',
        ),
        ("toml", 'version = "1.2.3"\n[x]\nversion = "1"\n', 'version = "@"\n[x]\nversion = "1"\n'),
        (
            "cfg",
            "# version = 1\n[metadata]\nname = x\nVersion : 1.2.3  \n[other]\nversion = 1.2.3\n",
            "# version = 1\n[metadata]\nname = x\nVersion : @  \n[other]\nversion = 1.2.3\n",
        ),
        (
            "cfg",
            "[metadata]\nversion = 1.2.3 # why\ndescription =\n  version = 1.2.3\n",
            "[metadata]\nversion = @ # why\ndescription =\n  version = 1.2.3\n",
        ),
        ("cfg", "[metadata]\nversion = attr: a.__version__\n", None),
        ("cfg", "[metadata]\nversion = file: VERSION\n", None),
        ("cfg", "[metadata]\nversion = attr:\n", None),
        (
            "python",
            '"""Doc\n__version__ = "1"\n"""\n# __version__ = "1"\n__version__ = "1.2.3"  # x\n',
            '"""Doc\n__version__ = "1"\n"""\n# __version__ = "1"\n__version__ = "@"  # x\n',
        ),
        ("python", "__version__: str = '1.2.3'\nx = '__version__'\n", "__version__: str = '@'\nx = '__version__'\n"),
        ("python", "try:\n    x\nexcept E:\n    __version__ = '0'\n", None),
        (
            "python",
            '__version__ = version("x")\n__version__ = f"1"\n__version__ = "1" + x\nVERSION_STRING = "1"\n',
            None,
        ),
        ("python", "x = \"'''\"\n__version__ = '1.2.3'", "x = \"'''\"\n__version__ = '@'"),
        (
            "json",
            '{"a": {"version": "1"}, "b": [{"version": "1"}], "version" : "1.2.3", "c": "\\"version\\": \\"1\\""}',
            '{"a": {"version": "1"}, "b": [{"version": "1"}], "version" : "@", "c": "\\"version\\": \\"1\\""}',
        ),
        ("json", '[{"version": "1"}]', None),
        ("json", '{"version": 1, "x": "version"}', None),
        ("json", '{"x": "]", "y": "{", "version": "1.2.3"}', '{"x": "]", "y": "{", "version": "@"}'),
        (
            "yaml",
            "name: x\nversion: 1.2.3 # c\nappVersion: 1\ndeps:\n  - version: 1\n  version: 2\n",
            "name: x\nversion: @ # c\nappVersion: 1\ndeps:\n  - version: 1\n  version: 2\n",
        ),
        ("yaml", "\"version\": '1.2.3'\n", "\"version\": '@'\n"),
        ("yaml", "version: {a: 1}\n", None),
        ("plain", "1.2.3\n", "@\n"),
        ("plain", "v1.2.3-rc.1+2", "v@"),
        ("plain", "\n  1.2.3 \n\n", "\n  @ \n\n"),
        ("plain", "1.2.3\n1.2.4\n", None),
        ("plain", "version 1.2.3\n", None),
        ("plain", "", None),
    ],
)
def test_the_right_value_is_found(kind: str, text: str, expected: str | None, newline: str, bom: str) -> None:
    """The version is found by its place in the format, with any newline and with a byte order mark."""
    given = bom + text.replace("\n", newline)
    assert _marked(kind, given) == bom + (text if expected is None else expected).replace("\n", newline)


def test_the_five_lines_of_the_scheme_epic() -> None:
    """The five numbers are one version; comments stay, and a literal VERSION_STRING follows."""
    text = (
        '"""Doc."""\nVERSION_RC = 0        # Release candidate\nVERSION_EPIC = 6\nVERSION_STORY: int = 9\n'
        'VERSION_TASK = 5\nVERSION_BUILD = 4 # Build 4\nVERSION_STRING = "0.6.9.5+4"\n# Current: 0.6.9.5+4\n'
    )
    file = TextFile(Path("version.py"), text)
    matches = finder("python")(file)
    assert [match.text for match in matches] == ["0.6.9.5+4", "0.6.9.5+4"]
    edited = apply(file, [edit for match in matches for edit in match.edits("1.10.0.2+11")]).text
    assert edited == (
        '"""Doc."""\nVERSION_RC = 1        # Release candidate\nVERSION_EPIC = 10\nVERSION_STORY: int = 0\n'
        'VERSION_TASK = 2\nVERSION_BUILD = 11 # Build 4\nVERSION_STRING = "1.10.0.2+11"\n# Current: 0.6.9.5+4\n'
    )


@pytest.mark.parametrize("text", ["VERSION_RC = 1\nVERSION_EPIC = 2\n", "VERSION_RC = 1\n" * 2 + "VERSION_EPIC = 1\n"])
def test_fewer_or_doubled_lines_are_no_version(text: str) -> None:
    """All five lines must be there, each once."""
    assert _find("python", text) == []


def test_deep_nesting_ends(tmp_path: Path) -> None:
    """Arrays that are nested without end are passed over."""
    assert _find("pyproject", "x = " + "[" * 5000 + '\n[project]\nversion = "1"\n')[0].text == "1"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ('version: "{version}"', 'version: "1.2.3"\nversion: "x"', ["1.2.3"]),
        ("image:{version}", "image:1.2.3-rc.1+5.", ["1.2.3-rc.1+5"]),
        (r"^v(?P<version>\d+)$", "v1\nv22\nv3x", ["1", "22"]),
    ],
)
def test_patterns(pattern: str, text: str, found: list[str]) -> None:
    """A pattern is a regular expression with the group, or literal text with `{version}`."""
    matches = find_pattern(TextFile(Path("f"), text), compile_pattern(pattern))
    assert [match.text for match in matches] == found


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("version", "does not say where"),
        ("{version}{version}", "does not say where"),
        ("(?P<version>", "no regular expression"),
        ("(?P<version>x)" + "y" * 500, "at most 500"),
    ],
)
def test_bad_patterns_are_refused(pattern: str, words: str) -> None:
    """A pattern that is none is refused with the reason."""
    with pytest.raises(PermanentError, match=words):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\nname = "demo"\n', "demo"),
        ("package.json", '{"a": {"name": "no"}, "name": "demo"}', "demo"),
        ("package.json", "{}", ""),
        ("pyproject.toml", "[project]\n", ""),
        ("VERSION", "1.2.3", ""),
    ],
)
def test_manifests_name_the_project(name: str, text: str, expected: str) -> None:
    """TOML and JSON manifests say the project's name."""
    assert project_name(TextFile(Path(name), text)) == expected
