"""Accelerators: every row can be named the way people name it, is one accelerator, and says what it lacks."""

import csv
import re

import pytest

from helpers.errors import DataProblem
from helpers.formulas import hardware
from helpers.formulas.hardware import NEEDED, described, lookup, read_sheets, read_table, sheet
from helpers.formulas.validation import InputError
from helpers.paths import RAW

TABLE = RAW / "hardware.csv"
ROWS, KNOWN = read_sheets(), read_table()


@pytest.mark.parametrize(
    ("name", "chip"),
    [
        ("NVIDIA H100", "h100-sxm5-80gb"),
        ("H100 SXM", "h100-sxm5-80gb"),
        ("h100", "h100-sxm5-80gb"),
        ("GB200 NVL72", "gb200-nvl72"),
        ("DGX-GB200", "gb200-nvl72"),
        ("昇腾910C", "ascend-910c"),
        ("华为昇腾910B", "ascend-910b"),
        ("TPU v5p", "tpu-v5p"),
        ("TPUv5p", "tpu-v5p"),
        ("Google TPU v5e", "tpu-v5e"),
        ("Ironwood", "tpu-v7-ironwood"),
        ("AMD Instinct MI355X", "mi355x"),
        ("NVIDIA GeForce RTX 5090", "rtx-5090"),
        ("A100 PCIe 80G", "a100-pcie-80gb"),
        ("Ｈ８００", "h800-sxm5-80gb"),
        ("H100 (SXM, 700 W)", "h100-sxm5-80gb"),
        ("H100s", "h100-sxm5-80gb"),
        ("NVIDIA H100 GPUs", "h100-sxm5-80gb"),
        ("V100S", "v100s-pcie-32gb"),
    ],
)
def test_names_that_people_write(name, chip):
    assert sheet(name)["accelerator_id"] == chip


@pytest.mark.parametrize("chip", ROWS)
def test_every_row_is_found_by_its_identifier_its_name_and_each_alias(chip):
    row = ROWS[chip]
    for name in (chip, row["name"], f"{row['vendor']} {row['name']}", *filter(None, row["aliases"].split(";"))):
        assert sheet(name)["accelerator_id"] == chip


def test_a_name_of_several_is_refused():
    with pytest.raises(InputError, match="'TPU' may be tpu-v1, tpu-v2"):
        lookup("TPU")


def test_an_unknown_name_is_answered_with_the_near_one_and_not_repeated_whole():
    with pytest.raises(InputError, match="'H1000' is unknown; did you mean H100") as problem:
        lookup("H1000")
    assert len(str(problem.value)) < 400
    with pytest.raises(InputError) as problem:
        lookup("x" * 1_000_000)
    assert len(str(problem.value)) < 400


def test_what_a_row_lacks_is_said_and_what_it_has_is_used():
    with pytest.raises(InputError, match=r"^kunlun-p800: the table has no memory; give memory_bytes$"):
        lookup("Kunlun P800")
    with pytest.raises(InputError, match=r"^kunlun-p800: the table has no memory bandwidth; give memory_bytes_per_s$"):
        described("Kunlun P800", {"memory_bytes": 64e9})
    mine = described("Kunlun P800", {"memory_bytes": 64e9, "memory_bytes_per_s": 1.6e12})
    assert (mine.peak_flop_per_s, mine.memory_bytes, mine.title) == (3.45e14, 64e9, "Kunlun P800")


def test_a_bad_cell_is_one_line(monkeypatch):
    bad = {**ROWS["a100-sxm4-40gb"], "peak_fp16_flop_per_s": "3.12x14"}
    monkeypatch.setattr(hardware, "read_sheets", lambda: {"a100-sxm4-40gb": bad})
    with pytest.raises(
        DataProblem, match=r"row a100-sxm4-40gb, column peak_fp16_flop_per_s: '3.12x14' is not a number"
    ):
        read_table.__wrapped__()


# Bytes/s over bytes of high-bandwidth memory: a stack is read some 25 to 70 times a second, in every generation.
STACKED = re.compile(r"^(a100|h100|h[28]00|b[123]00|gb|gh|mi|tpu-v[4-7]|trainium[23]|gaudi|ascend-910)")


@pytest.mark.parametrize("chip", [chip for chip in KNOWN if STACKED.match(chip) and chip != "tpu-v4i"])
def test_memory_and_its_bandwidth_belong_together(chip):
    """One accelerator is one memory: a pair's memory with one's bandwidth falls out."""
    assert 20 < KNOWN[chip].memory_bytes_per_s / KNOWN[chip].memory_bytes < 75


SAME_SILICON = (  # the same matrix units and memory interface: rate over bandwidth agrees
    ("b200", "gb200-nvl72", "gb200-nvl2", "b300", "gb300-nvl72"),
    ("h100-sxm5-80gb", "h800-sxm5-80gb", "gh200"),
    ("mi300x", "mi325x"),
    ("ascend-910b", "ascend-910b2", "ascend-910c", "ascend-910c-cloudmatrix"),
)


@pytest.mark.parametrize("family", SAME_SILICON)
def test_rate_and_bandwidth_belong_together(family):
    """GB200 had the rate of one GPU and the memory of two: half of its family's FLOP a byte."""
    ratios = [KNOWN[chip].peak_flop_per_s / KNOWN[chip].memory_bytes_per_s for chip in family]
    assert max(ratios) / min(ratios) < 1.3


def test_training_rates_are_with_32_bit_accumulation():
    """RTX 4090: 165 TFLOP/s, not the 330 of 16-bit accumulation; RTX 5090: 209, a quarter of the sparse headline."""
    assert lookup("RTX 4090").peak_flop_per_s == pytest.approx(165.2e12)
    assert lookup("RTX 5090").peak_flop_per_s == pytest.approx(209.5e12)


def test_narrow_formats_are_faster_where_the_table_has_them():
    for chip in KNOWN.values():
        rates = [chip.peak_flop_per_s, chip.peak_fp8_flop_per_s, chip.peak_fp4_flop_per_s]
        known = [rate for rate in rates if rate == rate]
        assert known == sorted(known), chip.name


def test_table_is_complete_enough():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        assert len(ROWS) == sum(1 for _ in csv.DictReader(lines))
    assert set(NEEDED) < set(vars(lookup("A100")))
    today = (
        "GB200 NVL72,GB300 NVL72,B200,B300,MI350X,MI355X,H20,RTX 5090,L40S,Ascend 910B,Ascend 910C,Trainium2,Trainium3"
    )
    assert all(lookup(name).peak_flop_per_s for name in f"{today},TPU v7,TPU v5p,TPU v6e".split(","))
