"""What the history says of one publish, and how it is written into a file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from umbrella.errors import UmbrellaError

FORMAT = 1
"""Of the files; another number is of another version of the program."""


@dataclass(frozen=True)
class Part:
    """A table that a publish keeps: the name of its file, its checksum (SHA-256) and its rows.

    A sheet has its folder, the columns that identify a row, and those that hold any text.
    """

    file: str
    sha256: str
    rows: int
    folder: str = ""
    key: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One publish.

    number          from 1; numbers are not given again
    published_at    time in UTC, ISO 8601
    identity        of the warehouse as it stands in the file (`identity_of`)
    written_at      time of change of the published file, in seconds
    folder          the sheets: a folder or a workbook
    checksum        of the sheets' files
    program         hash of the program
    sentence        what changed since the publish before, in words
    n_cells         cells that changed, those of added and removed rows not among them
    n_rows          rows that were added or removed
    n_pools         analyses of which a pooled result moved
    is_draft        whether open findings were let pass
    is_after_gap    whether a publish between this and the one before could not be kept
    rolled_back_to  number of the publish whose cells were published again
    sheets, results the parts by name
    """

    number: int
    published_at: str
    identity: str
    written_at: int
    folder: str
    checksum: str
    program: str
    sheets: Mapping[str, Part]
    results: Mapping[str, Part]
    sentence: str = ""
    n_cells: int = 0
    n_rows: int = 0
    n_pools: int = 0
    is_draft: bool = False
    is_after_gap: bool = False
    rolled_back_to: int | None = None
    format: int = field(default=FORMAT)

    @property
    def parts(self) -> dict[str, Part]:
        """Every part by its name; those of sheets have a prefix."""
        return {**{f"sheet {name}": part for name, part in self.sheets.items()}, **self.results}

    def holds_the_same_as(self, other: "Entry") -> bool:
        """Whether the cells and the results are equal."""
        return {n: p.file for n, p in self.parts.items()} == {
            n: p.file for n, p in other.parts.items()
        }

    @property
    def when(self) -> str:
        """The time of the publish for people, in the time zone of the machine."""
        return datetime.fromisoformat(self.published_at).astimezone().strftime("%Y-%m-%d %H:%M")

    @property
    def when_in_utc(self) -> str:
        """The same in UTC."""
        return datetime.fromisoformat(self.published_at).strftime("%Y-%m-%d %H:%M")

    @property
    def sheets_name(self) -> str:
        """Name of the folder of sheets or the workbook."""
        return Path(self.folder).name

    @property
    def told(self) -> str:
        """What changed in words, with what else there is to say of the publish."""
        remarks = [self.sentence]
        if self.rolled_back_to is not None:
            remarks.append(f"A rollback to publish {self.rolled_back_to}.")
        if self.is_draft:
            remarks.append("A draft.")
        if self.is_after_gap:
            remarks.append("What was published in between is not kept.")
        return " ".join(remarks)

    def text(self) -> str:
        """The entry as it is written into its file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_entry(file: Path) -> Entry:
    """The entry in a file.

    Raises UmbrellaError for a file that is damaged or of another version, OSError for one that
    cannot be read.
    """
    raw = file.read_bytes()
    try:
        said = json.loads(raw.decode("utf-8"))
        if said["format"] != FORMAT:
            raise UmbrellaError(
                f"{file} was written by another version of the program (format {said['format']}, "
                f"this one reads {FORMAT}). Use that version, or move the file away."
            )
        for kind in ("sheets", "results"):
            said[kind] = {
                name: Part(**{**part, "key": tuple(part["key"]), "texts": tuple(part["texts"])})
                for name, part in said[kind].items()
            }
        entry = Entry(**said)
        datetime.fromisoformat(entry.published_at)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UmbrellaError(
            f"{file} is damaged: it is no entry of a history. Restore it from a copy, or move it "
            "away to do without this publish."
        ) from error
    return entry
