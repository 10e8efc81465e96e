"""Writes docs/reference/steps.md from the manifests of the built-in plugins: `python docs/reference/generate.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "reference" / "steps.md"


def text() -> str:
    """Return the page."""
    lines = [
        "# Steps and their keys",
        "",
        "Generated from the manifests in `plugins/` by `python docs/reference/generate.py`.",
        "Besides these, every step takes `workspace` and `workspace_link`.",
    ]
    for plugin in ("release", "project", "git"):
        manifest = yaml.safe_load((ROOT / "plugins" / plugin / "config.yaml").read_text(encoding="utf-8"))
        lines += ["", f"## Plugin `{plugin}`", "", f"{manifest['plugin']['description']}."]
        if "adapter" in manifest:
            adapter = manifest["adapter"]
            lines += ["", f"### Adapter `{adapter['name']}`", "", *_keys(adapter["config_schema"])]
        for key, section in manifest["step_handlers"].items():
            lines += ["", f"### `{key if '.' in key else f'{plugin}.{key}'}`", "", f"Effect: {section['effect']}."]
            if section.get("retry", {}).get("enabled"):
                lines[-1] += f" Retried: {json.dumps(section['retry'])}."
            if section["config_schema"]:
                lines += ["", *_keys(section["config_schema"])]
    return "\n".join(lines) + "\n"


def _keys(properties: dict[str, Any]) -> Iterator[str]:
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for name, schema in properties.items():
        kinds = schema.get("type", "")
        kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
        if "enum" in schema:
            kind = ", ".join(f"`{option}`" for option in schema["enum"])
        default = f"`{json.dumps(schema['default'], ensure_ascii=False)}`" if "default" in schema else "–"
        yield f"| `{name}` | {kind} | {default} | {schema.get('description', '')} |"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
