"""The folder of a history: `umbrella.duckdb.history/` beside `umbrella.duckdb`.

`0001.json` is the entry of a publish, `parts/` has the tables that entries name, each once whatever
number of entries have it: a table is named by a hash of its file, so that none is ever written over
another, and of a sheet also by one of its cells. `pending.json` is the entry of a publish that is
under way. It is written before the warehouse takes its place and gets its number after: a killed
build leaves one that names the published warehouse, and then belongs to the history, or another
one, and then does not.

Every file is written under another name, brought to the disk and renamed. `.busy` stands while
tables are written: where a build has left it, tables that no entry names are looked for. One build
at a time writes (umbrella/building/lock.py); readers need no lock.
"""

import hashlib
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from umbrella import system
from umbrella.errors import UmbrellaError
from umbrella.history.entries import Entry, Part, read_entry

ENDING = ".history"
PARTS = "parts"
PENDING = "pending.json"
ENTRIES = "[0-9]*.json"
UNFINISHED = ".new"
BUSY = ".busy"

IDENTITY = """
    select sha256(
        concat_ws(
            ',', state.program, state.plan, state.sheets, state.written_at,
            (select string_agg(step || ' ' || version, ',' order by step) from build.steps)
        )
    )
    from build.state as state
    where state.is_complete and state.written_at is not null
"""


class History:
    """The history of a warehouse; it need not be there."""

    def __init__(self, database: Path) -> None:
        """The history of the published warehouse `database`, a file and no link to one."""
        self.database = database
        self.folder = database.with_name(f"{database.name}{ENDING}")

    def entries(self) -> list[Entry]:
        """Every kept publish, the oldest first.

        Raises UmbrellaError for an entry that is damaged or cannot be read.
        """
        try:
            found = [read_entry(file) for file in self._entry_files()]
            pending = self._pending()
        except OSError as error:
            raise UmbrellaError(f"Cannot read the history in {self.folder}: {error}") from error
        if pending and pending.identity == identity_of(self.database):
            found = [entry for entry in found if entry.number != pending.number] + [pending]
        return found

    def _pending(self) -> Entry | None:
        file = self.folder / PENDING
        return read_entry(file) if file.exists() else None

    def path(self, part: Part) -> Path:
        """Where the table of a part is."""
        return self.folder / PARTS / part.file

    def checked_path(self, part: Part) -> Path:
        """The same; raises UmbrellaError when the table is gone or is not what was written."""
        path = self.path(part)
        try:
            found = sha256_of(path)
        except OSError as error:
            raise UmbrellaError(
                f"The history lacks {path}: {error.strerror}. A build that ran meanwhile may have "
                "dropped the oldest publishes; else restore the file from a copy."
            ) from error
        if found != part.sha256:
            raise UmbrellaError(
                f"{path} is damaged: it is not what was written. Restore it from a copy. Newer "
                "publishes without this table are not touched by it."
            )
        return path

    def is_whole(self, part: Part) -> bool:
        """Whether the table of a part is there as it was written."""
        try:
            return sha256_of(self.path(part)) == part.sha256
        except OSError:
            return False

    def last(self) -> Entry | None:
        """The newest publish of which the entry has its number; raises as `read_entry` does."""
        files = self._entry_files()
        return read_entry(files[-1]) if files else None

    def _entry_files(self) -> list[Path]:
        # A copy beside an entry, such as `0003 (1).json`, is none.
        found = (file for file in self.folder.glob(ENTRIES) if file.stem.isdecimal())
        return sorted(found, key=lambda file: int(file.stem))

    def make(self) -> None:
        """Make the folder, with the rights of the warehouse; raises OSError."""
        (self.folder / PARTS).mkdir(parents=True, exist_ok=True)
        if self.database.exists():
            rights = stat.S_IMODE(self.database.stat().st_mode)
            # Who may read a file may enter its folder.
            wanted = rights | (rights & 0o444) >> 2 | 0o700
            found = stat.S_IMODE(self.folder.stat().st_mode)
            if found & 0o777 != wanted:
                # A folder of a team stays one whose files are of the team.
                self.folder.chmod(found & ~0o777 | wanted)

    def begin_to_write(self) -> bool:
        """Note that tables are being written; True when a build before ended while it did.

        Raises OSError.
        """
        mark = self.folder / BUSY
        was_left = mark.exists()
        mark.touch()
        return was_left

    def end_to_write(self) -> None:
        """Note that an entry names every table that was written; raises OSError."""
        (self.folder / BUSY).unlink(missing_ok=True)

    def n_entries(self) -> int:
        """Publishes that have their number."""
        return len(self._entry_files())

    def unfinished(self) -> Path:
        """Where a part is written before it has its name."""
        return self.folder / PARTS / UNFINISHED

    def add(self, name: str) -> tuple[str, str]:
        """Give what was written as the unfinished part its name; returns that and its checksum.

        `name` may hold `{}` for the beginning of the checksum. Raises OSError.
        """
        new = self.unfinished()
        checksum = sha256_of(new)
        name = name.format(checksum[:32])
        system.sync(new)
        system.replace(new, self.folder / PARTS / name)
        return name, checksum

    def begin(self, entry: Entry) -> None:
        """Write the entry of a publish that is to come; raises OSError."""
        system.sync_names(self.folder / PARTS)
        self._write(PENDING, entry)

    def complete(self, entry: Entry) -> None:
        """Give the entry of a publish that came its number; raises OSError."""
        system.replace(self.folder / PENDING, self.folder / _file_of(entry))
        system.sync_names(self.folder)

    def settle(self) -> None:
        """Finish or drop what a killed build has left as pending; raises OSError."""
        pending = self._pending()
        if pending is None:
            return
        if pending.identity == identity_of(self.database):
            self.complete(pending)
        else:
            self.forget_pending()

    def forget_pending(self) -> None:
        """Drop the entry of a publish that did not come."""
        with suppress(OSError):
            (self.folder / PENDING).unlink(missing_ok=True)

    def tidy(self, limit: int) -> list[Entry]:
        """Drop the oldest entries beyond the limit, and tables that no entry names.

        Entries go first: a table is never missing that an entry names. Returns the dropped entries;
        raises OSError, and UmbrellaError for a damaged entry.
        """
        entries = [read_entry(file) for file in self._entry_files()]
        dropped, kept = entries[: max(len(entries) - limit, 0)], entries[-limit:]
        for entry in dropped:
            (self.folder / _file_of(entry)).unlink(missing_ok=True)
        if dropped:
            system.sync_names(self.folder)
        named = {part.file for entry in kept for part in entry.parts.values()}
        for file in (self.folder / PARTS).iterdir():
            if file.name not in named:
                file.unlink(missing_ok=True)
        return dropped

    def n_bytes(self) -> int:
        """Bytes of all its files."""
        return sum(file.stat().st_size for file in self._files())

    def _files(self) -> Iterator[Path]:
        return (file for file in self.folder.rglob("*") if file.is_file())

    def _write(self, name: str, entry: Entry) -> None:
        new = self.folder / f"{UNFINISHED}-{name}"
        new.write_text(entry.text(), encoding="utf-8")
        system.sync(new)
        system.replace(new, self.folder / name)
        system.sync_names(self.folder)


def identity_of(database: Path) -> str | None:
    """What tells a published warehouse from every other; None for none that a build published."""
    if not database.is_file():
        return None
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            return identity_in(connection)
    except duckdb.Error:
        return None


def identity_in(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The same of an open warehouse."""
    try:
        found = connection.execute(IDENTITY).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return found[0][0] if found else None


def sha256_of(file: Path) -> str:
    """The checksum of a file; raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def numbers_in_words(numbers: Sequence[int]) -> str:
    """`1 to 5 and 7`; `none`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    if len(words) < 2:
        return words[0] if words else "none"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _file_of(entry: Entry) -> str:
    return f"{entry.number:04d}.json"
