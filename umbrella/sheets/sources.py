"""The folder that a build has its sheets from, and a checksum that tells whether one changed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Sources:
    """A folder of sheets, and the checksum of the names and bytes of its files."""

    folder: str = ""
    checksum: str = ""

    @classmethod
    def of(cls, folder: Path) -> "Sources":
        """The sheets in a folder as they are now; taken before a build reads them.

        A sheet that changes while it is read is then told as changed since.
        """
        total = hashlib.sha256()
        for path in sorted(folder.glob("*/*.csv")):
            if path.is_file() and not path.name.startswith("."):
                name = path.relative_to(folder).as_posix()
                total.update(f"{name}\0{_checksum_of(path)}\0".encode())
        return cls(str(folder), total.hexdigest())


def _checksum_of(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return UNREADABLE  # the check of the sheets says why
