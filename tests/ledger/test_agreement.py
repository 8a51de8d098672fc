"""Second rank: what merely agrees with what is on file holds, a slip of a power of ten contradicts, and nobody is accused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.paths import DATA


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(DATA)


def first(text: str, printed: str, knowledge: Knowledge) -> tuple[str, int]:
    """Grade and rank of the figure's first verdict, or an empty grade."""
    found = {c.quantity.as_printed: c.first for c in scan(text, knowledge).candidates}[printed]
    return (found.grade, found.rank) if found else ("", 0)


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        # dates: the day beside the name, without a word of release
        ("Qwen-72B（2023年11月30日）的参数量为720亿。", "2023年11月30日", ("accurate", 2)),
        # a part of a run, where the text names the part
        ("The dynamic consumption of BLOOM during training came to 24.7 tonnes of CO2.", "24.7 tonnes", ("accurate", 2)),
        ("BLOOM emitted 24.7 tonnes of CO2.", "24.7 tonnes", ("unsure", 1)),
        # a family, where all its members on file agree
        ("Llama 3.1 has a context window of 128K tokens.", "128K", ("accurate", 2)),
        # slips
        ("Falcon 180B, says the paper, knew 35 trillion tokens of training data.", "35 trillion", ("wrong", 1)),
        ("Mistral Large 2 is a dense model of 12.3 billion parameters.", "12.3 billion", ("wrong", 1)),
        # another member's figure: neither approved nor accused
        ("Llama 3.1 70B took 6.4 million GPU hours of training.", "6.4 million GPU hours", ("contradicts", 2)),
        # two names in one sentence: a misread owner is likelier than a wrong figure
        ("Unlike BLOOM, GPT-3 has 17.5 billion parameters.", "17.5 billion", ("contradicts", 2)),
    ],
)  # fmt: skip
def test_agreement_and_caution(text: str, printed: str, expected: tuple[str, int], knowledge: Knowledge) -> None:
    assert first(text, printed, knowledge) == expected


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("AWS charges $14.24 per B200-hour in Northern Virginia.", "$14.24", "accurate"),
        ("At Lambda an H100 rents for $2.99 an hour.", "$2.99", "accurate"),
        ("中国市场上,H100每卡时13.19元人民币。", "13.19元人民币", "accurate"),
        ("TPU v5p lists at $0.42 per chip-hour.", "$0.42", "contradicts"),
        ("An H100 rents for $140 an hour.", "$140", "contradicts"),
        ("An H100 rents for $3.33 an hour.", "$3.33", ""),  # no row says so, and none speaks against it
    ],
)
def test_rents_are_held_against_the_price_table(text: str, printed: str, expected: str, knowledge: Knowledge) -> None:
    assert first(text, printed, knowledge)[0] == expected


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("Llama 3.1 405B took 11 times the GPU hours of DeepSeek-V3.", "11 times", "accurate"),
        ("Llama 3.1 405B took 21 times the GPU hours of DeepSeek-V3.", "21 times", "contradicts"),
        ("An H200 has 1.76 times the memory of an H100.", "1.76 times", "accurate"),
        ("An H200 has four times the memory of an H100.", "four times", "contradicts"),
        (
            "Gemini 1.0 Ultra cost $191 million, four times as much as GPT-3 at $4.6 million.",
            "four times",
            "contradicts",
        ),
        ("Llama 3.1 405B is 21 times better than DeepSeek-V3.", "21 times", ""),  # of which quantity?
    ],
)
def test_multiples_of_two_systems(text: str, printed: str, expected: str, knowledge: Knowledge) -> None:
    assert first(text, printed, knowledge)[0] == expected


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        # what nobody owns agrees with evidence on what its sentence is about, of the year and the place that it says
        ("In 2024 data centres used around 415 TWh.", "415 TWh", "accurate"),
        ("In 2030 data centres will use around 415 TWh.", "415 TWh", ""),
        ("American data centers took 4.4% of the electricity in 2023.", "4.4%", "accurate"),
        ("Data centers took 4.4% of the electricity in 2023.", "4.4%", ""),
        ("Google's data centres used around 415 TWh.", "415 TWh", ""),
        ("Over 945 TWh a year is what data centres will need by 2030.", "945 TWh", "contradicts"),  # about, says the source
        # a count of three digits needs no noun, one of the part that the text does not name is not approved
        ("Llama 3.1 405B lost time to 419 unexpected breakdowns.", "419", "accurate"),
        ("Llama 3.1 405B had 466 unplanned interruptions.", "466", "contradicts"),
        # what a site or a company plans is on file as planned, and is not done
        ("Stargate is to reach 10 gigawatts.", "10 gigawatts", "accurate"),
        ("In September NVIDIA invested $100 billion in OpenAI.", "$100 billion", "contradicts"),
        # all of one kind, where evidence has two; a budget, where it is the price of one run
        ("Colossus runs on 200,000 H200 chips.", "200,000", "contradicts"),
        ("DeepSeek-V3 was trained on a budget of 5.576 million dollars.", "5.576 million dollars", "contradicts"),
        # what is asked or quoted as a saying is not asserted
        ("Did the training of GPT-3 take 300 billion tokens?", "300 billion", "unsure"),
    ],
)  # fmt: skip
def test_agreement_looks_at_topic_year_part_and_plan(
    text: str, printed: str, expected: str, knowledge: Knowledge
) -> None:
    assert first(text, printed, knowledge)[0] == expected


def test_a_date_is_borne_out_by_what_stands_beside_it(knowledge: Knowledge) -> None:
    text = "Data centres used around 415 TWh in 2024. Sam Altman wrote in June 2025 that ChatGPT takes 0.34 Wh a query."
    assert [first(text, printed, knowledge)[0] for printed in ("2024", "June 2025")] == ["accurate", "accurate"]
    assert first("Data centres used around 515 TWh in 2024.", "2024", knowledge)[0] == ""


@given(st.floats(1, 9.9), st.integers(-3, 24), st.sampled_from((-3, -2, -1, 1, 2, 3)))
def test_slip_is_found_at_every_size_and_never_where_the_figures_agree(digits: float, size: int, power: int) -> None:
    known = Interval(digits * 10.0**size, digits * 10.0**size)
    claimed = Interval(known.low * 0.999, known.high * 1.001)
    assert slip_of(claimed, known) == 0
    assert slip_of(claimed.scaled(10.0**power), known) == power


@given(st.floats(1.2, 8.0))
def test_what_has_other_digits_is_no_slip(factor: float) -> None:
    assert slip_of(Interval(factor * 1.9, factor * 1.9), Interval(1.9, 1.9)) == 0
