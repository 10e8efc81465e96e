"""Reads plain data of manifests and templates; what has the wrong form is a problem, and counts as not given.

The configuration's own files are checked by their schema. This does the same for what plugins give, without a schema
library, which a run without configuration does not load.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...errors import Problem, nearest

RETRY = ("enabled", "max_attempts", "backoff", "delay")
ISOLATIONS = ("inline", "thread", "process")


class Form:
    """One mapping; each method reads one key of it.

    Args:
        data: What should be a mapping; None is an empty one.
        where: Its name, for messages.
        problems: Takes what is wrong.
        known: The keys that it may have.
    """

    def __init__(self, data: Any, where: str, problems: list[Problem], known: Collection[str] | None = None) -> None:
        self._where = where
        self._problems = problems
        self._data: Mapping[Any, Any] = {}
        if isinstance(data, Mapping):
            self._data = data
        elif data is not None:
            problems.append(Problem("must be a mapping", where))
        for key in self._data if known is not None else ():
            if key not in (known or ()):
                hint = nearest(str(key), sorted(known or ()))
                problems.append(Problem(f"unknown key {str(key)!r}", where, hint=hint))

    def wrong(self, what: str, key: str = "") -> None:
        """Report a problem of the mapping, or of one of its keys.

        Args:
            what: What is wrong.
            key: The key.
        """
        self._problems.append(Problem(what, ".".join(part for part in (self._where, key) if part)))

    def text(self, key: str, default: str = "") -> str:
        """Return a text; a number counts as its text, as YAML writes versions."""
        value = self._data.get(key)
        if value is None:
            return default
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        self.wrong(f"must be a text, got {value!r}", key)
        return default

    def flag(self, key: str, default: bool) -> bool:
        """Return a boolean."""
        value = self._data.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(f"must be true or false, got {value!r}", key)
        return default

    def number(self, key: str, *, least: float | None = None, above: float | None = None) -> float | None:
        """Return a number; None when it is not given."""
        value = self._data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            self.wrong(f"must be a number, got {value!r}", key)
        elif least is not None and value < least:
            self.wrong(f"must be {least:g} or more, got {value!r}", key)
        elif above is not None and value <= above:
            self.wrong(f"must be more than {above:g}, got {value!r}", key)
        else:
            return float(value)
        return None

    def choice(self, key: str, options: Collection[str]) -> str | None:
        """Return one of some texts; None when it is not given."""
        value = self._data.get(key)
        if value is None or (isinstance(value, str) and value in options):
            return value
        self.wrong(f"must be one of {', '.join(options)}; got {value!r}", key)
        return None

    def mapping(self, key: str) -> dict[str, Any]:
        """Return a mapping with texts as keys."""
        value = self._data.get(key)
        if value is None:
            return {}
        if isinstance(value, Mapping) and all(isinstance(inner, str) for inner in value):
            return dict(value)
        self.wrong("must be a mapping" if not isinstance(value, Mapping) else "its keys must be texts", key)
        return {}

    def schemas(self, key: str) -> dict[str, Mapping[str, Any]]:
        """Return a mapping of names to JSON Schemas."""
        found = self.mapping(key)
        if all(isinstance(value, Mapping) for value in found.values()):
            return found
        self.wrong("every key maps to a JSON Schema", key)
        return {}

    def items(self, key: str) -> list[Any] | None:
        """Return a list; None when it is not given."""
        value = self._data.get(key)
        if value is None or isinstance(value, list | tuple):
            return None if value is None else list(value)
        self.wrong("must be a list", key)
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Return a list of texts; None when it is not given."""
        found = self.items(key)
        if found is None or all(isinstance(item, str) for item in found):
            return None if found is None else tuple(found)
        self.wrong("must be a list of texts", key)
        return None

    def retry(self) -> dict[str, Any]:
        """Return the key `retry`: those of `enabled`, `max_attempts`, `backoff` and `delay` that are given."""
        section = self.mapping("retry")
        where = f"{self._where}.retry" if self._where else "retry"
        form = Form(section, where, self._problems, RETRY)
        attempts = form.number("max_attempts", least=1)
        found = {
            "enabled": form.flag("enabled", False),
            "max_attempts": None if attempts is None else int(attempts),
            "backoff": form.choice("backoff", ("fixed", "exponential")),
            "delay": form.number("delay", least=0),
        }
        return {key: value for key, value in found.items() if key in section and value is not None}
