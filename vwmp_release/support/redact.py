"""Makes text safe to show: secrets masked, characters that steer a terminal or a reader made visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

MASK = "***"
_SHORTEST = 6
"""Characters from which a value counts as a secret; shorter ones would mask ordinary words."""
_SHORTEST_ENCODED = 8
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HIDDEN = (0x00AD, 0x180E, 0x200B, 0x2028, 0x2029, *range(0x2060, 0x2065), 0xFEFF)
_CONTROL = (*range(0x20), *range(0x7F, 0xA0))


def _shown(code: int) -> str:
    names = {9: "\\t", 10: "\\n", 13: "\\r"}
    if code in names:
        return names[code]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Table(dict[int, str]):
    """Translates one character; whole planes of unusual ones need no entry of their own, what was seen is kept."""

    def __missing__(self, code: int) -> str:
        hidden = 0xD800 <= code <= 0xDFFF or 0xE0000 <= code <= 0xE007F
        self[code] = _shown(code) if hidden else chr(code)
        return self[code]


_LINE = _Table({code: _shown(code) for code in (*_CONTROL, *_BIDI, *_HIDDEN)})
_TEXT = _Table({code: shown for code, shown in _LINE.items() if code not in (9, 10)})


def visible(text: str) -> str:
    r"""Return text in which nothing acts on a terminal or hides from a reader; newlines and tabs stay.

    Control characters (C0 and C1, so escape sequences too), bidirectional marks (CVE-2021-42574), invisible
    characters, tag characters and lone surrogates are written as escapes such as `\x1b`.

    Args:
        text: Text of any origin.
    """
    return text.translate(_TEXT)


def one_line(text: str) -> str:
    """Return text as `visible` does, with newlines and tabs written as escapes too.

    Args:
        text: Text of any origin.
    """
    return text.translate(_LINE)


def secrets(text: str, environ: Mapping[str, str]) -> str:
    """Return text with the secrets of an environment, known token forms and URL passwords masked.

    Args:
        text: Text of any origin.
        environ: Environment variables; those named like a secret give the values to mask.
    """
    return masker(environ)(text)


def secret_values(environ: Mapping[str, str]) -> list[str]:
    """Return the values that count as secret, each line of a longer one too, without doubles.

    Args:
        environ: Environment variables; those named like TOKEN, SECRET, PASSWORD or KEY count.
    """
    import re  # lazily: the commit-msg hook needs `visible` only

    named = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|KEY(?=S|_|\d|$)", re.IGNORECASE)
    values: dict[str, None] = {}
    for name, value in environ.items():
        if not named.search(name) or name.startswith("GIT_CONFIG_KEY_"):  # holds names of git's settings
            continue
        for part in (value, *value.splitlines()):
            if len(part.strip()) >= _SHORTEST:
                values[part.strip()] = None
    return list(values)


def forms(value: str) -> list[str]:
    """Return a secret as it may appear: raw, percent-encoded, JSON-escaped and base64, longest first.

    Base64 is given for each of the three alignments that a value can have inside a longer text, as in `user:token`.

    Args:
        value: The secret.
    """
    import json  # lazily: only a set secret needs them
    from base64 import b64encode, urlsafe_b64encode
    from urllib.parse import quote, quote_plus

    found = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    raw = value.encode("utf-8", "surrogateescape")
    for percent in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        found |= {percent, _lower_hex(percent)}
    for encode in (b64encode, urlsafe_b64encode):
        for offset in range(3):
            text = encode(b"\0" * offset + raw).decode("ascii").rstrip("=")
            start = (0, 2, 3)[offset]  # characters that what stands before the value takes part in
            end = len(text) - (1 if (offset + len(raw)) % 3 else 0)
            if end - start >= _SHORTEST_ENCODED:
                found.add(text[start:end])
    return sorted(found, key=lambda form: (-len(form), form))


def _lower_hex(text: str) -> str:
    head, *rest = text.split("%")
    return "".join([head, *(f"%{part[:2].lower()}{part[2:]}" for part in rest)])


def masker(environ: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that masks secrets; it is made once and used for every text of a run.

    Args:
        environ: Environment variables, looked at now.
    """
    import re  # lazily: the commit-msg hook needs `visible` only

    literals = sorted({form for value in secret_values(environ) for form in forms(value)}, key=lambda form: -len(form))
    known = re.compile("|".join(re.escape(form) for form in literals)) if literals else None
    tokens = re.compile(
        r"gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255}|glpat-[\w-]{20,255}|npm_[A-Za-z0-9]{36}"
        r"|pypi-AgEI[\w-]{20,}|(?<=authorization: basic )\S+|(?<=authorization: bearer )\S+"
        r"|(?<=authorization: token )\S+",
        re.IGNORECASE,
    )
    user_info = re.compile(r"://[^\s/?#\"'<>]*@")

    def hide_user(match: re.Match[str]) -> str:
        plain_ssh = match.string[max(0, match.start() - 3) : match.start()] == "ssh" and ":" not in match[0][3:]
        return match[0] if plain_ssh else f"://{MASK}@"

    def mask(text: str) -> str:
        if known is not None:
            text = known.sub(MASK, text)
        return user_info.sub(hide_user, tokens.sub(MASK, text)) if text else text

    return mask


def masked(value: object, mask: Callable[[str], str]) -> object:
    """Return a value of mappings, sequences and dataclasses with every text in it masked.

    Args:
        value: The value; other objects come back as they are.
        mask: What `masker` gives.
    """
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {mask(key) if isinstance(key, str) else key: masked(item, mask) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(masked(item, mask) for item in value)
    if isinstance(value, list | tuple):
        return type(value)(masked(item, mask) for item in value)
    changed = {name: masked(item, mask) for name, item in _fields(value)}
    return _replaced(value, changed) if changed else value


def _fields(value: object) -> Iterator[tuple[str, object]]:
    for name in getattr(type(value), "__dataclass_fields__", ()):
        yield name, getattr(value, name)


def _replaced(value: object, changed: dict[str, object]) -> object:
    from copy import copy  # lazily: only reports of a run need it

    twin = copy(value)
    for name, item in changed.items():
        object.__setattr__(twin, name, item)
    return twin
