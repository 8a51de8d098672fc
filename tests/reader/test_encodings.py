"""Which encoding a file is in, by its bytes alone."""

import pytest

from helpers.reader.documents import read_document
from helpers.reader.encodings import decoded

SIMPLIFIED = "华为发布了新的大模型，参数量为7180亿，训练用了6000颗昇腾芯片，这是国内最大的模型之一。"
TRADITIONAL = "華為發布了新的大模型，參數量為7180億，訓練用了6000顆昇騰晶片，這是國內最大的模型之一。"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_simplified_chinese_is_read_in_every_encoding_of_its_desks(encoding: str) -> None:
    assert decoded(f"{SIMPLIFIED}\r\n 12".encode(encoding)) == f"{SIMPLIFIED}\r\n 12"


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16"])
def test_traditional_chinese_too(encoding: str) -> None:
    assert decoded(TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize("data", [b"\x81\x00\xff\xfe\x00", bytes(range(128, 256)), b"caf\xe9 au lait, 3 m\xe8tres"])
def test_what_is_in_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not UTF-8"):
        decoded(data)


def test_document_saved_by_a_chinese_desk_is_read(tmp_path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SIMPLIFIED.encode("gbk"))
    assert read_document(path) == SIMPLIFIED
