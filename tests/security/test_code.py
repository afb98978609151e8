"""What the code itself must not do: run text, take objects apart that strangers made, use old or weak ciphers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(path for part in ("app", "workers") for path in (ROOT / part).rglob("*.py"))
STORIES = {"app/home/demo.py", "app/home/demo_events.py"}  # the demonstration is a story, and no secret
PROGRAMS = {"app/core/backup/taking.py", "app/core/backup/programs.py"}  # PostgreSQL's own, named by the operator
CALLERS = {"app/core/mail/transport.py", "app/hooks/transport.py"}  # who opens connections to elsewhere


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in OURS:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def called(tree: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def who_imports(*names: str) -> set[str]:
    return {name for name, tree in modules() if any(found in names for found in imported(tree))}


def test_no_text_is_run_as_code() -> None:
    for name, tree in modules():
        assert not called(tree) & {"eval", "exec", "compile", "__import__", "render_template_string"}, name
        assert "from_string" not in {call.rsplit(".", 1)[-1] for call in called(tree)}, name


def test_no_script_runs_text_or_listens_to_other_windows() -> None:
    for path in (ROOT / "app/ui").glob("*.js"):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.DOTALL)
        for never in (r"\beval\(", r"new Function", r"postMessage", r"'message'", r"document\.write", r"__proto__"):
            assert not re.search(never, text), (path.name, never)
        assert "localStorage" not in text, path.name


def test_objects_are_never_read_from_bytes() -> None:
    assert not who_imports("pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle")


def test_programs_are_started_without_a_shell() -> None:
    for name, tree in modules():
        assert not called(tree) & {"os.system", "os.popen", "subprocess.getoutput"}, name
        shells = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "shell"]
        assert not shells, name
    assert {name for name in who_imports("subprocess") if not name.startswith("app/local")} <= PROGRAMS


def test_only_what_is_named_here_calls_other_machines() -> None:
    asking = who_imports("urllib.request", "requests", "httpx", "aiohttp", "urllib3", "http.client", "smtplib")
    assert {name for name in asking if not name.startswith("app/local/")} <= CALLERS


def test_secrets_come_from_the_secure_generator() -> None:
    assert who_imports("random") <= STORIES


def test_only_one_cipher_and_one_family_of_hashes_are_used() -> None:
    for name, tree in modules():
        hazmat = {found for found in imported(tree) if found.startswith("cryptography.hazmat")}
        assert hazmat <= {
            "cryptography.hazmat.primitives.ciphers.aead",
            "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
        }, name
        assert not {call for call in called(tree) if re.fullmatch(r"hashlib\.(md5|sha1|new|blake2.)", call)}, name


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_no_template_lifts_the_escaping(suffix: str) -> None:
    for path in (ROOT / "templates").rglob(f"*.{suffix}"):
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b", text), path
        assert "autoescape false" not in text, path


def test_there_are_no_secret_questions_and_no_hints_of_a_password() -> None:
    for name, tree in modules():
        if name.endswith(("forms.py", "models.py")) and name.startswith("app/auth"):
            fields = {ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
            assert not {field for field in fields if re.search("question|reminder|password_hint", field)}, name
