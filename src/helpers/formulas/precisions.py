"""Number formats of matrix products: what they are called here, and the names that people write."""

from __future__ import annotations

import re
from functools import cache

from helpers.formulas.validation import choice

# Matrix products in 16 bits, in 8 with one scale a tensor, in 8 with one for each block of 32, in 4.
PRECISIONS = ("bf16", "fp8", "mxfp8", "nvfp4")
# Names that people write, without punctuation, in lower case.
PRECISION_NAMES = {
    "bf16": "bf16 fp16 bfloat16 float16 half mixed ampbf16 ampfp16 16bit bf16mixed fp16mixed",
    "fp8": "fp8 ampfp8 8bit fp8cs fp8ds fp8delayed fp8current fp8currentscaling fp8tensor fp8hybrid e4m3 float8",
    "mxfp8": "mxfp8 fp8mx fp8sc fp8block fp8blockwise fp8subchannel deepseekfp8",
    "nvfp4": "nvfp4 fp4 mxfp4 4bit",
}


@cache
def precision_of(text: str) -> str:
    """The precision meant by a name of it ("FP8-CS", "MXFP8"); one of `PRECISIONS`."""
    names = {name: precision for precision, line in PRECISION_NAMES.items() for name in line.split()}
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    return names[choice("precision", plain if plain in names else text, names)]
