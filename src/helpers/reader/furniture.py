"""What looks like a figure and is none: page furniture, addresses, codes, list numbers, versions, clock times.

`furniture` marks whole lines; `skipped` knows tokens that are no figures, with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

from helpers.rows import read_rows

Span = tuple[int, int]

_END_LINES = re.compile(
    r"[ \t]*(?:投诉 评论 转载|热门推荐|相关(?:阅读|推荐|文章|新闻)|延伸阅读|猜你喜欢|推荐阅读|为你推荐|友情链接.*|发表评论|网友评论|最新评论|"
    r"上一篇.*|下一篇.*|声明:.*|免责声明.*|参考(?:资料|文献|链接)[::]?|References|Related (?:articles|stories|posts|reading)|"
    r"Read more|More from .*|Comments?(?: \(\d+\))?|Share this.*|Sign up.*|Subscribe.*)[ \t]*",
    re.I,
)
_LINE = re.compile(
    r"©|copyright|all rights reserved|版权所有|ICP[备证]|公网安备|备案号|许可证|营业执照|经营许可|京ICP|条评论|人参与|请输入|验证码|"
    r"联系邮箱|联系电话|客服|QQ[::群]|微信号|扫码|点击量|阅读量?[::]? ?\d|浏览(?:量|次数)?[::]? ?\d|点赞 ?\d|评论 ?\(?\d|转发 ?\d|收藏 ?\d|"
    r"min(?:ute)?s? read\b|\bviews?\b|\bcomments?\b|shares?\b|posted on|published[: ]|updated[: ]|last modified|page \d+ of \d+|cookie|newsletter",
    re.I,
)
_BYLINE = re.compile(
    r"来源[::]|作者[::]|编辑[::]|责编|记者[::]|发布时间|发布于|更新时间|投稿|文[/|:]|^ ?By [A-Z]|(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日? *\d{1,2}:\d\d",
    re.M,
)
_DATELINE = re.compile(
    r"^\s*(?:(?:19|20)\d\d-\d\d-\d\d(?!\d).{0,30}|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d\d年\d{1,2}月\d{1,2}日)\s*$"
)
MAX_BYLINE = 60
MAX_FURNITURE = 120
MIN_PROSE = 50

SKIPPED = re.compile(
    "|".join(
        f"(?P<{row['reason']}_{i}>{row['pattern']})"
        for i, row in enumerate(read_rows(Path(__file__).with_name("no_figures.csv"), ("reason", "pattern")))
    ),
    re.I,
)
LIST_NUMBER = re.compile(r"(?:\(\d{1,2}\)|\d{1,2}(?:[、)]|[.．](?![\d])))(?!\d)")
HAN_LIST_NUMBER = re.compile(r"\(?[一二三四五六七八九十]{1,3}(?:[、)]|是(?!否|不是)|、)")
REFERENCE_MARK = re.compile(r"\[\d{1,3}(?:[,-] ?\d{1,3}){0,9}\]")
_BEFORE_LIST = re.compile(r"(?:^|[\n。;:!?.，,)”\"…]|  |[\u4e00-\u9fff] )[ \t]{0,4}[(]?$")


def furniture(text: str) -> list[Span]:
    """Spans of lines of folded text that are page furniture, in order: bylines, footers, and what follows an end mark.

    After an end mark (相关阅读, Related stories) all is furniture up to the next paragraph of prose, where another text begins.
    """
    spans: list[Span] = []
    start, ended = 0, False
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if _END_LINES.fullmatch(text, start, stop):
            ended = True
        elif ended and _is_prose(text, start, stop):
            ended = False
        if ended or _is_furniture(text, start, stop):
            spans.append((start, stop))
        start = stop + 1
    return spans


def _is_prose(text: str, start: int, stop: int) -> bool:
    """Whether a line is a paragraph and not a headline: long, and closed like a sentence."""
    return stop - start >= MIN_PROSE and text[start:stop].rstrip().endswith(("。", ".", "!", "?", '"', "”"))


def _is_furniture(text: str, start: int, stop: int) -> bool:
    length = stop - start
    if length <= 0 or length > MAX_FURNITURE:
        return False
    if length <= MAX_BYLINE and _DATELINE.match(text[start:stop]):
        return True
    if text[start:stop].rstrip().endswith(("。", ".", "!", "?")):
        return False
    byline = length <= MAX_BYLINE and _BYLINE.search(text, start, stop)
    return bool(byline or _LINE.search(text, start, stop))


def skipped(text: str, start: int) -> tuple[int, str] | None:
    """End and reason of a token at `start` that is no figure, or None."""
    found = SKIPPED.match(text, start)
    if found:
        return found.end(), str(found.lastgroup).rsplit("_", 1)[0]
    mark = REFERENCE_MARK.match(text, start - 1) if text[max(0, start - 1) : start] == "[" else None
    return (mark.end(), "list_number") if mark else None


def list_number(text: str, start: int) -> int | None:
    """End of a list number (1、 (2) 3. 一、) at `start`, or None."""
    found = LIST_NUMBER.match(text, start) or HAN_LIST_NUMBER.match(text, start)
    if found and _BEFORE_LIST.search(text, max(0, start - 8), start):
        return found.end()
    return None
