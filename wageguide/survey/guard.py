"""What kind of file has come in, and whether it is safe to open."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

#: Endings of workbooks that are read.
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")

#: A return of a large enterprise is a few megabytes; more than this is not a return.
MAX_FILE_BYTES = 200 << 20

#: Unpacked size: 1,000 times that of an ordinary return (about 50 kB), still safe in memory.
MAX_UNPACKED_BYTES = 512 << 20

#: Deflate on worksheets reaches about 20:1; padding meant to harm reaches 1,000:1.
MAX_RATIO = 200

#: Small members may be that repetitive by nature; the ratio counts above this size.
_RATIO_FROM = 8 << 20

#: The form has about 20 columns; a file with more than this is damaged or not a return.
MAX_COLUMNS = 1_000

#: The cells of a sheet are held at once; more than this is not a return.
MAX_CELLS = 30_000_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
#: A reference far to the right or far down; near ones need no look.
_FAR = re.compile(rb'r="(?:([A-Z]{3})\d|([A-Z]*)(\d{5,})")')


def inspect(data: bytes) -> tuple[str, str]:
    """Reason code and detail for which a workbook must not be opened, or two empty texts."""
    if not data:
        return "file_empty", ""
    if data.startswith(_OLE):
        return ("file_encrypted", "") if _ENCRYPTED in data else ("", "")
    if not data.startswith(_ZIP):
        return "file_not_workbook", ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect_zip(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        return "file_truncated", f"（{error}）"
    except RuntimeError:  # a member protected by a password
        return "file_encrypted", ""


def _inspect_zip(archive: zipfile.ZipFile) -> tuple[str, str]:
    members = archive.infolist()
    unpacked = sum(m.file_size for m in members)
    if unpacked > MAX_UNPACKED_BYTES:
        return "file_too_large", f"（解压后 {unpacked:,} bytes > {MAX_UNPACKED_BYTES:,}）"
    for member in members:
        if member.file_size > _RATIO_FROM and (
            member.file_size > MAX_RATIO * max(member.compress_size, 1)
        ):
            return "file_too_large", f"（压缩比 compression > {MAX_RATIO}:1）"
    names = [m.filename for m in members]
    if not any(n.startswith(("xl/", "content.xml")) for n in names):
        return "file_not_workbook", ""
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            wide, deep = _extent(archive, name)
            if wide > MAX_COLUMNS or wide * deep > MAX_CELLS:
                return "file_too_large", f"（{deep:,} 行 rows × {wide:,} 列 columns）"
    return "", ""


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Columns and rows that a sheet needs: what it declares, or what it has if that is more.

    The reader holds every cell up to the last row and column, so that one cell far out is
    enough to fill the memory, whatever the sheet says of its size.
    """
    sheet = archive.read(name)
    found = _DIMENSION.search(sheet)
    wide, deep = (_column_number(found.group(1)), int(found.group(2))) if found else (1, 1)
    for right, column, row in _FAR.findall(sheet):
        wide = max(wide, _column_number(right), _column_number(column))
        deep = max(deep, int(row or 1))
    return wide, deep


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
