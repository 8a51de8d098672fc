"""How commands end: one line and the right exit status, whatever ends them; nothing hidden, nothing torn."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.commands.outcome import AS_TEXT, FAULT, LONGEST_LINE, PlainStream, ended
from helpers.errors import Problem


def that_raises(error: BaseException) -> Callable[[], int]:
    """A command that ends in an exception."""

    def command() -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Problem("it is wrong"), 1, "error: it is wrong"),
        (Problem("two\nlines"), 1, "error: two lines"),
        (OSError("odd"), 1, "error: odd"),
        (OSError(28, "Full"), 1, "error: check: Full. Mend: make room there, or name another place."),
        (OSError(17, "There", "a.txt"), 1, "error: a.txt: There. Mend: name a folder; what stands there is none."),
        (OSError(13, "No", "in/.a.csv.7-x.new"), 1, "error: in/a.csv: No. Mend: name a place that you may write to."),
        (OSError(999, "Odd", 7), 1, "error: check: Odd. Mend: see what the system allows there."),
        (
            MemoryError(),
            1,
            "error: check: Cannot allocate memory. Mend: allow more memory (ulimit -v), or close some programs.",
        ),
        (KeyboardInterrupt(), 130, "stopped; what was there before is untouched"),
    ],
)
def test_what_ends_a_command_is_one_line(
    error: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("check", that_raises(error)) == status
    assert capsys.readouterr() == ("", f"{said}\n")


def test_endless_line_loses_its_middle_and_keeps_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    endless = Problem(f"a.toml: {'x' * 9999} is unknown. Mend: take another")
    assert ended("check", that_raises(endless)) == 1
    line = capsys.readouterr().err
    assert len(line) < LONGEST_LINE
    assert line.startswith("error: a.toml: xxx")
    assert line.endswith("xxx is unknown. Mend: take another\n")


def test_fault_of_the_program_is_one_line_that_says_where_the_traceback_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert ended("scan a.txt", that_raises(OverflowError("too large"))) == FAULT
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: scan a.txt: unexpected OverflowError: too large; ")
    [record] = tmp_path.iterdir()
    assert str(record) in line
    assert "Traceback" in record.read_text(encoding="utf-8")


def test_traceback_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert ended("scan", that_raises(RuntimeError("odd"))) == FAULT
    assert "its traceback could not be written" in capsys.readouterr().err


def test_sigterm_ends_a_command_as_ctrl_c_does_and_the_handler_is_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    tidied = []

    def command() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            tidied.append(True)
        return 0

    before = signal.getsignal(signal.SIGTERM)
    assert ended("build", command) == 143
    assert tidied == [True]
    assert signal.getsignal(signal.SIGTERM) == before
    assert capsys.readouterr().err.startswith("stopped")


@given(st.text())
def test_printed_text_holds_no_control_characters_and_loses_nothing_else(text: str) -> None:
    stream = io.StringIO(newline="")
    PlainStream(stream).write(text)
    shown = stream.getvalue()
    assert not set(map(ord, shown)) & AS_TEXT.keys()
    assert re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})", "", shown) == re.sub(
        r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})", "", "".join(c for c in text if ord(c) not in AS_TEXT)
    )


def test_control_characters_of_data_are_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> int:
        print("a\x1b[31mred\u202e\ttab")
        return 0

    assert ended("scenario", command) == 0
    assert capsys.readouterr().out == "a\\x1b[31mred\\u202e\ttab\n"


def in_a_shell(code: str, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of these lines, in a process of its own, its output as the shell line says."""
    program = f"import sys; from helpers.commands.outcome import ended\ndef run():\n  {code}\n  return 0\nsys.exit(ended('x', run))"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.format('"$PYTHON" -c "$CODE"')],
        env={**os.environ, "PYTHON": sys.executable, "CODE": program, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_closed_pipe_ends_quietly() -> None:
    done = in_a_shell("[print('line', n) for n in range(100_000)]", "{} | head -1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "line 0\n", "")


def test_text_that_the_terminal_cannot_show_is_replaced() -> None:
    done = in_a_shell("print('源1.0')", "{}", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "\\u6e901.0\n", "")


def test_closed_standard_error_hides_no_failure() -> None:
    done = in_a_shell("raise OSError('full')", "{} 2>&-")
    assert done.returncode == 1


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("raised", [ImportError("numpy.core failed to import"), OSError("odd"), Problem("it is wrong")])
def test_error_that_follows_a_signal_is_the_end_that_was_asked_for(
    number: int,
    status: int,
    raised: Exception,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An extension that is being loaded when the signal comes clears it and raises an ImportError of its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def command() -> int:
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise raised from None
        return 0

    assert ended("scan", command) == status
    assert capsys.readouterr().err == "stopped; what was there before is untouched\n"
    assert list(tmp_path.iterdir()) == []
