"""Keys that nothing declares."""

from vwmp_release.core.config import unknown_keys

KNOWN = {
    "handlers": {"git.push": {"remote", "force"}, "git.commit": {"author"}},
    "adapters": {"git": {"branch"}},
    "types": {"release": {"channel"}, "testing": {"matrix"}},
}
TEXT = """\
step_handlers:
  git.push:
    config: {remot: a, force: true, workspace: shadow}
  git.comit: {enabled: false}
integration_adapters:
  git:
    config: {remote: a, branch: b}
  hub: {}
workflow_types:
  release:
    config: {channel: a, matrix: b, author: c, include_uncommitted: true}
  testing: {enabled: false}
  own: {config: {a: 1}}
  foreign: {enabled: false}
workflows:
  release:
    config: {chanel: a, branch: b}
  tests:
    type: testing
    config: {matrix: a, channel: b}
  other:
    type: unheard-of
    config: {x: 1}
  file: {}
defaults: {matrix: a, require_kb_docs_ok: true, forse: b}
"""


def test_unknown_keys(config):
    """Each unknown key, handler, adapter and type is named with its place and the nearest known name."""
    found = [str(problem) for problem in unknown_keys(config(TEXT), **KNOWN)]
    assert found == [
        "vwmp_config.yaml:3:14: step_handlers.git.push.config: unknown key 'remot'\n    did you mean 'remote'?",
        "vwmp_config.yaml:4:3: step_handlers: unknown step handler 'git.comit'\n    did you mean 'git.commit'?",
        "vwmp_config.yaml:7:14: integration_adapters.git.config: unknown key 'remote'\n    known: branch",
        "vwmp_config.yaml:8:3: integration_adapters: unknown integration adapter 'hub'\n    known: git",
        "vwmp_config.yaml:11:26: workflow_types.release.config: unknown key 'matrix'\n"
        "    known: author, branch, channel, force, include_uncommitted, remote, require_kb_docs_ok, workspace, "
        "workspace_link",
        "vwmp_config.yaml:13:3: workflow_types: unknown workflow type 'own'\n    known: release, testing",
        "vwmp_config.yaml:17:14: workflows.release.config: unknown key 'chanel'\n    did you mean 'channel'?",
        "vwmp_config.yaml:20:25: workflows.tests.config: unknown key 'channel'\n"
        "    known: author, branch, force, include_uncommitted, matrix, remote, require_kb_docs_ok, workspace, "
        "workspace_link",
        "vwmp_config.yaml:25:49: defaults: unknown key 'forse'\n    did you mean 'force'?",
    ]


def test_nothing_to_find(config):
    """An empty configuration has no unknown keys."""
    assert unknown_keys(config(""), **KNOWN) == []
