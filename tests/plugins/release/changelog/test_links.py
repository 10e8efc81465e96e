import pytest
from vwmp_release.plugins.release.changelog.links import links

GITHUB = "https://github.com/acme/widget"


@pytest.mark.parametrize(
    ("url", "base", "forge"),
    [
        ("https://github.com/acme/widget.git", GITHUB, "github"),
        ("https://user:secret@github.com:443/acme/widget/", GITHUB, "github"),
        ("git@github.com:acme/widget.git", GITHUB, "github"),
        ("ssh://git@ssh.github.com:443/acme/widget.git", GITHUB, "github"),
        ("git+ssh://git@github.com/acme/widget", GITHUB, "github"),
        ("https://github.example.com/acme/widget", "https://github.example.com/acme/widget", "github"),
        ("https://acme.ghe.com/acme/widget", "https://acme.ghe.com/acme/widget", "github"),
        ("git@gitlab.com:acme/team/sub/widget.git", "https://gitlab.com/acme/team/sub/widget", "gitlab"),
        ("https://gitlab.example.org:8443/a/b.git", "https://gitlab.example.org/a/b", "gitlab"),
        ("https://codeberg.org/acme/widget.git", "https://codeberg.org/acme/widget", "gitea"),
        ("ssh://git@gitea.example.org:2222/acme/widget.git", "https://gitea.example.org/acme/widget", "gitea"),
        ("git@code.forgejo.org:acme/widget", "https://code.forgejo.org/acme/widget", "gitea"),
        ("git@bitbucket.org:acme/widget.git", "https://bitbucket.org/acme/widget", "bitbucket"),
        ("https://me@dev.azure.com/org/pro%20ject/_git/w", "https://dev.azure.com/org/pro%20ject/_git/w", "azure"),
        ("git@ssh.dev.azure.com:v3/org/project/w", "https://dev.azure.com/org/project/_git/w", "azure"),
        ("https://org.visualstudio.com/DefaultCollection/p/_git/w", "https://dev.azure.com/org/p/_git/w", "azure"),
        ("https://dev.azure.com/org/_git/w", "https://dev.azure.com/org/w/_git/w", "azure"),
    ],
)  # fmt: skip
def test_forges_are_known_by_the_url(url, base, forge):
    """Https, ssh and scp-like URLs give the project's page, without .git, port and user information."""
    found = links(url)
    assert found is not None and (found.base, found.forge) == (base, forge)


@pytest.mark.parametrize(
    "url",
    [
        None, "", "/srv/git/widget.git", "../widget", "file:///srv/widget.git", "C:\\work\\widget", "C:/work/widget",
        "https://git.example.org/acme/widget.git", "https://github.com/widget", "https://github.com/a/b/c",
        "https://github.com/../widget", "https://dev.azure.com/org/project", "https://bitbucket.example.org/scm/a/b.git",
        "https://dev.azure.com/_git/w", "https://git(hub.com/a/b",
    ],
)  # fmt: skip
def test_other_remotes_have_no_links(url):
    """A local path or an unknown host gives no links instead of wrong ones."""
    assert links(url) is None


def test_a_path_cannot_break_out_of_a_link():
    """Signs that mean something in Markdown are escaped in the address."""
    found = links("https://gitlab.com/a)b/[x]")
    assert found is not None and found.base == "https://gitlab.com/a%29b/%5Bx%5D"


@pytest.mark.parametrize(
    ("url", "commit", "compare", "issue", "tag"),
    [
        ("github.com", "/commit/abc", "/compare/v1...v2%2B1", "/issues/12", "/releases/tag/v2%2B1"),
        ("gitlab.com", "/-/commit/abc", "/-/compare/v1...v2%2B1", "/-/issues/12", "/-/tags/v2%2B1"),
        ("codeberg.org", "/commit/abc", "/compare/v1...v2%2B1", "/issues/12", "/releases/tag/v2%2B1"),
        ("bitbucket.org", "/commits/abc", "/branches/compare/v2%2B1%0Dv1", "/issues/12", "/src/v2%2B1"),
    ],
)
def test_addresses(url, commit, compare, issue, tag):
    """Each forge has its own forms of addresses; tags are escaped."""
    found = links(f"https://{url}/a/b")
    base = f"https://{url}/a/b"
    assert found is not None
    assert found.commit("abc") == base + commit
    assert found.compare("v1", "v2+1") == base + compare
    assert found.reference("#12") == base + issue
    assert found.reference("c/d#3") == f"https://{url}/c/d" + issue.replace("12", "3")
    assert found.tag("v2+1") == base + tag
    assert found.unreleased("v1") == found.compare("v1", "HEAD")
    assert found.reference("JIRA-12") is None


def test_azure_addresses():
    """Azure's issues are work items of the project, and a comparison cannot name the newest commit."""
    found = links("https://dev.azure.com/o/p/_git/w")
    assert found is not None
    assert found.reference("#12") == "https://dev.azure.com/o/p/_workitems/edit/12"
    assert found.reference("x/y#12") is None
    assert found.reference("!12") == "https://dev.azure.com/o/p/_git/w/pullrequest/12"
    assert found.compare("v1", "v2").endswith("/branchCompare?baseVersion=GTv1&targetVersion=GTv2")
    assert found.unreleased("v1") is None


def test_merge_requests():
    """`!12` is a merge request where the forge writes them so, and plain text elsewhere."""
    gitlab, github = links("https://gitlab.com/a/b"), links(GITHUB)
    assert gitlab is not None and gitlab.reference("!12") == "https://gitlab.com/a/b/-/merge_requests/12"
    assert github is not None and github.reference("!12") is None
