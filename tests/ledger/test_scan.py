"""Scanning: candidates with true offsets, first verdicts by the published function, and files of every kind."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.ledger.claimed import claimed_interval, range_ends
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import Candidate, scan
from helpers.ledger.scan_wording import spoken
from helpers.ledger.verdicts import Grade
from helpers.reader import Quantity
from helpers.reader.documents import read_document, visible_text

SIMPLIFIED = "研究团队介绍，GPT-3拥有约1750亿个参数。\n它训练用了3640PD的算力，见图9。"
TRADITIONAL = "團隊表示，GPT-3擁有1750億個參數，訓練耗時2到3個月。"
ENGLISH = (
    "Analysts were impressed. GPT-3 has 17.5 billion parameters and was trained on 300 billion tokens. More followed."
)


def candidates(text: str, knowledge: Knowledge) -> dict[str, Candidate]:
    found = scan(text, knowledge).candidates
    assert all(text[c.quantity.char_start : c.quantity.char_end] == c.quantity.as_printed for c in found)
    return {c.quantity.as_printed: c for c in found}


@pytest.mark.parametrize(
    ("text", "printed", "kind", "value"),
    [
        (SIMPLIFIED, "1750亿个", "parameters", 1.75e11),
        (SIMPLIFIED, "3640PD", "compute", 3640 * 8.64e19),
        (TRADITIONAL, "1750億個", "parameters", 1.75e11),
        (ENGLISH, "17.5 billion", "parameters", 1.75e10),
        (ENGLISH, "300 billion", "tokens", 3e11),
    ],
)
def test_figure_is_found_in_each_script_with_its_system(
    text: str, printed: str, kind: str, value: float, knowledge: Knowledge
) -> None:
    found = candidates(text, knowledge)[printed]
    assert (found.quantity.kind, found.quantity.value, found.system) == (kind, pytest.approx(value), "GPT-3")


def test_first_verdict_is_the_published_function_and_names_its_evidence(knowledge: Knowledge) -> None:
    right = candidates(SIMPLIFIED, knowledge)["1750亿个"].first
    wrong = candidates(ENGLISH, knowledge)["17.5 billion"].first
    assert right is not None
    assert wrong is not None
    assert (right.verdict.grade, wrong.verdict.grade) == (Grade.ACCURATE, Grade.WRONG)
    assert right.decided_by["system_id"] == "gpt-3"
    assert right.decided_by["quantity"] == "parameters"
    assert right.decided_by["evidence_id"] in right.evidence_ids


def test_figure_without_evidence_has_no_verdict(knowledge: Knowledge) -> None:
    found = candidates("某实验室的无名模型有1750亿参数。", knowledge)["1750亿"]
    assert (found.system, found.first) == ("", None)


def test_sentence_is_the_one_around_the_figure(knowledge: Knowledge) -> None:
    found = candidates(ENGLISH, knowledge)["17.5 billion"]
    assert found.before == "GPT-3 has "
    assert found.after == " parameters and was trained on 300 billion tokens."


@pytest.mark.parametrize(
    ("bound", "hedge", "low", "high"),
    [
        ("exact", "", 95.0, 105.0),
        ("about", "约", 90.0, 110.0),
        ("at_least", "超过", 100.0, 200.0),
        ("at_most", "不到", 0.0, 105.0),
        ("range 95-105", "", 95.0, 105.0),
    ],
)
def test_interval_of_a_figure_follows_its_hedge(bound: str, hedge: str, low: float, high: float) -> None:
    figure = Quantity(0, 3, "100", "chip_count", 100.0, "chip", bound, 95.0, 105.0, "", hedge)
    claimed = claimed_interval(figure)
    assert claimed is not None
    assert (claimed.low, claimed.high) == (pytest.approx(low), pytest.approx(high))


def test_range_of_dates_spans_both_ends_and_a_day_without_a_year_is_no_date() -> None:
    dates = Quantity(0, 9, "2020至2021年", "date", "2020", "date", "range 2020/2021", 0.0, 0.0, "")
    assert range_ends(dates) == ("2020", "2021")
    claimed = claimed_interval(dates)
    assert claimed is not None
    assert claimed.high - claimed.low == 730
    assert claimed_interval(Quantity(0, 2, "3月", "date", "--03", "date", "exact", 0.0, 0.0, "")) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [("--11-08", "8 November"), ("--03", "March"), ("---08", "day 8"), ("2021-11-08", "2021-11-08"), ("2021", "2021")],
)
def test_date_without_its_year_is_said_in_words(value: str, said: str, knowledge: Knowledge) -> None:
    [candidate] = [c for c in scan("On 8 November it was shown.", knowledge).candidates if c.quantity.unit == "date"]
    assert spoken(candidate) == "8 November"
    told = replace(candidate, quantity=replace(candidate.quantity, value=value))
    assert spoken(told) == said


def test_table_that_is_missing_or_lacks_a_column_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"systems\.csv, whole file"):
        Knowledge(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "systems.csv").write_text("system_id,name\n", encoding="utf-8")
    with pytest.raises(Problem, match="column name_zh is missing"):
        Knowledge(tmp_path)


# Files ---------------------------------------------------------------------------------------------------------


def test_plain_text_is_kept_to_the_code_point(tmp_path: Path) -> None:
    text = "\ufeffGPT-3\r\n有1750亿参数\r\n𝟛 ok\n"
    (tmp_path / "a.TXT").write_bytes(text.encode())
    assert read_document(tmp_path / "a.TXT") == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<head><title>9亿</title></head><body><nav>8亿</nav><p>有<b>17</b>50亿<script>7亿</script></p>", "有1750亿"),
        ("17<!-- -->50亿<style>p{}</style><p title=it's>a &lt; b&nbsp;c", "1750亿\na < b\xa0c"),
        ("<div><nav>menu</div><p>left open above</p>", "left open above"),
        ("<script>a = '<!--'</script>seen", "seen"),
        ("<table><tr><th><th>参数(亿)<th>层<tr><td>A<td><td><p>9</p></table>", "\t参数(亿)\t层\nA\t\t9"),
        ("<pre>a\n  b</pre>x <br/> y", "a\nb\nx\ny"),
        ("<a b='unclosed <p>1750亿", ""),
        ("<p hidden>9 billion</p><p style='color:red; display: none'>8 <b>x</b></p><p>175</p>", "175"),
        ('<div style="visibility:hidden"><p>7<p>6</div><p title="hidden">5<p data-hidden>4', "5\n4"),
        ("1 < 2 </nothing> &#xD800;", "1 < 2 \ufffd"),
    ],
)
def test_page_is_what_a_browser_shows(page: str, text: str) -> None:
    assert visible_text(page) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<a b='", "<script>", "<div>", "</b><b>", "&#", "<td>\n\t ", "= '\""])
def test_hostile_page_takes_no_longer_than_its_length(piece: str) -> None:
    begun = time.process_time()
    visible_text("<a " * (piece[0] == "=") + piece * (400_000 // len(piece)))
    assert time.process_time() - begun < 8


def test_page_in_its_declared_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.htm").write_bytes("<meta charset='gb2312'><p>擁有1750億".encode("gb18030"))
    assert read_document(tmp_path / "a.htm") == "擁有1750億"


def test_pdf_lines_are_joined_where_the_page_broke_them(tmp_path: Path) -> None:
    lines = [
        "The makers say that the large model has 175 billion",
        "parameters in total.",
        "Heading",
        "It took 10 days.",
    ]
    write_pdf(tmp_path / "a.pdf", lines)
    joined = "The makers say that the large model has 175 billion parameters in total.\nHeading\nIt took 10 days."
    assert read_document(tmp_path / "a.pdf") == joined


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"\xb2\xce\xca\xfd", "not UTF-8"),
        ("a.txt", b" \n", "has no text"),
        ("a.html", b"<p>\xff", "not UTF-8, and not the utf-8"),
        ("a.html", b"<meta charset=hex>\xff", "not the hex"),
        ("a.html", b"<script>1</script>", "has no text"),
        ("a.pdf", b"no pdf", "cannot be read as PDF"),
        ("a.docx", b"PK", "is no .txt, .html, .htm or .pdf file"),
        ("a\n\x1b[31m.txt", None, "no such file"),
    ],
)
def test_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Problem) as problem:
        read_document(tmp_path / name)
    assert said in str(problem.value)
    assert "Mend:" in str(problem.value)
    assert str(problem.value).isprintable()


def test_pdf_of_pictures_says_so(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [])
    with pytest.raises(Problem, match="its pages may be pictures"):
        read_document(tmp_path / "a.pdf")


def write_pdf(path: Path, lines: list[str]) -> None:
    """One page with lines of text, as small as a PDF can be."""
    text = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 40 700 Td {text}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(f"{len(body):010d} 00000 n \n")
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = f"xref\n0 6\n0000000000 65535 f \n{''.join(places)}trailer << /Root 1 0 R /Size 6 >>"
    path.write_text(f"{body}{table}\nstartxref\n{len(body)}\n%%EOF\n", encoding="latin-1", newline="")
