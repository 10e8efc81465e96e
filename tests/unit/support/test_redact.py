"""Secrets and characters that act on a terminal."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

import pytest

from vwmp_release.errors import Place
from vwmp_release.support import redact

SECRET = "p@ss/wörd?\"1'%"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text\n\tindented", "plain text\n\tindented"),
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("bell\x07 nul\x00 del\x7f", "bell\\x07 nul\\x00 del\\x7f"),
        ("c1\x9b31m\x85", "c1\\x9b31m\\x85"),
        ("over\rwritten", "over\\rwritten"),
        ("trojan\u202esource\u2066", "trojan\\u202esource\\u2066"),
        ("zero\u200bwidth\ufeff\u2060", "zero\\u200bwidth\\ufeff\\u2060"),
        ("line\u2028separator", "line\\u2028separator"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("lone\udc80", "lone\\udc80"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("日本 é 🚀 👩‍💻", "日本 é 🚀 👩‍💻"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    """What steers a terminal or hides from a reader is written as an escape, everything else stays."""
    assert redact.visible(text) == shown
    assert redact.visible(redact.visible(text)) == shown


def test_one_line() -> None:
    """Newlines and tabs become escapes, so that one value stays one line."""
    assert redact.one_line("a\nb\tc\r\n") == "a\\nb\\tc\\r\\n"


def _encodings(secret: str) -> list[str]:
    raw = secret.encode()
    return [
        secret,
        quote(secret, safe=""),
        quote(secret, safe="").lower() if "%" in quote(secret) else quote(secret),
        b64encode(raw).decode(),
        urlsafe_b64encode(raw).decode(),
        b64encode(b"x-access-token:" + raw).decode(),
        b64encode(b"u:" + raw + b"\n").decode(),
        b64encode(b"u1:" + raw).decode(),
        json.dumps(secret)[1:-1],
    ]


@pytest.mark.parametrize("secret", [SECRET, "hunter22", "0123456789abcdef"])
def test_every_form_of_a_secret_is_masked(secret: str) -> None:
    """Raw, percent-encoded, JSON-escaped and base64 forms are masked (CVE-2020-26226, CVE-2022-31051)."""
    environ = {"DEPLOY_TOKEN": secret}
    for form in _encodings(secret):
        text = redact.secrets(f"before {form} after", environ)
        assert secret not in text
        assert redact.MASK in text
        assert text.startswith("before ")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("GITHUB_TOKEN", True),
        ("npm_config__authtoken", True),
        ("CLIENT_SECRET_2", True),
        ("DB_PASSWORD", True),
        ("API_KEY", True),
        ("APIKEYS", True),
        ("SIGNING_KEY_1", True),
        ("KEYBOARD", False),
        ("HOME", False),
        ("GIT_CONFIG_KEY_0", False),
    ],
)
def test_which_variables_hold_secrets(name: str, masked: bool) -> None:
    """Variables named like TOKEN, SECRET, PASSWORD or KEY count, others do not."""
    assert (redact.secrets("the value is opensesame", {name: "opensesame"}) == "the value is ***") is masked


def test_short_values_and_lines() -> None:
    """Values below six characters mask nothing, each line of a longer one is masked by itself."""
    environ = {"A_TOKEN": "yes", "B_KEY": "-----BEGIN-----\nline one\nab\n"}
    assert redact.secrets("yes, line one ab", environ) == "yes, *** ab"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pa55@host/x", "https://***@host/x"),
        ("https://token@host/x", "https://***@host/x"),
        ("https://u:p@ss@host/x", "https://***@host/x"),
        ("ssh://git@host/x", "ssh://git@host/x"),
        ("ssh://git:pw@host/x", "ssh://***@host/x"),
        ("https://host/a@b", "https://host/a@b"),
        ("git@github.com:a/b", "git@github.com:a/b"),
        ("ghp_" + "a1" * 18, "***"),
        ("github_pat_" + "a" * 30 + " x", "*** x"),
        ("AUTHORIZATION: basic eDp5", "AUTHORIZATION: basic ***"),
        ("", ""),
    ],
)
def test_urls_and_known_tokens(text: str, shown: str) -> None:
    """User information in URLs and tokens of known forms are masked without any environment."""
    assert redact.secrets(text, {}) == shown


def test_masking_is_linear() -> None:
    """A megabyte of hostile text is masked without backtracking."""
    text = "://" * 200_000 + "a@" * 200_000
    assert redact.secrets(text, {"A_TOKEN": "aaaaaaaaab"})


class Pair(NamedTuple):
    """Two texts."""

    one: str
    two: int


@dataclass(frozen=True)
class Box:
    """Everything that events hold."""

    text: str
    items: tuple[object, ...]
    table: dict[str, object]
    when: datetime


def test_masked_values() -> None:
    """Every text inside dataclasses, mappings, sequences and named tuples is masked, types stay."""
    when = datetime(2026, 1, 1, tzinfo=UTC)
    box = Box("opensesame", ("opensesame", Pair("opensesame", 1)), {"opensesame": ["opensesame", None]}, when)
    mask = redact.masker({"A_TOKEN": "opensesame"})
    assert redact.masked(box, mask) == Box("***", ("***", Pair("***", 1)), {"***": ["***", None]}, when)
    assert box.text == "opensesame"
    assert redact.masked(Place("opensesame", 1), mask) == Place("***", 1)
    assert redact.masked({1: 2.5}, mask) == {1: 2.5}
