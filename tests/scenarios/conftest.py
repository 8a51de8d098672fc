"""The project's evidence, as plain rows."""

import csv

import pytest

from helpers.paths import RAW


@pytest.fixture(scope="session")
def evidence() -> dict[str, dict[str, str]]:
    with (RAW / "evidence.csv").open(encoding="utf-8", newline="") as lines:
        return {row["evidence_id"]: row for row in csv.DictReader(lines)}
