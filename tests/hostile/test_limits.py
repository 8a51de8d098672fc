"""What a system may refuse a process: size of files, open files, memory, a place to write. One line, nothing torn."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import NOTEBOOKS, PROJECT
from tests.hostile.test_corpus import snapshot

ARTICLE = "GPT-3 has 175 billion parameters and was trained on 300 billion tokens with 3640 petaflop/s-days.\n"
RUNS = "run_id,layers,hidden,heads,seq_len,global_batch,n_gpus,accelerator\n" + "a,24,2048,16,2048,64,8,A100\n" * 400
SWEEP = '[scenario]\nparams = 1e9\ntokens = 2e10\naccelerator = "A100"\n[grid]\ncount = {from = 1, to = 1000, steps = 1000}\npue = [1.1, 1.2, 1.3]\n'
COMMANDS = {
    "sweep": ("sweep", "w.toml", "--out", "out"),
    "scan --add": ("scan", "a.txt", "--add", "out"),
    "scan --page": ("scan", "a.txt", "--page", "p.html"),
    "article": ("article", "a.txt", "--out", "out"),
    "predict": ("predict", "r.csv", "-o", "o.csv"),
    "run": ("run", f"{NOTEBOOKS}/03_compute.ipynb", "o.ipynb", "-p", "days", "20"),
}
LIMITS = {
    "no file may have a byte": (resource.RLIMIT_FSIZE, 0),
    "files of 1 KB": (resource.RLIMIT_FSIZE, 1 << 10),
    "files of 16 KB": (resource.RLIMIT_FSIZE, 16 << 10),
    "8 open files": (resource.RLIMIT_NOFILE, 8),
    "16 open files": (resource.RLIMIT_NOFILE, 16),
    "300 MB of memory": (resource.RLIMIT_AS, 300 << 20),
}


def run(here: Path, command: str, kind: int, most: int) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own with a limit; messages and results go through pipes, which have no size."""
    environment = {**os.environ, "TMPDIR": str(here / "tmp"), "PYTHONPATH": str(PROJECT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    code = f"import resource, sys; resource.setrlimit({kind}, ({most}, {most}))\nfrom helpers.commands.cli import main\nsys.exit(main(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, *COMMANDS[command]]
    return subprocess.run(argv, cwd=here, env=environment, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name, text in {"a.txt": ARTICLE, "w.toml": SWEEP, "r.csv": RUNS}.items():
        (tmp_path / name).write_text(text)
    for name in ("p.html", "o.csv", "o.ipynb"):
        (tmp_path / name).write_text("what was there")
    (tmp_path / "tmp").mkdir()
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "limit"),
    [(c, n) for c in COMMANDS for n in LIMITS if (c, n) != ("run", "300 MB of memory")],  # NumPy ends its own process
)
def test_a_limit_of_the_system_is_one_line_with_its_mend_and_tears_nothing(
    command: str, limit: str, here: Path
) -> None:
    before = snapshot(here)
    done = run(here, command, *LIMITS[limit])
    said = [line for line in done.stderr.splitlines() if "rows/s" not in line and line.strip()]
    assert done.returncode in (0, 1), done.stderr
    if done.returncode:
        if command == "run":  # multiprocessing and Jupyter have a word as well
            said = [line for line in said if line.startswith("error: ")]
        assert len(said) == 1, done.stderr
        assert said[0].startswith("error: ")
        assert "Mend: " in said[0]
        after = {n: c for n, c in snapshot(here).items() if not n.startswith("out/")}
        assert after == before, sorted(after.keys() ^ before.keys())
    assert not list((here / "out").glob(".*.new"))
    assert list((here / "tmp").iterdir()) == []
