"""A workbook with a password as office programs make it: a compound file with two streams.

Only the container is real. The package inside is noise, so that no password opens it; readers
see `EncryptionInfo` and `EncryptedPackage` and must say that the file is encrypted.
"""

from __future__ import annotations

import struct

import numpy as np

_SECTOR = 512
#: Streams shorter than this would live in a mini stream; ours are made longer.
_MINI_CUTOFF = 4_096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_ROOT, _STREAM = 5, 2

_AGILE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
    'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
    '<keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
    'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{salt}"/>'
    '<dataIntegrity encryptedHmacKey="{long}" encryptedHmacValue="{long}"/>'
    '<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/'
    'password"><p:encryptedKey spinCount="100000" saltSize="16" blockSize="16" keyBits="256" '
    'hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
    'hashAlgorithm="SHA512" saltValue="{salt}" encryptedVerifierHashInput="{salt}" '
    'encryptedVerifierHashValue="{long}" encryptedKeyValue="{key}"/></keyEncryptor>'
    "</keyEncryptors></encryption>"
)


def _base64_zeros(size: int) -> str:
    groups, rest = divmod(size, 3)
    return "AAAA" * groups + ("", "AA==", "AAA=")[rest]


def _encryption_info() -> bytes:
    """Agile encryption, version 4.4, padded with spaces to a stream of its own sectors."""
    xml = _AGILE.format(salt=_base64_zeros(16), long=_base64_zeros(64), key=_base64_zeros(32))
    return struct.pack("<HHI", 4, 4, 0x40) + xml.encode().ljust(_MINI_CUTOFF)


def _entry(name: str, kind: int, *, right: int, child: int, start: int, size: int) -> bytes:
    """One 128-byte directory entry, black in the tree of names."""
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    links = struct.pack("<III", _NONE, right, child)
    return head + links + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def _padded(stream: bytes) -> bytes:
    return stream + bytes(-len(stream) % _SECTOR)


def encrypted_workbook(rng: np.random.Generator) -> bytes:
    """Bytes of a password-protected workbook; the same generator gives the same bytes."""
    info = _encryption_info()
    package = struct.pack("<Q", 8_000) + rng.bytes(8_192)
    info_sectors = len(_padded(info)) // _SECTOR
    package_sectors = len(_padded(package)) // _SECTOR
    first_info, first_package = 2, 2 + info_sectors
    chain = [_FAT, _END]
    for first, count in ((first_info, info_sectors), (first_package, package_sectors)):
        chain += [*range(first + 1, first + count), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    directory = (
        _entry("Root Entry", _ROOT, right=_NONE, child=1, start=_END, size=0)
        + _entry("EncryptionInfo", _STREAM, right=2, child=_NONE, start=first_info, size=len(info))
        + _entry("EncryptedPackage", _STREAM, right=_NONE, child=_NONE, start=first_package,
                 size=len(package))
    )  # fmt: skip
    unused = bytes(64) + struct.pack("<HBBIII", 0, 0, 0, _NONE, _NONE, _NONE) + bytes(48)
    header = struct.pack(
        "<8s16sHHHHH6s9I",
        bytes.fromhex("d0cf11e0a1b11ae1"), bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6),
        0, 1, 1, 0, _MINI_CUTOFF, _END, 0, _END, 0,
    )  # fmt: skip
    table_of_fats = struct.pack("<109I", 0, *[_FREE] * 108)
    return header + table_of_fats + fat + directory + unused + _padded(info) + _padded(package)
