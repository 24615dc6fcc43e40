"""The files of a folder of sheets: which of them are looked at, and how one is read whole."""

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from umbrella import system
from umbrella.sheets.problems import Problem, SheetProblem

LARGEST_FILE = 1_000_000_000
"""Bytes of a sheet; a larger file is no sheet of a review."""

MOST_ENTRIES = 200_000
"""Files and folders that may stand below a folder of sheets."""

NO_SHEETS = ("__MACOSX", "node_modules", "venv")
"""Folders in which programs keep files of their own."""

LEFT_BY_OFFICE = "~$"
"""How a file begins that an office program keeps beside one that is open."""

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

READABLE = "a CSV file that you may read"


def is_hidden(name: str) -> bool:
    """Whether programs keep a file or folder of this name for themselves.

    Such are `._x.csv` of macOS, `.~lock.x.csv#` and `~$x.xlsx` of office programs, `.git`, `.venv`.
    """
    return name.startswith((".", LEFT_BY_OFFICE)) or name in NO_SHEETS


def is_workbook(place: Path) -> bool:
    """Whether the sheets of a review are one file; not where that may not be looked up."""
    return os.path.isfile(place)


def csv_files(folder: Path, own_folders: Collection[str]) -> Iterator[str]:
    """Paths below the folder of all that is named like a CSV file, in any case of the letters.

    Hidden ones are left out, and links to folders are not followed, but for the folders of sheets
    themselves: a link may lead back to where it stands. Raises SheetProblem for a folder that
    cannot be listed, or of too many files.
    """
    waiting, n_seen = [""], 0
    while waiting:
        within = waiting.pop()
        for entry in _entries(folder, within):
            n_seen += 1
            if n_seen > MOST_ENTRIES:
                raise SheetProblem(_too_many(folder))
            path = f"{within}/{entry.name}".removeprefix("/")
            if is_hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=path in own_folders):
                waiting.append(path)
            elif entry.name.lower().endswith(".csv"):
                yield path


def sheet_files(folder: Path) -> list[str]:
    """Paths of the files that may be sheets: of CSV, in a folder of the folder, and not hidden."""
    return [
        f"{within}/{name}"
        for within in names_in(folder)
        for name in names_in(folder / within)
        if name.endswith(".csv")
    ]


def what_is_wrong_with_folder(folder: Path) -> str:
    """Why there is no folder whose files can be read; empty where there is one."""
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return "is a file, not a folder"
        folder.joinpath(".").stat()  # a folder whose files may not be looked up says so here
    except FileNotFoundError:
        return "does not exist"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return ""


def names_in(folder: Path) -> list[str]:
    """Names of what stands in a folder, without what is hidden; none where it cannot be listed."""
    try:
        return sorted(name for name in os.listdir(folder) if not is_hidden(name))
    except OSError:
        return []


def read_whole(path: Path, sheet: str) -> bytes:
    """The bytes of a file; raises SheetProblem for anything else, and for one that just changes.

    Nothing is waited for: a named pipe without a writer would never answer.
    """
    try:
        _require_file(path.stat(), sheet)
        with open(path, "rb", opener=system.open_at_once) as file:
            before = os.fstat(file.fileno())
            _require_file(before, sheet)
            raw = file.read(before.st_size + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise SheetProblem(_unreadable(error, sheet)) from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(raw)):
        raise SheetProblem(
            Problem(
                sheet,
                "the file changed while it was read",
                "wait for the program that writes it, and run the command again",
            )
        )
    return raw


def _entries(folder: Path, within: str) -> list[os.DirEntry]:
    try:
        with os.scandir(folder / within) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        reason = error.strerror or str(error)
        problem = f"this folder cannot be listed: {reason}"
        raise SheetProblem(
            Problem(f"{within or folder}/", problem, "a folder that you may read")
        ) from error


def _too_many(folder: Path) -> Problem:
    return Problem(
        f"{folder}/",
        f"more than {MOST_ENTRIES:,} files and folders stand in this folder of sheets",
        "a folder of sheets and little else: move other files out of it",
    )


def _require_file(found: os.stat_result, sheet: str) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        what = KINDS.get(kind, "something else")
        problem = f"the file cannot be read: it is {what}, not a file"
        raise SheetProblem(Problem(sheet, problem, READABLE))
    if found.st_size > LARGEST_FILE:
        problem = f"the file has {found.st_size:,} bytes"
        raise SheetProblem(Problem(sheet, problem, f"a sheet of at most {LARGEST_FILE:,} bytes"))


def _unreadable(error: OSError, sheet: str) -> Problem:
    reason = error.strerror or str(error)
    return Problem(sheet, f"the file cannot be read: {reason}", READABLE)
