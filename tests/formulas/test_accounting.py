"""FLOP accounting: published values, dimensions, symbols, conventions."""

import numpy as np
import pint
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from helpers.constants import PETAFLOP_PER_S_DAY_FLOP, SECOND_PER_DAY
from helpers.formulas import accounting as acc
from helpers.formulas.accounting import Convention, Recompute
from helpers.formulas.architecture import Architecture, training_flop_per_sequence

# arXiv:2005.14165, Table D.1: parameters (1e6), training tokens (1e9), FLOP per parameter and token, FLOP, PF-days.
TABLE_D1 = [
    ("T5-Small", 60, 1000, 3, 1.80e20, 2.08),
    ("T5-Base", 220, 1000, 3, 6.60e20, 7.64),
    ("T5-Large", 770, 1000, 3, 2.31e21, 26.7),
    ("T5-3B", 3000, 1000, 3, 9.00e21, 104),
    ("T5-11B", 11000, 1000, 3, 3.30e22, 382),
    ("BERT-Base", 109, 250, 6, 1.64e20, 1.89),
    ("BERT-Large", 355, 250, 6, 5.33e20, 6.16),
    ("RoBERTa-Base", 125, 2000, 6, 1.50e21, 17.4),
    ("RoBERTa-Large", 355, 2000, 6, 4.26e21, 49.3),
    ("GPT-3 Small", 125, 300, 6, 2.25e20, 2.60),
    ("GPT-3 Medium", 356, 300, 6, 6.41e20, 7.42),
    ("GPT-3 Large", 760, 300, 6, 1.37e21, 15.8),
    ("GPT-3 XL", 1320, 300, 6, 2.38e21, 27.5),
    ("GPT-3 2.7B", 2650, 300, 6, 4.77e21, 55.2),
    ("GPT-3 6.7B", 6660, 300, 6, 1.20e22, 139),
    ("GPT-3 13B", 12850, 300, 6, 2.31e22, 268),
    ("GPT-3 175B", 174600, 300, 6, 3.14e23, 3640),
]
GPT3 = Architecture(layers=96, hidden=12288, heads=96, vocab=50257, seq_len=2048)
POSITIVE = st.floats(1e-6, 1e30)


@pytest.mark.parametrize(("name", "mega", "giga", "k", "flop", "pf_days"), TABLE_D1)
def test_gpt3_table_d1(name, mega, giga, k, flop, pf_days):
    computed = acc.training_flop(mega * 1e6, giga * 1e9, k)
    assert computed == pytest.approx(flop, rel=0.005)  # printed with three digits
    assert acc.petaflop_s_day(computed) == pytest.approx(pf_days, rel=0.005)
    assert acc.flop_per_param_token(computed, mega * 1e6, giga * 1e9) == pytest.approx(k)


def test_yuan_and_gpt3_count_different_things():
    """4095 PF-days (arXiv:2110.04725, Table 9) is 8·N·D; 3640 (arXiv:2005.14165, Table D.1) is 6·N·D."""
    yuan = acc.flop_per_param_token(4095 * PETAFLOP_PER_S_DAY_FLOP, 245.73e9, 180e9)
    gpt3 = acc.flop_per_param_token(3640 * PETAFLOP_PER_S_DAY_FLOP, 174.6e9, 300e9)
    assert yuan == pytest.approx(8, rel=1e-3)
    assert gpt3 == pytest.approx(6, rel=1e-3)


def test_training_time_of_narayanan():
    """arXiv:2104.04473, section 5.1: 175B, 300e9 tokens, 1024 A100 at 140 TFLOP/s: 34 days; 1T: 84 days."""
    small = acc.duration_s(acc.training_flop(175e9, 300e9, 8), 1024, 140e12) / SECOND_PER_DAY
    large = acc.duration_s(acc.training_flop(1e12, 450e9, 8), 3072, 163e12) / SECOND_PER_DAY
    assert small == pytest.approx(34, abs=0.5)
    assert large == pytest.approx(84, abs=1)


def test_palm_utilisation():
    """arXiv:2204.02311, Table 3: PaLM 540B, 238.3e3 tokens/s on 6144 TPU v4: MFU 46.2 %, 45.7 % without attention."""
    chip_s = 6144 * 275e12
    assert 238.3e3 * 6 * 540.35e9 / chip_s == pytest.approx(0.457, abs=0.002)
    with_attention = 6 * 540.35e9 + 12 * 118 * 48 * 256 * 2048
    assert acc.mfu(238.3e3 * with_attention, 6144, 1, 275e12) == pytest.approx(0.462, abs=0.005)


def test_dimensions_with_pint():
    units = pint.UnitRegistry()
    units.define("FLOP = [operation]")
    units.define("chip = [chip]")
    flop = acc.training_flop(175e9, 300e9, 6 * units.FLOP)
    assert flop.check("[operation]")
    rate = 140e12 * units.FLOP / units.second / units.chip
    seconds = acc.duration_s(flop, 1024 * units.chip, rate)
    assert seconds.check("[time]")
    assert acc.hardware_flop(1024 * units.chip, seconds, rate).check("[operation]")
    assert acc.mfu(flop, 1024 * units.chip, seconds, rate).check("[]")
    with pytest.raises(pint.DimensionalityError):
        _ = flop + seconds


def test_symbols():
    n, d, k, c = sympy.symbols("N D k C", positive=True)
    assert acc.training_flop(n, d, k) == k * n * d
    assert sympy.simplify(acc.flop_per_param_token(acc.training_flop(n, d, k), n, d)) == k
    assert sympy.diff(sympy.log(acc.training_flop(n, d, k)), n) == 1 / n
    assert acc.petaflop_s_day(c).has(c)


def test_arrays_agree_with_floats():
    params, tokens = np.array([1e9, 2e9]), np.array([1e10, 5e10])
    assert acc.training_flop(params, tokens)[1] == acc.training_flop(2e9, 5e10)


def test_conventions_are_ordered():
    k = {c: acc.flop_per_token(c, GPT3) for c in Convention}
    assert k[Convention.MODEL_6ND] < k[Convention.MODEL_ATTENTION] < k[Convention.RECOMPUTE_ATTENTION]
    assert 3 * k[Convention.RECOMPUTE_8ND] == 4 * k[Convention.MODEL_6ND]


def test_conventions_agree_with_the_itemised_count():
    """The per-token formulas leave out what the itemised count also leaves out, within a few parts in a thousand."""
    for convention, level in (("6ND+attention", "none"), ("8ND+attention", "full")):
        itemised = training_flop_per_sequence(GPT3, Recompute(level)) / GPT3.seq_len
        assert acc.flop_per_token(Convention(convention), GPT3) == pytest.approx(itemised, rel=3e-3)


@given(POSITIVE, POSITIVE, st.floats(1.01, 1e3))
def test_scaling_laws(params, tokens, factor):
    base = acc.training_flop(params, tokens)
    assert acc.training_flop(params * factor, tokens) == pytest.approx(base * factor)
    assert acc.training_flop(params, tokens) == pytest.approx(acc.training_flop(tokens, params))  # symmetric
    assert acc.duration_s(base, 2.0, 1.0) == pytest.approx(acc.duration_s(base, 1.0, 2.0))
    assert acc.chip_count(base, acc.duration_s(base, 8.0, 1e12), 1e12) == pytest.approx(8.0)
    assert acc.tokens_trained(base, params, 6) == pytest.approx(tokens)
