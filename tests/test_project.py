"""Rules for the whole project that a reader of one file would not see broken."""

import ast
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
APPS = (
    "core",
    "deadlines",
    "plan",
    "principles",
    "accounts",
    "initiatives",
    "reports",
    "rammeaftale",
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.relative_to(ROOT).parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_LINES_OF_CODE, MAX_LINES_OF_TESTS = 400, 500
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]

COMMENT = re.compile(r"{#.*?#}|{% comment.*?%}.*?{% endcomment %}", re.DOTALL)
TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def committed_files() -> Iterator[Path]:
    """Yield the files under version control, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            yield path


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in CODE:
        yield name_of(path), ast.parse(path.read_text("utf-8"))


# What a newcomer looks for


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs/decisions.md"]
)
def test_what_a_newcomer_looks_for_is_there(name):
    assert (ROOT / name).read_text("utf-8").strip()


def test_the_licence_is_the_whole_mozilla_public_license():
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == (
        "fab3dd6bdab226f1c08630b1dd917e11fcb4ec5e1e020e2c16f83a0a13863e85"
    )


def test_ci_runs_what_a_developer_runs():
    ci = ROOT / ".ci" / "run"
    assert "make test" in ci.read_text("utf-8")
    assert ci.stat().st_mode & 0o111


# Templates


def test_there_are_templates_to_look_at():
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_script_style_or_handler(path):
    html = COMMENT.sub("", path.read_text("utf-8"))
    attributes = TEMPLATE_CODE.sub("", html)
    assert not re.search(r"<style\b", html, re.IGNORECASE), "an inline style sheet"
    assert not re.search(r"<[^>]*\sstyle\s*=", attributes, re.IGNORECASE), "an inline style"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", attributes, re.IGNORECASE), "an inline handler"
    assert not re.search(r"hx-on|javascript:", html, re.IGNORECASE), "script in an attribute"
    assert not re.search(r"""hx-\w+=["']js:""", html, re.IGNORECASE), "script in an attribute"
    for script in re.findall(r"<script\b[^>]*>", html, re.IGNORECASE):
        assert "src=" in script, "an inline script"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_escapes_everything(path):
    html = COMMENT.sub("", path.read_text("utf-8"))
    assert not re.search(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off", html)


# Code


def test_no_code_marks_markup_as_safe():
    offenders = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.alias) and node.name in {"mark_safe", "SafeString"})
        or (isinstance(node, ast.Attribute) and node.attr in {"mark_safe", "SafeString"})
    ]
    assert offenders == []


def test_no_import_hides_inside_a_function():
    offenders = [
        f"{name}:{inner.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("paths", "limit"),
    [(CODE, MAX_LINES_OF_CODE), (TESTS, MAX_LINES_OF_TESTS)],
    ids=["apps", "tests"],
)
def test_no_file_is_too_long(paths, limit):
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > limit} == {}


def our_models() -> list[type]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not model.__name__.startswith("Historical")
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_the_docstring_of_a_model_begins_with_its_danish_word(model):
    word = (model.__doc__ or "").partition(":")[0]
    assert word.casefold() == str(model._meta.verbose_name).casefold()


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# What is installed


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_every_requirement_is_pinned_and_hashed(path):
    text = "\n".join(
        line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    requirements = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_the_requirements_name_no_host_and_no_index(path):
    text = path.read_text("utf-8")
    assert "://" not in text
    assert not re.search(
        r"--?(extra-)?index|--find-links|--trusted-host|^-[fi]\b", text, re.MULTILINE
    )


def test_what_runs_in_production_is_what_is_tested():
    def pins(path: Path) -> set[str]:
        return set(
            re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", path.read_text("utf-8"), re.MULTILINE)
        )

    runtime, dev = map(pins, REQUIREMENTS)
    assert runtime < dev


def test_the_lock_file_knows_one_index_and_where_it_keeps_its_files():
    text = (ROOT / "uv.lock").read_text("utf-8")
    assert len(set(re.findall(r'registry = "https://([^/"]+)', text))) == 1
    assert len(set(re.findall(r' url = "https://([^/"]+)', text))) == 1
    assert not re.findall(r'(?:registry|url) = "(?!https://)', text)


def test_no_committed_file_names_a_path_of_a_machine():
    home = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w")
    offenders = [
        name_of(path)
        for path in committed_files()
        if path.suffix not in {".woff2", ".png", ".pdf", ".ico", ".lock"}
        and home.search(path.read_text("utf-8", errors="replace"))
    ]
    assert offenders == []
