"""Where an import goes, and what a command tells of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from umbrella import console, system
from umbrella.books.copies import beside
from umbrella.commands.check import show_problems
from umbrella.commands.new import WORKBOOK, make_book_from
from umbrella.errors import UmbrellaError
from umbrella.importing.folder import Origin, add_to_folder, write_folder
from umbrella.importing.rows import Declared, Imported
from umbrella.importing.source import Source
from umbrella.project import full_path, project_dir
from umbrella.scratch import scratch_folder
from umbrella.sheets.book import check_book
from umbrella.sheets.contract import read_contract
from umbrella.sheets.files import is_workbook
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.text import plural

IMPORTED = "imported"
"""Behind the name of a workbook, of the copy that has the rows of an import."""


@dataclass(frozen=True)
class Target:
    """The folder to write into: a new one, or one that is there.

    `book` is the workbook that is made of it in the end, or the copy of one that is there.
    """

    path: Path
    is_there: bool
    book: Path | None = None

    @property
    def shown(self) -> Path:
        """What the caller named."""
        return self.book or self.path

    @property
    def check(self) -> str:
        """The command that checks it."""
        option = "" if self.book else "--sheets "
        return f"umbrella check {option}{system.quoted(self.shown)}"


def target_of(folder: Path | None, into: Path | None) -> Target:
    """The folder that a caller names: one to make, or one to add to."""
    target = folder or into
    if target is None or (folder and into):
        raise typer.BadParameter("name either a folder to make or, with --into, one to add to")
    return Target(target, into is not None)


@contextmanager
def folder_for(target: Target) -> Iterator[Target]:
    """The folder that a block writes into; of a workbook to be made, one that becomes it then.

    What is added to a workbook of the team's stands in a copy beside it. Raises UmbrellaError for
    a workbook to make whose name is taken, and for one to add to that is not there.
    """
    path = full_path(target.path)
    is_book = path.suffix.lower() == WORKBOOK
    if target.is_there and is_workbook(path):
        yield from _into_copy(path, target.path)
    elif not is_book:
        yield target
    elif target.is_there:
        raise UmbrellaError(f"{path} does not exist: nothing was written.")
    elif path.exists():
        raise UmbrellaError(
            f"{path} exists: nothing was written.\nright: the name of a workbook that does not, "
            f"or --into {system.quoted(target.path)} for a copy of it with the new rows"
        )
    else:
        with scratch_folder("umbrella-import-") as scratch:
            inside = Target(scratch / "sheets", is_there=False, book=target.path)
            yield inside
            make_book_from(path, project_dir(), inside.path)


def _into_copy(path: Path, shown: Path) -> Iterator[Target]:
    # Imported here: few commands write workbooks.
    from umbrella.books.filled import unpack, write_filled

    contract = [replace(sheet, needs_rows=False) for sheet in read_contract(project_dir())]
    result = check_book(path, contract, project_dir())
    refuse_problems(result.problems)
    with scratch_folder("umbrella-import-") as scratch:
        unpacked = unpack(path, result, contract, scratch / "sheets")
        yield Target(unpacked.folder, is_there=True, book=beside(shown, IMPORTED))
        write_filled(unpacked, IMPORTED)


@contextmanager
def all_or_none(target: Target, n_steps: int) -> Iterator[None]:
    """What a block writes into a folder in several steps is undone where one of them fails."""
    if n_steps == 1:
        yield
        return
    path = full_path(target.path)
    with scratch_folder("umbrella-import-") as scratch:
        before = scratch / "before"
        was_there = path.exists()
        if path.is_dir():
            shutil.copytree(path, before)
        try:
            yield
        except BaseException:
            if was_there:
                _restore(path, before)
            else:
                shutil.rmtree(path, ignore_errors=True)
            raise


def _restore(folder: Path, before: Path) -> None:
    for file in before.rglob("*"):
        there = folder / file.relative_to(before)
        if file.is_file() and there.read_bytes() != file.read_bytes():
            unfinished = there.with_name(f"{there.name}.unfinished")
            shutil.copy2(file, unfinished)
            unfinished.replace(there)


def write_rows(
    source: Source, imported: Imported, target: Target, origin: Origin, declared: Declared
) -> None:
    """Write what was read of one source, and tell how it was read."""
    refuse_problems(source.problems)
    if not imported.rows:
        raise UmbrellaError(f"{origin.name} has no rows below its header: nothing was written.")
    write = add_to_folder if target.is_there else write_folder
    try:
        write(imported, full_path(target.path), project_dir(), origin, declared)
    except SheetProblem as found:
        refuse_problems([found.problem])
    _show(source, imported, target.shown)
    if not target.is_there:
        place = "the sheet review" if target.book else "protocol/review.csv"
        console.line(f"A review of {origin.review_kind}: review_kind in {place} says so.")
    if not imported.trials and not target.book:
        folder = system.quoted(target.path)
        console.line(f"Analyses and figures: umbrella outline --sheets {folder}")
    console.line(f"Then: {target.check}")


def refuse_problems(problems: list[Problem]) -> None:
    """Show what is wrong, and end the command where there is anything."""
    if problems:
        show_problems(problems)
        console.notice("Nothing was written.")
        raise typer.Exit(1)


def _show(source: Source, imported: Imported, folder: Path) -> None:
    reviews = {row.get("meta_analysis_id") or row.get("source") for row in imported.rows}
    console.line(
        f"Imported {plural(len(imported.rows), 'row')} of "
        f"{plural(len(reviews), 'meta-analysis', 'meta-analyses')} into {folder}",
        style="bold green",
    )
    for way in source.read_as():
        console.line(f"  Read as {way}" if way == source.table.dialect else f"  Read {way}")
    for notice in imported.notices:
        console.line(f"  {notice}")
    show_left_out(source)


def show_left_out(source: Source) -> None:
    """Name the columns that are not taken over, with the number of their filled cells."""
    left_out = source.left_out()
    if left_out:
        console.line("Not taken over (column, filled cells):")
        for column, count in left_out.items():
            console.line(f"  {column}: {count:,}")
