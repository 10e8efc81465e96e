"""Measures whole processes from outside: CPU seconds and peak memory, in turns with a baseline.

CPU and ratios, never wall time: the machine may be busy with other things, a ratio of neighbouring runs stands that.
"""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Argv = Sequence[str]
Folder = Callable[[], Path]


class Run(NamedTuple):
    """One process that ended, with all the children it waited for.

    Args:
        cpu: CPU seconds, user and system.
        peak: Resident memory of the largest process, MiB; not below what this program itself uses.
    """

    cpu: float
    peak: float


class Pair(NamedTuple):
    """Medians of runs in turns.

    Args:
        ours: CPU seconds of the command.
        base: CPU seconds of the baseline.
        ratio: Median of the ratios, pair by pair.
        more: Median of the differences, pair by pair, in seconds.
        peak: Largest peak memory of the command, MiB.
    """

    ours: float
    base: float
    ratio: float
    more: float
    peak: float


def once(argv: Argv, folder: Path, env: Mapping[str, str], log: Path) -> Run:
    """Run a command to its end.

    Args:
        argv: Program and arguments.
        folder: Where to run it.
        env: Its whole environment.
        log: File for what it prints.

    Raises:
        SystemExit: It failed; a failed run is no measurement.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(argv)} ended with {process.returncode}\n{log.read_text(errors='replace')}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def paired(ours: Argv, base: Argv, runs: int, folder: Folder, env: Mapping[str, str], log: Path) -> Pair:
    """Run a command and its baseline in turns, A B A B, after one turn that is not counted.

    Args:
        ours: The command.
        base: The baseline.
        runs: How many turns count.
        folder: Makes the folder of one run; called anew for each.
        env: Environment of both.
        log: File for what they print.
    """
    turns = [(once(ours, folder(), env, log), once(base, folder(), env, log)) for _ in range(runs + 1)][1:]
    median = statistics.median
    return Pair(
        median(a.cpu for a, _ in turns),
        median(b.cpu for _, b in turns),
        median(a.cpu / max(b.cpu, 1e-3) for a, b in turns),
        median(a.cpu - b.cpu for a, b in turns),
        max(a.peak for a, _ in turns),
    )
