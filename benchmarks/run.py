"""Measures vwmp-release against its goals and prints a Markdown table.

run.py [--runs 7] [--only TEXT] [--environment FOLDER] [--write docs/benchmarks.md]

Standard library only; Linux or macOS. Installs the project, not editable, into an environment of its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from make_repo import build
from measure import Pair, once, paired

ROOT = Path(__file__).resolve().parents[1]
_BEGIN, _END = "<!-- table: begin -->", "<!-- table: end -->"
_HEAVY = ("click", "git", "jsonschema", "rich")
_SHELL = """\
sed -i.old 's/^version = .*/version = "0.4.0"/' pyproject.toml && rm pyproject.toml.old
{ printf '# Changelog\\n\\n## 0.4.0\\n\\n'; git log --format='- %s' v0.3.0..HEAD; } > CHANGELOG.md
git commit -q -a -m 'chore(release): 0.4.0'
git tag -a -m 'Release v0.4.0' v0.4.0
git push -q --atomic origin main v0.4.0
"""
_MATCH = """\
import re, subprocess, sys
with open("message", encoding="utf-8") as file:
    sys.exit(not re.match(r"[a-z]+(?:\\([^()\\n]+\\))?!?: \\S", file.readline()))
"""
_PLUGIN = """\
from vwmp_release.interfaces import StepHandler, StepResult, StepStatus, ValidationResult


class Nothing(StepHandler):
    effect = "none"

    def execute(self, context):
        return StepResult(context.step_id, StepStatus.SUCCESS)

    def validate_config(self, config):
        return ValidationResult(True)

    def get_config_schema(self):
        return {"type": "object", "properties": {}}

    def get_step_info(self):
        return {"name": "Nothing", "description": "Does nothing", "icon": "", "category": "test"}


def register_plugin(registry):
    registry.register_step_handler("nothing.step", Nothing())
"""


class Row(NamedTuple):
    """One line of the table: what was measured, the goal, and what came out."""

    what: str
    goal: str
    measured: str
    met: bool


class Bench:
    """The installed program, and sample repositories made anew for every run.

    Args:
        scratch: Folder for everything; the caller deletes it.
        environment: Environment to install into, kept; None makes one in `scratch`.
        runs: How many pairs of runs count.
    """

    def __init__(self, scratch: Path, environment: Path | None, runs: int) -> None:
        self.scratch = scratch
        self.runs = runs
        self.log = scratch / "log"
        folder = environment or scratch / "environment"
        self.python, self.program = str(folder / "bin" / "python"), str(folder / "bin" / "vwmp-release")
        home = scratch / "home"
        home.mkdir()
        self.config = home / "gitconfig"
        self.config.write_text("[user]\nname = Bench\nemail = bench@example.org\n[init]\ndefaultBranch = main\n")
        dropped = ("GITHUB_", "GIT_", "VWMP_", "PYTHON", "COVERAGE_", "CI")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        own = {"HOME": str(home), "GIT_CONFIG_GLOBAL": str(self.config), "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1"}
        self.env = kept | own
        self._install(folder)
        self._numbers = itertools.count()
        self._source = scratch / "source"
        build(self._source, commits=100, unreleased=10, every=50)

    def _install(self, folder: Path) -> None:
        sources = self.scratch / "sources"  # a copy: a build leaves files in its source folder
        for name in ("pyproject.toml", "README.md", "LICENSE", "vwmp_release", "plugins"):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif (ROOT / name).exists():
                sources.mkdir(exist_ok=True)
                shutil.copy2(ROOT / name, sources / name)
        if not Path(self.python).exists():
            venv.create(folder, with_pip=True)
        pip = [self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--force-reinstall", "--no-deps", str(sources)], check=True)
        subprocess.run([*pip, str(sources)], check=True)

    def clone(self) -> Path:
        """Make a fresh clone of the sample repository, with a bare remote of its own, and return its work tree."""
        bare, work = (self.scratch / f"{kind}-{next(self._numbers)}" for kind in ("bare", "work"))
        self._git("clone", "-q", "--bare", "--local", self._source, bare)
        self._git("clone", "-q", bare, work)
        return work

    def workflow(self) -> Path:
        """Make a repository with a workflow of ten steps that do nothing, handled by a plugin from a folder."""
        work = self.scratch / f"steps-{next(self._numbers)}"
        plugin = work / "release-plugins" / "nothing"
        plugin.mkdir(parents=True)
        (plugin / "__init__.py").write_text(_PLUGIN)
        steps = [{"id": f"step{number}", "handler": "nothing.step"} for number in range(10)]
        config = {
            "plugins": {"discovery": {"method": "file_based", "directories": ["release-plugins"]}},
            "workflows": {"ten": {"type": "testing", "steps": steps}},
        }
        (work / "vwmp_config.yaml").write_text(json.dumps(config))  # JSON is YAML
        self._git("init", "-q", work)
        self._git("-C", work, "add", ".")
        self._git("-C", work, "commit", "-q", "-m", "chore: start")
        return work

    def _git(self, *args: str | Path) -> None:
        subprocess.run(["git", *map(str, args)], check=True, env=self.env)

    def pair(self, ours: list[str], base: list[str], folder: Callable[[], Path]) -> Pair:
        """Measure the program with these arguments against a baseline."""
        return paired([self.program, *ours], base, self.runs, folder, self.env, self.log)


def start(bench: Bench) -> Iterator[Row]:
    """Start-up: what every call pays."""
    folder = bench.scratch
    (folder / "message").write_text("feat(api): add paging\n\nThe list was cut.\n\nRefs: #12\n")
    base = [bench.python, "-I", "-c", "pass"]
    yield _ratio("`--version` / `python -I -c pass`", 3.0, bench.pair(["--version"], base, lambda: folder))
    got = bench.pair(["lint-message", "message"], base, lambda: folder)
    yield _ratio("`lint-message` / `python -I -c pass`", 4.0, got)
    base = [bench.python, "-I", "-c", _MATCH]
    got = bench.pair(["lint-message", "message"], base, lambda: folder)
    yield _ratio("`lint-message` / one regular expression in Python", 2.0, got)


def release(bench: Bench) -> Iterator[Row]:
    """A release of 10 commits in a repository of 100, pushed to a bare remote, against the same by hand."""
    shell = ["sh", "-e", "-c", _SHELL]
    yield _ratio("`plan`, 100 commits / release by shell", 14.0, bench.pair(["plan"], shell, bench.clone))
    got = bench.pair(["run"], shell, bench.clone)
    yield _ratio("`run`, 100 commits / release by shell", 14.0, got)
    yield Row("largest process of `run`", "≤ 60 MiB", f"{got.peak:.0f} MiB", got.peak <= 60)


def engine(bench: Bench) -> Iterator[Row]:
    """What the engine adds to ten steps that do nothing, beyond start-up and reading the workflow."""
    got = bench.pair(["run", "ten"], [bench.program, "graph", "ten"], bench.workflow)
    more = got.more * 1000
    yield Row("ten steps that do nothing, beyond `graph`", "≤ 10 ms CPU", f"{more:.1f} ms CPU", more <= 10)


def processes(bench: Bench) -> Iterator[Row]:
    """How many git processes a release starts: those of the program, and with what git itself starts."""
    traces = bench.scratch / "traces"
    traces.mkdir()
    plain = bench.config.read_text()
    work = bench.clone()
    bench.config.write_text(f"{plain}[trace2]\neventTarget = {traces}\n")  # the program drops GIT_TRACE2_* variables
    once([bench.program, "run"], work, bench.env, bench.log)
    bench.config.write_text(plain)
    # The session id of a git that was started by a git holds its parent's, before a slash.
    sessions = [json.loads(path.read_text().partition("\n")[0])["sid"] for path in traces.iterdir()]
    own = sum("/" not in session for session in sessions)
    yield Row("git processes of one release", "≤ 30", f"{own}, and {len(sessions) - own} started by git", own <= 30)


def imports(bench: Bench) -> Iterator[Row]:
    """Which heavy packages a release without any configuration loads."""
    once([bench.program, "run"], bench.clone(), bench.env | {"PYTHONPROFILEIMPORTTIME": "1"}, bench.log)
    lines = [line for line in bench.log.read_text(errors="replace").splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    found = [name for name in _HEAVY if name in loaded]
    yield Row(
        f"of {', '.join(_HEAVY)}: loaded by `run` without a configuration",
        "at most click, rich",
        f"{', '.join(found) or 'none'} ({len(lines)} modules in all)",
        not {"jsonschema", "git"} & set(found),
    )


_GROUPS = (start, release, engine, processes, imports)


def _ratio(what: str, limit: float, got: Pair) -> Row:
    text = f"{got.ratio:.2f}× ({got.ours * 1000:.0f} / {got.base * 1000:.0f} ms CPU)"
    return Row(what, f"≤ {limit:g}×", text, got.ratio <= limit)


def table(rows: list[Row], runs: int) -> str:
    """Return the rows as a Markdown table, with where they were measured.

    Args:
        rows: The rows, in order.
        runs: How many pairs of runs counted.
    """
    lines = ["| What | Goal | Measured | Met |", "| --- | --: | --: | :-: |"]
    lines += [f"| {row.what} | {row.goal} | {row.measured} | {'yes' if row.met else 'no'} |" for row in rows]
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    where = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, git {git}"
    return "\n".join([*lines, "", f"Medians of {runs} paired runs; {where}.", ""])


def write(path: Path, text: str) -> None:
    """Put the table between the marks of a document, which is made where it does not exist.

    Args:
        path: The document.
        text: The table.
    """
    old = path.read_text(encoding="utf-8") if path.exists() else f"# Benchmarks\n\n{_BEGIN}\n{_END}\n"
    before, _, rest = old.partition(_BEGIN)
    path.write_text(f"{before}{_BEGIN}\n{text}{_END}{rest.partition(_END)[2]}", encoding="utf-8", newline="\n")


def main() -> int:
    """Measure, print, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="pairs of runs that count")
    parser.add_argument("--only", default="", help=f"one of {', '.join(group.__name__ for group in _GROUPS)}")
    parser.add_argument("--environment", type=Path, help="virtual environment to install into, and keep")
    parser.add_argument("--write", type=Path, metavar="FILE", help="document whose table is replaced")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vwmp-bench-") as scratch:
        bench = Bench(Path(scratch), options.environment, options.runs)
        rows = [row for group in _GROUPS if options.only in group.__name__ for row in group(bench)]
    text = table(rows, options.runs)
    sys.stdout.write(text)
    if options.write:
        write(options.write, text)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
