"""Files that are no usable workbook: renamed text, nothing, half a workbook, a locked one."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from .cfb import encrypted_workbook
from .forms import Return

BROKEN = ("file_not_workbook", "file_empty", "file_truncated", "file_encrypted")
_KEPT_OF_TRUNCATED = 0.6


def broken_bytes(role: str, form: Return, workbook: bytes) -> bytes:
    """What arrives instead of `workbook` for a broken file."""
    if role == "file_empty":
        return b""
    if role == "file_encrypted":
        seed = np.random.SeedSequence(form.seed)
        return encrypted_workbook(np.random.Generator(np.random.PCG64(seed)))
    if role == "file_truncated":
        return _truncated(workbook)
    lines = [",".join(str(v) for v in line.cells.values()) for line in form.lines]
    return "\r\n".join(["薪酬调查（文本另存为xlsx）", *lines]).encode("gb18030")


def _truncated(workbook: bytes) -> bytes:
    """The first part of the workbook, stored uncompressed so that every zlib gives the same."""
    stored = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as target,
    ):
        for member in source.infolist():
            fixed = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            target.writestr(fixed, source.read(member))
    whole = stored.getvalue()
    return whole[: int(len(whole) * _KEPT_OF_TRUNCATED)]
