"""What a figure is per: a rate, said again in another unit, and the whole beside it."""

import pytest

from helpers.reader import read_text


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("It took 180K GPU hours per trillion tokens, or 3.7 days on the cluster.", ["1e+12 token", "1e+12 token"]),
        ("It took 180K GPU hours per trillion tokens, 2.788M GPU hours in all.", ["1e+12 token", ""]),
        ("每万亿词元18万卡时,即3.7天。", ["1e+12 token", "1e+12 token"]),
        ("每万亿tokens要180K个H800 GPU小时,全程278万GPU小时。", ["1e+12 token", ""]),
    ],
)
def test_a_rate_said_again_is_in_another_unit_and_the_whole_is_no_rate(text: str, rates: list[str]) -> None:
    assert [quantity.per for quantity in read_text(text).quantities] == rates
