"""Parameters and FLOP from dimensions, against published tables."""

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from helpers.formulas import architecture as arch
from helpers.formulas.accounting import Recompute
from helpers.formulas.architecture import Architecture

# arXiv:2005.14165: sizes of table 2.1, parameters (1e6) of table D.1. Table 2.1 prints 24 heads for GPT-3 XL and
# width 5140 for 13B; 16 heads of 128 and 5120 are what agrees with the parameters.
GPT3_FAMILY = [
    (12, 768, 12, 125),
    (24, 1024, 16, 356),
    (24, 1536, 16, 760),
    (24, 2048, 16, 1320),
    (32, 2560, 32, 2650),
    (32, 4096, 32, 6660),
    (40, 5120, 40, 12850),
    (96, 12288, 96, 174600),
]
# arXiv:2104.04473, table 1: layers, width, heads, parameters (1e9).
NARAYANAN = [
    (24, 2304, 24, 1.7),
    (30, 3072, 32, 3.6),
    (36, 4096, 32, 7.5),
    (40, 6144, 48, 18.4),
    (48, 8192, 64, 39.1),
    (60, 10240, 80, 76.1),
    (80, 12288, 96, 145.6),
    (96, 16384, 128, 310.1),
    (105, 20480, 128, 529.6),
    (128, 25600, 160, 1008.0),
]
# arXiv:2203.15556, table A4: parameters (1e6), layers, width, MLP, heads, head width.
CHINCHILLA_A4 = [
    (73, 10, 640, 2560, 10, 64),
    (305, 20, 1024, 4096, 16, 64),
    (552, 24, 1280, 5120, 10, 128),
    (1100, 26, 1792, 7168, 14, 128),
    (1600, 28, 2048, 8192, 16, 128),
    (6800, 40, 3584, 14336, 28, 128),
]
# arXiv:2203.15556, table 3: parameters, FLOP, tokens.
CHINCHILLA_3 = [
    (400e6, 1.92e19, 8.0e9),
    (1e9, 1.21e20, 20.2e9),
    (10e9, 1.23e22, 205.1e9),
    (175e9, 3.85e24, 3.7e12),
    (280e9, 9.90e24, 5.9e12),
    (520e9, 3.43e25, 11.0e12),
    (1e12, 1.27e26, 21.2e12),
    (10e12, 1.30e28, 216.2e12),
]
SIZES = st.integers(1, 200)


def narayanan_parameters(layers, hidden, vocab, seq_len):
    """Parameters of a GPT, 12 l h² (1 + 13/12h + (V+s)/12lh): arXiv:2104.04473, equation 2."""
    return 12 * layers * hidden**2 * (1 + 13 / (12 * hidden) + (vocab + seq_len) / (12 * layers * hidden))


def korthikanti_hardware_flop(global_batch, seq_len, layers, hidden, vocab):
    """Hardware FLOP with selective recomputation as printed, s/3h: arXiv:2205.05198, appendix A, equation 8.

    The printed term counts the recomputed attention core three times; executed it is once, which is what
    `training_flop_per_sequence(..., Recompute.SELECTIVE)` counts.
    """
    size = 1 + seq_len / (3 * hidden) + vocab / (12 * layers * hidden)
    return 72 * global_batch * seq_len * layers * hidden**2 * size


@pytest.mark.parametrize(("layers", "hidden", "heads", "mega"), GPT3_FAMILY)
def test_gpt3_parameters(layers, hidden, heads, mega):
    model = Architecture(layers, hidden, heads, vocab=50257, seq_len=2048)
    assert model.params / 1e6 == pytest.approx(mega, rel=0.005)


def test_gpt3_175b_parameters_to_the_printed_digit():
    assert Architecture(96, 12288, 96, 50257, 2048).params == pytest.approx(174.6e9, rel=1e-4)


@pytest.mark.parametrize(("layers", "hidden", "heads", "giga"), NARAYANAN)
def test_narayanan_equation_2(layers, hidden, heads, giga):
    formula = narayanan_parameters(layers, hidden, 51200, 2048)
    assert formula / 1e9 == pytest.approx(giga, abs=0.06 if giga < 1000 else 0.6)
    itemised = Architecture(layers, hidden, heads, 51200, 2048).params
    assert itemised - formula == pytest.approx(2 * hidden, rel=1e-3)  # the last norm, which equation 2 leaves out


@pytest.mark.parametrize(("layers", "hidden", "heads", "giga"), NARAYANAN)
def test_narayanan_equation_3(layers, hidden, heads, giga):
    model = Architecture(layers, hidden, heads, 51200, 2048)
    itemised = 1536 * arch.training_flop_per_sequence(model, Recompute.FULL)
    assert itemised == pytest.approx(arch.narayanan_flop_per_iteration(1536, 2048, layers, hidden, 51200), rel=1e-12)
    model_flop = 1536 * arch.training_flop_per_sequence(model)
    assert model_flop == pytest.approx(arch.korthikanti_model_flop(1536, 2048, layers, hidden, 51200), rel=1e-12)


def test_mt_nlg_three_points():
    """arXiv:2201.11990, section 2.4: 60.1, 50.2, 44.4 s on 2240, 2800, 3360 GPUs: 126, 121, 113 TFLOP/s."""
    flop = arch.narayanan_flop_per_iteration(1920, 2048, 105, 20480, 51200)
    for seconds, gpus, tflop_per_s in ((60.1, 2240, 126), (50.2, 2800, 121), (44.4, 3360, 113)):
        assert flop / (seconds * gpus * 1e12) == pytest.approx(tflop_per_s, abs=1.2)


def test_korthikanti_utilisations():
    """arXiv:2205.05198, table 5: 530B, batch 280, 280 GPUs, 37.83 s: MFU 56.0 %, HFU 57.0 %; 1T: 56.3 and 57.0."""
    for batch, gpus, seconds, layers, hidden, mfu, hfu in (
        (280, 280, 37.83, 105, 20480, 0.560, 0.570),
        (512, 512, 71.49, 128, 25600, 0.563, 0.570),
    ):
        peak = gpus * seconds * 312e12
        args = (batch, 2048, layers, hidden, 51200)
        assert arch.korthikanti_model_flop(*args) / peak == pytest.approx(mfu, abs=0.001)
        assert korthikanti_hardware_flop(*args) / peak == pytest.approx(hfu, abs=0.001)


@pytest.mark.parametrize(("mega", "layers", "hidden", "ffn", "heads", "width"), CHINCHILLA_A4)
def test_chinchilla_parameters(mega, layers, hidden, ffn, heads, width):
    """Relative positions as in Gopher add a square matrix per layer; no biases; vocabulary 32000."""
    model = Architecture(
        layers, hidden, heads, 32000, 2048, ffn_hidden=ffn, head_dim=width, position_params=layers * hidden**2
    )
    assert model.params / 1e6 == pytest.approx(mega, rel=0.05 if mega in (1100, 1600) else 0.012)


@pytest.mark.parametrize(("params", "flop", "tokens"), CHINCHILLA_3)
def test_chinchilla_table_3(params, flop, tokens):
    assert 6 * params * tokens == pytest.approx(flop, rel=0.012)
    ratio = arch.tokens_per_param(tokens, params)
    assert 19 < ratio < 22
    off = (ratio / arch.TOKENS_PER_PARAM) ** 0.5
    assert arch.compute_optimal_params(flop) == pytest.approx(params * off, rel=0.01)
    assert arch.compute_optimal_tokens(flop) == pytest.approx(tokens / off, rel=0.01)


def test_t5_base_encoder_decoder():
    """T5-Base has 222,903,552 parameters (checkpoint of arXiv:1910.10683; 220e6 in arXiv:2005.14165, table D.1)."""
    t5 = Architecture(
        12,
        768,
        12,
        32128,
        512,
        ffn_hidden=3072,
        linear_bias=0,
        norm_vectors=1,
        position_params=2 * 32 * 12,
        encoder_layers=12,
        encoder_seq_len=512,
        cross_attention=1,
    )
    assert t5.params == 222_903_552


def test_mpt_7b():
    """6,658,859,008 parameters (benchmark tables of llm-foundry, which lists the count)."""
    assert Architecture(32, 4096, 32, 50368, 2048).params == 6_658_859_008


def test_llama_2_70b():
    """68,976,648,192 parameters: grouped queries, gated MLP, no biases, rotary positions, untied logits.

    Lists that print 68,976,653,312 count 80 x 64 rotary frequencies, which are not trained.
    """
    llama = Architecture(
        80,
        8192,
        64,
        32000,
        4096,
        ffn_hidden=28672,
        kv_heads=8,
        ffn_matrices=3,
        linear_bias=0,
        norm_vectors=1,
        position_params=0,
        untied_logits=1,
    )
    assert llama.params == 68_976_653_312 - 80 * 64


def test_mixture_of_experts():
    """GLaM 64B/64E (arXiv:2112.06905, table 4): 1.2e12 parameters, 96.6e9 active per token."""
    glam = Architecture(
        64,
        8192,
        128,
        256000,
        1024,
        ffn_hidden=32768,
        head_dim=128,
        linear_bias=0,
        norm_vectors=1,
        position_params=0,
        experts=64,
        active_experts=2,
        expert_layer_share=0.5,
    )
    assert glam.params == pytest.approx(1.2e12, rel=0.06)
    assert glam.active_params == pytest.approx(96.6e9, rel=0.12)
    dense = Architecture(64, 8192, 128, 256000, 1024, experts=64, active_experts=2)
    assert dense.params == dense.active_params


def test_items_sum_upward_and_are_symbolic():
    layers, hidden, heads, vocab, seq = sympy.symbols("l h a V s", positive=True)
    model = Architecture(layers, hidden, heads, vocab, seq)
    formula = narayanan_parameters(layers, hidden, vocab, seq)
    assert sympy.simplify(model.params - formula) == 2 * hidden
    step = arch.training_flop_per_sequence(model, Recompute.FULL)
    assert sympy.simplify(step - arch.narayanan_flop_per_iteration(1, seq, layers, hidden, vocab)) == 0


@given(SIZES, SIZES, st.integers(1, 4))
def test_flop_grows_with_every_dimension(layers, heads, experts):
    small = Architecture(layers, 64 * heads, heads, 1000, 128)
    for larger in (
        Architecture(layers + 1, 64 * heads, heads, 1000, 128),
        Architecture(layers, 64 * (heads + 1), heads + 1, 1000, 128),
        Architecture(layers, 64 * heads, heads, 2000, 128),
        Architecture(layers, 64 * heads, heads, 1000, 256),
        Architecture(layers, 64 * heads, heads, 1000, 128, active_experts=experts + 1, expert_layer_share=1),
    ):
        assert arch.training_flop_per_sequence(larger) > arch.training_flop_per_sequence(small)
    levels = [arch.training_flop_per_sequence(small, level) for level in Recompute]
    assert levels == sorted(levels)


def test_plausible_shapes():
    from helpers.formulas.shape import plausible_architecture, usual_batch

    for params in (1e8, 1e9, 7e9, 70e9, 175e9, 530e9, 1e12, 1e13):
        shape = plausible_architecture(params)
        assert shape.params == pytest.approx(params, rel=0.2)
        assert shape.hidden % shape.heads == 0
        assert usual_batch(params, 2048, 1024) >= 1
    gpt3 = plausible_architecture(175e9)
    assert (gpt3.layers, gpt3.hidden, gpt3.heads) == (96, 12288, 96)


DEEPSEEK_V3 = Architecture(
    61, 7168, 128, 129280, 4096, 2048, head_dim=128, ffn_matrices=3, linear_bias=0, norm_vectors=1, position_params=0,
    untied_logits=1, experts=256, active_experts=8, shared_experts=1, expert_layer_share=58 / 61, dense_hidden=18432,
    kv_rank=512, q_rank=1536, rope_dim=64,
)  # fmt: skip


def test_latent_attention_shared_experts_and_first_dense_layers():
    """arXiv:2412.19437, section 4.2: 671 billion parameters, 37 billion of them active."""
    assert DEEPSEEK_V3.params == pytest.approx(671e9, rel=0.002)
    assert DEEPSEEK_V3.active_params == pytest.approx(37e9, rel=0.02)


def test_a_window_is_part_of_the_square():
    """Through a window as wide as the text nothing changes; through a quarter, 2·s·w - w² = 7/16 of s² remain."""
    plain = Architecture(2, 64, 4, 100, 1024)
    scores = arch.forward_flop_items(plain)["attention/scores"]
    for window, share in ((1024, 1.0), (256, 7 / 16)):
        windowed = Architecture(2, 64, 4, 100, 1024, window=window, window_layer_share=1)
        assert arch.forward_flop_items(windowed)["attention/scores"] == pytest.approx(share * scores)


def test_heads_for_further_tokens_cost_a_layer_and_logits_each():
    plain, more = (Architecture(4, 64, 4, 100, 16, predict_layers=n) for n in (0, 1))
    one, two = arch.forward_flop_items(plain), arch.forward_flop_items(more)
    assert two["logits/matrix"] == 2 * one["logits/matrix"]
    assert two["mlp/dense"] == pytest.approx(5 / 4 * one["mlp/dense"])
