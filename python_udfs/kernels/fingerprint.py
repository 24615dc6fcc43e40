"""Short fingerprint of the kernels: one hash over every Python file in this folder.

It says which arithmetic made the numbers (``dim_versions`` publishes it), and marks compiled code
of other kernels as outdated. Coarse on purpose: a hash per function would have to follow imports.
"""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DIGITS = 12


@cache
def fingerprint() -> str:
    """First digits of the SHA-256 over names and texts of the kernel files."""
    return fingerprint_of(FOLDER)


def fingerprint_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:DIGITS]
