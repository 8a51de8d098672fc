"""stub"""
from __future__ import annotations
from pathlib import Path
from typing import Any
def add_records(schedule: Any, files: dict[str, Path]) -> dict[str, Path]:
    return files
