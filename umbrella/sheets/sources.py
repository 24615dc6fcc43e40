"""The folder or workbook that a build has its sheets from, and a checksum that tells of changes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from umbrella.sheets.files import is_workbook, read_whole, sheet_files
from umbrella.sheets.problems import SheetProblem

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Sources:
    """A folder of sheets, or a workbook, and the checksum of the names and bytes of its files."""

    folder: str = ""
    checksum: str = ""

    @classmethod
    def of(cls, folder: Path) -> "Sources":
        """The sheets in a folder as they are now; taken before a build reads them.

        A sheet that changes while it is read is then told as changed since.
        """
        total = hashlib.sha256()
        files = [""] if is_workbook(folder) else sheet_files(folder)
        for name in files:
            total.update(f"{name}\0{_checksum_of(folder / name)}\0".encode())
        return cls(str(folder), total.hexdigest())


def _checksum_of(file: Path) -> str:
    try:
        return hashlib.sha256(read_whole(file, file.name)).hexdigest()
    except SheetProblem:
        return UNREADABLE  # the check of the sheets says why
