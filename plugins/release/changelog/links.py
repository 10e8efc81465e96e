"""Addresses of commits, comparisons, issues and tags, from a remote's URL alone; no request is made."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote


class _Forms(NamedTuple):
    commit: str
    compare: str
    issue: str
    pull: str
    tag: str
    head: str = "HEAD"
    """How a comparison names the newest commit; empty where it cannot."""


_FORMS = {
    "github": _Forms("/commit/{}", "/compare/{}...{}", "/issues/{}", "/pull/{}", "/releases/tag/{}"),
    "gitlab": _Forms("/-/commit/{}", "/-/compare/{}...{}", "/-/issues/{}", "/-/merge_requests/{}", "/-/tags/{}"),
    "gitea": _Forms("/commit/{}", "/compare/{}...{}", "/issues/{}", "/pulls/{}", "/releases/tag/{}"),
    "bitbucket": _Forms("/commits/{}", "/branches/compare/{1}%0D{0}", "/issues/{}", "/pull-requests/{}", "/src/{}"),
    "azure": _Forms(
        "/commit/{}", "/branchCompare?baseVersion=GT{}&targetVersion=GT{}", "", "/pullrequest/{}", "?version=GT{}", ""
    ),
}  # fmt: skip
_URL = re.compile(r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/\s]*@)?(?P<host>[^/:\s]+)(?::\d*)?/+(?P<path>\S+)")
_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^/:\s\\]{2,}):(?P<path>[^/\\\s]\S*)")
_ALIASES = {
    "ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com", "altssh.bitbucket.org": "bitbucket.org",
    "ssh.dev.azure.com": "dev.azure.com", "www.github.com": "github.com",
}  # fmt: skip
_REF = re.compile(r"(?P<project>[\w.-]+(?:/[\w.-]+)+)?(?P<mark>[#!])(?P<number>\d+)")


class Links(NamedTuple):
    """The addresses of one project on its forge.

    Args:
        base: Address of the project, without a slash at the end.
        forge: `github`, `gitlab`, `gitea`, `bitbucket` or `azure`.
    """

    base: str
    forge: str

    def commit(self, sha: str) -> str:
        """Return the address of a commit.

        Args:
            sha: Its object id.
        """
        return self.base + _FORMS[self.forge].commit.format(quote(sha, safe=""))

    def compare(self, old: str, new: str) -> str:
        """Return the address that shows what came between two tags.

        Args:
            old: The earlier tag.
            new: The later tag.
        """
        return self.base + _FORMS[self.forge].compare.format(quote(old, safe="/"), quote(new, safe="/"))

    def unreleased(self, tag: str) -> str | None:
        """Return the address that shows what came after a tag; None where the forge has none.

        Args:
            tag: The newest tag.
        """
        head = _FORMS[self.forge].head
        return self.compare(tag, head) if head else None

    def tag(self, name: str) -> str:
        """Return the address of a tag.

        Args:
            name: The tag.
        """
        return self.base + _FORMS[self.forge].tag.format(quote(name, safe="/"))

    def reference(self, text: str) -> str | None:
        """Return the address of an issue or pull request; None for what is no such reference.

        Args:
            text: `#12`, `owner/name#12`, or `!12` for a merge request.
        """
        match = _REF.fullmatch(text)
        if match is None or (match["mark"] == "!" and self.forge not in ("gitlab", "azure")):
            return None
        if match["mark"] == "!":
            return self.pull(match["number"])
        if self.forge == "azure":
            project = self.base.partition("/_git/")[0]
            return None if match["project"] else f"{project}/_workitems/edit/{match['number']}"
        base = self.base
        if match["project"]:
            base = "/".join([*base.split("/")[:3], match["project"]])
        return base + _FORMS[self.forge].issue.format(match["number"])

    def pull(self, number: str) -> str:
        """Return the address of a pull or merge request.

        Args:
            number: Its number.
        """
        return self.base + _FORMS[self.forge].pull.format(number)


def links(url: str | None) -> Links | None:
    """Return the addresses of the project that a remote's URL names.

    Args:
        url: An https, ssh or scp-like URL; user information and ports are dropped.

    Returns:
        None for a local path, no URL, or a host whose forge is not known by its name.
    """
    match = _URL.fullmatch(url or "") or _SCP.fullmatch(url or "")
    if match is None:
        return None
    host = match["host"].lower().rstrip(".")
    host = _ALIASES.get(host, host)
    path = match["path"].partition("?")[0].partition("#")[0].rstrip("/").removesuffix(".git").strip("/")
    parts = [quote(unquote(part), safe="~") for part in path.split("/")]
    if any(part in ("", ".", "..") for part in parts) or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    if host == "dev.azure.com" or host.endswith(".visualstudio.com"):
        return _azure(host, parts)
    forge = _forge(host)
    if forge is None or len(parts) < 2 or (forge in ("github", "bitbucket") and len(parts) != 2):
        return None
    return Links(f"https://{host}/{'/'.join(parts)}", forge)


def _forge(host: str) -> str | None:
    if host == "bitbucket.org":
        return "bitbucket"  # the server edition has other addresses
    if "github" in host or host.endswith(".ghe.com"):
        return "github"
    if "gitlab" in host:
        return "gitlab"
    return "gitea" if any(name in host for name in ("gitea", "forgejo", "codeberg", "gogs")) else None


def _azure(host: str, parts: list[str]) -> Links | None:
    if parts[0] == "v3" and len(parts) == 4:
        organisation, project, name = parts[1:]
    elif "_git" in parts[:-1]:
        at = parts.index("_git")
        before = [part for part in parts[:at] if part != "DefaultCollection"]
        if host != "dev.azure.com":
            before.insert(0, host.partition(".")[0])
        name = parts[-1]
        organisation, project = before[0] if before else "", before[-1] if len(before) > 1 else name
    else:
        return None
    return Links(f"https://dev.azure.com/{organisation}/{project}/_git/{name}", "azure") if organisation else None
