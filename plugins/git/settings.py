"""The user's effective git configuration: read once, handed to later calls without showing up in argument lists."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from vwmp_release.support import git

QUIET = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.pager=cat")
"""For reads of the user's repository: none of its programs run."""
DURABLE = ("-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync")
"""For writes to the user's repository: on disk before the call returns."""


class Settings:
    """Git's configuration as it applies in one folder, with all includes followed.

    Args:
        values: All values of each key, lowest priority first; section and name in lower case, as git lists them.
    """

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def get(self, key: str) -> str | None:
        """Return the value that applies; None when the key is not set.

        Args:
            key: Section and name in lower case, the subsection as it is written.
        """
        found = self._values.get(key)
        return found[-1] if found else None

    def all(self, key: str) -> list[str]:
        """Return every value of a key.

        Args:
            key: As for `get`.
        """
        return list(self._values.get(key, ()))

    def under(self, *prefixes: str) -> Iterable[tuple[str, str]]:
        """Return keys that begin with a prefix, each with the value that applies.

        Args:
            *prefixes: Beginnings of keys.
        """
        return [(key, values[-1]) for key, values in self._values.items() if key.startswith(prefixes)]


def read(root: Path) -> Settings:
    """Read the configuration that applies in a folder.

    Args:
        root: A folder of the repository.

    Raises:
        ProcessError: git cannot read it.
    """
    values: dict[str, list[str]] = {}
    for entry in git.run("config", "--list", "-z", cwd=root).stdout.decode("utf-8", "surrogateescape").split("\0"):
        key, equals, value = entry.partition("\n")
        if key:
            values.setdefault(key, []).append(value if equals else "true")
    return Settings(values)


def variables(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return environment variables that add configuration to a git call, after what is there already.

    Args:
        pairs: Keys and values; secrets may be among them, the environment is not shown to other users.
    """
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    start = int(count) if count.isdigit() else 0
    env: dict[str, str] = {}
    for number, (key, value) in enumerate(pairs, start):
        env[f"GIT_CONFIG_KEY_{number}"] = key
        env[f"GIT_CONFIG_VALUE_{number}"] = value
        env["GIT_CONFIG_COUNT"] = str(number + 1)
    return env
