"""A checkout as Windows makes it holds the same bytes, so that its manifest is the same."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from helpers.paths import PROJECT


def cloned(into: Path, *settings: str) -> dict[str, str]:
    """A clone of the last commit with these settings: SHA-256 by file."""
    given = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", *given, "clone", "-q", "--shared", str(PROJECT), str(into)], check=True, capture_output=True)
    files = [p for p in into.rglob("*") if p.is_file() and ".git" not in p.relative_to(into).parts]
    return {p.relative_to(into).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.slow
def test_line_ends_are_the_same_where_git_would_convert_them(tmp_path: Path) -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("no checkout of git")
    plain = cloned(tmp_path / "plain", "core.autocrlf=false")
    assert len(plain) > 300
    assert cloned(tmp_path / "windows", "core.autocrlf=true", "core.eol=crlf") == plain
