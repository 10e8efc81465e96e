"""What no tool checks: sizes, docstrings of the public names, private paths, links, and what ships."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import vwmp_release.interfaces

ROOT = Path(__file__).resolve().parents[2]
_MODULE_LINES = 330
_FUNCTION_LINES = 55
_SOURCES = ("vwmp_release", "plugins", "benchmarks", ".github")
_COMMON = {"/", "/app", "/home", "/mnt", "/opt", "/root", "/src", "/srv", "/tmp", "/usr", "/var", "/Users"}
_LINK = re.compile(r"(?<!!)!?\[[^\]\n]*\]\(<?([^)\s>]+)>?[^)\n]*\)|^\[[^\]\n]+\]:\s*<?(\S+?)>?\s*$", re.M)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


def _tracked() -> list[str]:
    """Name the files of the repository: tracked ones and those that would be added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def _sources() -> list[str]:
    return [name for name in _tracked() if name.endswith(".py") and name.startswith(_SOURCES)]


def _headings(text: str) -> set[str]:
    """Give the anchors that GitHub makes of a document's headings."""
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", _FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _broken(name: str) -> Iterator[str]:
    """Name the relative links of a document that lead nowhere."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for match in _LINK.finditer(_FENCE.sub("", text)):
        target = match[1] or match[2]
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        file, _, anchor = target.partition("#")
        found = path if not file else path.parent / unquote(file)
        if not found.exists():
            yield f"{name}: {target}"
        elif anchor and found.suffix == ".md" and anchor not in _headings(found.read_text(encoding="utf-8")):
            yield f"{name}: {target}: no such heading"


def test_modules_are_small() -> None:
    """No module is longer than the ceiling; 300 lines is what to aim for."""
    sizes = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in _sources()}
    assert sizes
    assert {name: lines for name, lines in sizes.items() if lines > _MODULE_LINES} == {}


def test_functions_are_small() -> None:
    """No function is longer than the ceiling, its docstring left out; 40 lines is what to aim for."""
    long = {}
    for name in _sources():
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                documented = body[0].lineno - node.body[0].lineno
                lines = (node.end_lineno or node.lineno) - node.lineno + 1 - documented
                if lines > _FUNCTION_LINES:
                    long[f"{name}:{node.lineno} {node.name}"] = lines
    assert long == {}


@pytest.mark.parametrize("name", vwmp_release.interfaces.__all__)
def test_public_name_is_documented(name: str) -> None:
    """Every public class of the interfaces, and every public method of it, has a docstring of its own."""
    public = getattr(vwmp_release.interfaces, name)
    assert inspect.isclass(public)
    fields = {*getattr(public, "__dataclass_fields__", ())}  # a field may have a function as its default
    methods = {k: v for k, v in vars(public).items() if inspect.isfunction(v) and not k.startswith("_")}
    # A dataclass without a docstring gets its signature as one.
    missing = [] if public.__doc__ and not public.__doc__.startswith(f"{name}(") else [name]
    assert missing + [f"{name}.{key}" for key in methods.keys() - fields if not inspect.getdoc(methods[key])] == []


def _private() -> re.Pattern[bytes]:
    """Match what only this machine has: the checkout's folder and its neighbours, the home, package registries."""
    folders = {str(ROOT), os.path.expanduser("~" + os.environ.get("USER", "")), *_registries()}
    folders |= {f"{ROOT.parent}/"} if str(ROOT.parent) not in _COMMON else set()
    wanted = sorted(text for text in folders if text and text not in _COMMON)
    return re.compile(rb"(?<![\w.:~-])(?:" + b"|".join(re.escape(text).encode() for text in wanted) + rb")")


def _registries() -> set[str]:
    """Give the hosts and folders that this machine's environment names as sources of packages."""
    names = [name for name in os.environ if re.search(r"INDEX_URL|REGISTRY|GOPROXY|FIND_LINKS", name, re.IGNORECASE)]
    words = [word for name in names for word in re.split(r"[\s,|]+", os.environ[name]) if word]
    hosts = {match[1] if (match := re.search(r"//(?:[^/@]*@)?([\w.-]+)", word)) else word for word in words}
    return hosts - {"direct", "off"}  # words of Go's module proxy setting


def test_no_private_paths() -> None:
    """No file names this machine's folders, its user's home, or the places that packages come from here."""
    pattern = _private()
    assert pattern.search(f"see {ROOT}/x".encode())
    found = {name: pattern.findall((ROOT / name).read_bytes()) for name in _tracked()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_links_lead_somewhere() -> None:
    """Every relative link and anchor of every Markdown document exists."""
    documents = [name for name in _tracked() if name.endswith(".md")]
    assert documents
    assert [broken for name in documents for broken in _broken(name)] == []


def test_link_check_sees_broken_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above finds a missing file and a missing heading, and leaves code and web links alone."""
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "a.md").write_text(
        "# One `two`!\n[ok](#one-two) [web](https://example.org/x) [gone](b.md) [bad](a.md#three)\n"
        "```\n[code](c.md)\n```\n[ref]: d.md\n",
        encoding="utf-8",
    )
    assert list(_broken("a.md")) == ["a.md: b.md", "a.md: a.md#three: no such heading", "a.md: d.md"]


def test_packages_are_all_listed() -> None:
    """Every folder with an `__init__.py` is in pyproject's list of packages; a forgotten one would not ship."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = [path.parent for source in _SOURCES[:2] for path in (ROOT / source).rglob("__init__.py")]
    names = [".".join(folder.relative_to(ROOT).parts) for folder in folders]
    packages = [name if name.startswith("vwmp_release") else f"vwmp_release.{name}" for name in names]
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(packages)
