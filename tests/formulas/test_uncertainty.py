"""Ranges and shares: the same to the last digit on every processor."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("kernel", ["Haswell", "SkylakeX", "Prescott"])
def test_shares_are_the_same_to_the_last_digit_whatever_the_processor(kernel: str) -> None:
    """As far as this machine has the kernel of the linear algebra; no product of it reaches a result."""
    program = (
        "import numpy as np\nfrom helpers.formulas.uncertainty import summarise\n"
        "drawn = {n: np.exp(np.random.default_rng(i).normal(size=100_000)) for i, n in enumerate('abc')}\n"
        "result = drawn['a'] * drawn['b'] ** 0.3 / drawn['c'] ** 0.01\n"
        "print(repr(summarise(result, {**drawn, 'result': result})))"
    )
    command = [sys.executable, "-c", program]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    printed = {
        subprocess.run(command, env=environment | more, capture_output=True, text=True, check=True).stdout
        for more in ({}, {"OPENBLAS_CORETYPE": kernel})
    }
    assert len(printed) == 1
