"""Habits that are checked: commit messages, links between documents, how to report a fault."""

import re
import subprocess
from pathlib import Path

import pytest

from scripts.check_links import anchors_of, committed_documents, links_in, problems_of

ROOT = Path(__file__).resolve().parents[1]
HOOK = ROOT / "scripts" / "hooks" / "commit-msg"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository of its own, with the hook switched on as `make setup` does it."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "core.hooksPath", str(HOOK.parent))
    return tmp_path


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    who = ["-c", "user.name=Eksempel", "-c", "user.email=eksempel@example.dk"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def commit(folder: Path, message: str) -> subprocess.CompletedProcess[str]:
    return git(folder, "commit", "--allow-empty", "-m", message)


# Commit messages


@pytest.mark.parametrize(
    "message",
    [
        "Add a hook that reads commit messages",
        "Pass the day in\n\nOnly views read the clock.",
        "Embed the fonts in the report's file",
        "Discuss nothing, and say why in the body\n\n- a list\n- of reasons",
        "Å" * 72,
        'Revert "Added a table"',
        "Merge branch 'front'",
        "fixup! add a hook",
    ],
)
def test_a_good_message_is_kept(checkout, message):
    done = commit(checkout, message)
    assert (done.returncode, done.stderr) == (0, "")
    assert git(checkout, "log", "--format=%B").stdout.strip() == message


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("A" * 73, "The subject has 73 letters"),
        ("Added a hook", '"Added" is in another form'),
        ("Adds a hook", '"Adds" is in another form'),
        ("Adding a hook", '"Adding" is in another form'),
        ("add a hook", "begins with a capital letter"),
        ("Add a hook.", "ends without a full stop"),
        ("Add a hook\nBecause nobody counts letters.", "The second line is blank"),
    ],
)
def test_a_bad_message_is_refused_with_its_reason(checkout, message, sentence):
    (checkout / "message").write_text(message, "utf-8")
    done = git(checkout, "commit", "--allow-empty", "--cleanup=verbatim", "-F", "message")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert git(checkout, "log").returncode != 0


def test_without_the_hook_the_same_message_is_kept(checkout):
    git(checkout, "config", "--unset", "core.hooksPath")
    assert commit(checkout, "Added a hook.").returncode == 0


def test_make_setup_switches_the_hook_on():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert f"git config core.hooksPath {HOOK.parent.relative_to(ROOT)}" in makefile
    assert HOOK.stat().st_mode & 0o111


# Links


def test_every_link_between_our_documents_leads_somewhere():
    documents = committed_documents(ROOT)
    assert ROOT / "README.md" in documents
    assert [problem for path in documents for problem in problems_of(path, ROOT)] == []


def test_a_link_that_leads_nowhere_is_reported(tmp_path):
    page = tmp_path / "a.md"
    (tmp_path / "b.md").write_text("# Én ting\n## `kode`, og en [link](c.md)\n# Én ting\n", "utf-8")
    page.write_text(
        "[ok](b.md) [ok](b.md#én-ting-1 'titel') ![nej](billede.png) [nej](b.md#to-ting)\n"
        "[ok](#her) [nej](../uden-for.md) [ok](https://example.dk/x) `[kode](x.md)`\n"
        "```\n[kode](y.md)\n```\n[ok](b.md#kode-og-en-link)\n# Her\n\n[navn]: z.md\n",
        "utf-8",
    )
    assert problems_of(page, tmp_path) == [
        "a.md: billede.png is not there",
        "a.md: b.md#to-ting is not there",
        "a.md: ../uden-for.md is not there",
        "a.md: z.md is not there",
    ]


def test_code_counts_as_no_link_and_no_heading():
    assert links_in("`[a](b)`\n\n~~~\n[c](d)\n~~~\n[e](f)") == ["f"]
    assert anchors_of("# A\n```\n# B\n```\n## A ##\n") == {"a", "a-1"}


# Documents for newcomers


def test_contributing_and_help_describe_each_habit():
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("setup", "test-next", "check-links"):
        assert f"make {target}" in contributing
        assert re.search(rf"^{target}\s", listed.stdout, re.MULTILINE)


def test_security_says_how_to_report_and_what_is_supported():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert {"Report a weakness", "What is supported"} <= set(
        re.findall(r"^## (.+)$", text, re.MULTILINE)
    )
