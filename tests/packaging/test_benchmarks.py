"""The benchmarks' own parts: the sample repository and the table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def benchmark(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Import a module of `benchmarks/`, which is no package."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))

    def load(name: str) -> ModuleType:
        module = __import__(name)
        for loaded in ("run", "measure", "make_repo"):
            monkeypatch.delitem(sys.modules, loaded, raising=False)
        return module

    return load


def test_sample_is_reproducible(
    benchmark: Callable[[str], ModuleType], git: Callable[..., str], tmp_path: Path
) -> None:
    """The same arguments give the same commits, another seed gives others."""
    make_repo = benchmark("make_repo")
    heads = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_repo.build(tmp_path / name, commits=30, unreleased=5, every=10, seed=seed)
        heads.append(git("rev-parse", "HEAD", cwd=tmp_path / name))
    assert heads[0] == heads[1] != heads[2]


def test_sample_has_a_release_to_make(
    benchmark: Callable[[str], ModuleType], git: Callable[..., str], tmp_path: Path
) -> None:
    """The sample has its commits, tags that match its version file, and a clean tree."""
    work = tmp_path / "work"
    benchmark("make_repo").build(work, commits=30, unreleased=5, every=10)
    assert git("rev-list", "--count", "HEAD", cwd=work) == "30"
    assert git("describe", "--tags", cwd=work).startswith("v0.4.0-5-g")
    assert 'version = "0.4.0"' in (work / "pyproject.toml").read_text(encoding="utf-8")
    assert git("status", "--porcelain", cwd=work) == ""
    assert git("log", "-1", "--format=%s", cwd=work).startswith("feat: ")


@pytest.mark.skipif(not hasattr(__import__("os"), "wait4"), reason="measuring needs wait4")
def test_measuring(benchmark: Callable[[str], ModuleType], tmp_path: Path) -> None:
    """A command that computes more than its baseline has a ratio above one; one that fails is no measurement."""
    measure = benchmark("measure")
    python = [sys.executable, "-I", "-c"]
    busy: Any = measure.paired(
        [*python, "sum(range(9_000_000))"], [*python, "pass"], 2, lambda: tmp_path, {}, tmp_path / "log"
    )
    assert busy.ratio > 1
    assert busy.more > 0
    with pytest.raises(SystemExit, match="ended with 3"):
        measure.once([*python, "raise SystemExit(3)"], tmp_path, {}, tmp_path / "log")


@pytest.mark.skipif(not hasattr(__import__("os"), "wait4"), reason="measuring needs wait4")
def test_table_is_replaced(benchmark: Callable[[str], ModuleType], tmp_path: Path) -> None:
    """A new table takes the old one's place in the document; the text around it stays."""
    run = benchmark("run")
    page = tmp_path / "benchmarks.md"
    run.write(page, run.table([run.Row("x", "≤ 1×", "2×", False)], 3))
    assert "| x | ≤ 1× | 2× | no |\n" in page.read_text(encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8") + "After.\n", encoding="utf-8")
    run.write(page, run.table([run.Row("y", "≤ 1×", "1×", True)], 3))
    text = page.read_text(encoding="utf-8")
    assert "| x |" not in text
    assert text.startswith("# Benchmarks\n\n<!--")
    assert "| y | ≤ 1× | 1× | yes |\n" in text
    assert text.endswith("-->\nAfter.\n")
