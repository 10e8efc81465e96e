from vwmp_release.plugins.release.changelog.changes import Change, collapse
from vwmp_release.plugins.release.changelog.sections import conventional, keep_groups, summary

COMMITS = (
    {"sha": "a" * 40, "short": "aaaaaaa", "type": "fix", "description": "close the file (#3)", "refs": ["#3"]},
    {"sha": "b" * 40, "short": "bbbbbbb", "type": "feat", "scope": "api", "description": "add streams", "refs": ["#4"],
     "footers": [["Closes", "#4"]]},
    {"sha": "c" * 40, "type": "perf", "description": "read once"},
    {"sha": "d" * 40, "type": "revert", "description": "feat: add tabs"},
    {"sha": "e" * 40, "type": "chore", "description": "drop Python 3.8", "breaking": ["Python 3.8 is gone"]},
    {"sha": "f" * 40, "type": "docs", "description": "typo", "verdict": "ignored"},
    {"sha": "0" * 40, "type": None, "description": "Update x", "verdict": "unparsed"},
    {"sha": "1" * 40, "type": "refactor", "description": "counts by an own rule"},
    {"sha": "2" * 40, "type": "odd", "description": "counts too"},
)  # fmt: skip
GOLDEN = """\
## [1.2.3](https://github.com/acme/widget/compare/v1.2.2...v1.2.3) (2026-01-31)

### ⚠ BREAKING CHANGES

- Python 3.8 is gone

### Features

- **api:** add streams ([bbbbbbb](https://github.com/acme/widget/commit/{b})), closes \
[#4](https://github.com/acme/widget/issues/4)

### Bug Fixes

- close the file ([#3](https://github.com/acme/widget/issues/3)) \
([aaaaaaa](https://github.com/acme/widget/commit/{a}))

### Performance Improvements

- read once ([ccccccc](https://github.com/acme/widget/commit/{c}))

### Reverts

- feat: add tabs ([ddddddd](https://github.com/acme/widget/commit/{d}))

### Code Refactoring

- counts by an own rule ([1111111](https://github.com/acme/widget/commit/{one}))

### Other Changes

- counts too ([2222222](https://github.com/acme/widget/commit/{two}))"""


def test_conventional_golden(make_release):
    """Breaking changes first, then the groups in their order; ignored commits are not listed."""
    section = conventional(make_release(*COMMITS), "2026-01-31")
    ids = {name: name * 40 for name in "abcd"}
    assert section.text == GOLDEN.format(**ids, one="1" * 40, two="2" * 40)


def test_conventional_without_forge(make_release):
    """Without a known forge there are no links at all; the document's bullet is used."""
    section = conventional(
        make_release(COMMITS[0], remote="/srv/x.git"), "2026-01-31", bullet="*", detailed="[D](d.md)"
    )
    assert section.text == "## 1.2.3 (2026-01-31)\n\n### Bug Fixes\n\n* close the file (#3) (aaaaaaa)\n\n[D](d.md)"


def test_conventional_first_release(make_release):
    """Without a previous tag the heading has no comparison; with nothing to list the summary stands in."""
    section = conventional(make_release(previous_tag=None, summary="first @all"), "2026-01-31")
    assert section.text == "## 1.2.3 (2026-01-31)\n\n- first `@all`"
    assert conventional(make_release(), "d").body == "- Release 1.2.3"


def test_a_summary_that_a_person_gave_stands_above_the_groups(make_release):
    """A derived summary is not repeated; a given one opens the section."""
    given = conventional(make_release(COMMITS[2], summary="faster", told=True), "d")
    assert given.body.startswith("faster\n\n### Performance Improvements\n\n- read once")
    assert conventional(make_release(summary="quiet", told=True), "d").body == "quiet"
    assert "faster" not in conventional(make_release(COMMITS[2], summary="faster"), "d").body


def test_keep_groups(make_release):
    """Types map to the groups of Keep a Changelog; breaking changes are marked."""
    commits = (
        *COMMITS[:2],
        {"type": "feat", "description": "new core", "breaking": ["new core"]},
        {"type": "fix", "scope": "security", "description": "check input"},
        {"type": "deprecate", "description": "old api"},
        {"type": "fix", "scope": "db", "description": "f", "breaking": ["b"]},
    )
    groups = {
        title: [text for _, text in entries] for title, entries in keep_groups(make_release(*commits, remote=None))
    }
    assert groups == {
        "Added": ["**api:** add streams (bbbbbbb), closes #4", "**Breaking:** new core"],
        "Changed": ["**Breaking:** **db:** b"],
        "Deprecated": ["old api"],
        "Fixed": ["close the file (#3) (aaaaaaa)", "**db:** f"],
        "Security": ["**security:** check input"],
    }


def test_summary_golden(make_release):
    """The linked one-entry form: version and date, emoji, label and summary, and the detailed file."""
    release = make_release(summary="fix it", change_type="fix")
    assert summary(release, "26-01-31", detailed="a%20b/CHANGELOG_v1.2.3.md").text == (
        "### [1.2.3] - 26-01-31\n\n- 🐞 Fix: fix it\n- See [CHANGELOG_v1.2.3.md](a%20b/CHANGELOG_v1.2.3.md)"
    )
    assert summary(release, "d", bullet="*").body == "* 🐞 Fix: fix it"


def test_entries_with_odd_references(make_release):
    """A reference that the subject names is not repeated, #1 is not found in #12, and all commits are linked."""
    commit = {"sha": "a", "type": "fix", "description": "x #12", "refs": ["#1", "#12", "JIRA-7"]}
    twin = {**commit, "sha": "b"}
    release = make_release(remote=None)
    changes = tuple(collapse([Change.of(commit), Change.of(twin)]))
    body = conventional(release._replace(changes=changes), "d").body
    assert body.endswith("- x #12 (a, b), refs #1, JIRA-7")
