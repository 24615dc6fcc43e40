"""`umbrella rollback`: publish an earlier state of the sheets again."""

from pathlib import Path
from typing import Annotated

import typer

from umbrella import console
from umbrella.building.publish import ensure_replaceable, real_file
from umbrella.commands.build import Making, building, make_and_publish
from umbrella.errors import UmbrellaError
from umbrella.headline import show_headline
from umbrella.history.entries import Entry
from umbrella.options import Database, HistoryLimit, history_limit
from umbrella.project import database_path, full_path, project_dir
from umbrella.sheets.contract import read_contract
from umbrella.sheets.sources import Sources


def command(
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="[NUMBER]",
            show_default=False,
            help="Number of a publish (`umbrella history`). Default: the one before what is "
            "published.",
        ),
    ] = None,
    database: Database = None,
    sheets_to: Annotated[
        Path | None,
        typer.Option(
            "--sheets-to",
            metavar="DIR",
            help="Write the sheets of that time into this new folder, and publish nothing.",
        ),
    ] = None,
    history: HistoryLimit = None,
) -> None:
    """Publish an earlier state again, rebuilt from the cells that the history keeps.

    The warehouse is built, tested and published as `umbrella build` does it, of the cells of that
    publish; it is a publish of its own, so that a rollback can be rolled back, too. Your own sheets
    are not touched: `umbrella build` publishes them again. With --sheets-to the sheets of that time
    are written as a folder of CSV files instead.

    The same version of the program gives the tables of that time; of another version it is told
    that results may differ, and whether they do.
    """
    # Imported here: DuckDB takes a moment to load, and help needs none.
    from umbrella.building.compilation import program_key
    from umbrella.history.past import history_of, to_go_back_to
    from umbrella.history.sheets import as_this_version_takes_them, sheets_of, write_sheets
    from umbrella.history.store import identity_of

    limit = history_limit(history)
    target = real_file(database_path(database))
    kept, entries = history_of(target)
    entry = to_go_back_to(kept, entries, number)
    if sheets_to is not None:
        folder = full_path(sheets_to)
        sheets, contract = sheets_of(kept, entry), read_contract(project_dir())
        left_out = write_sheets(sheets, contract, folder)
        console.line(f"The sheets of publish {entry.number} ({entry.when}) are in {folder}")
        if left_out:
            console.notice(
                f"Columns of your own, for which a folder has no place: {', '.join(left_out)}",
                style="yellow",
            )
        return
    if entry.holds_the_same_as(entries[-1]) and identity_of(target) == entries[-1].identity:
        raise UmbrellaError(f"Publish {entry.number} is what is published: nothing was done.")
    if not limit:
        raise UmbrellaError(
            "A rollback is a publish of its own, which the history would not keep: give --history "
            "a number above 0."
        )
    ensure_replaceable(target)
    sheets, contract = sheets_of(kept, entry), read_contract(project_dir())
    is_same_program = program_key(project_dir()) == entry.program
    if not is_same_program:
        console.notice(
            f"Publish {entry.number} was made by another version of the program: results may "
            "differ from those of that time.",
            style="yellow",
        )
        sheets = as_this_version_takes_them(sheets, contract, entry.number)
    with building(target) as stop:
        making = Making(
            sheets=sheets,
            places={},
            contract=contract,
            sources=Sources(entry.folder, entry.checksum),
            limit=limit,
            is_draft=entry.is_draft,
            rolled_back_to=entry.number,
        )
        make_and_publish(making, target, stop)
    _say_how_equal(target, entry)
    show_headline(target)


def _say_how_equal(target: Path, wanted: Entry) -> None:
    """Compare what was published with the publish that it is to be, which may be dropped by now."""
    from umbrella.history.compare import compare
    from umbrella.history.past import history_of
    from umbrella.history.store import identity_of
    from umbrella.history.words import summary

    kept, entries = history_of(target)
    newest = entries[-1]
    if newest.identity != identity_of(target):
        return  # it could not be kept, which was told
    if newest.results == wanted.results:
        console.notice(f"Every kept result is that of publish {wanted.number}.", style="bold green")
    elif wanted.number in {entry.number for entry in entries}:
        words = summary(compare(kept, wanted, newest), is_listed=False)
        console.notice(f"Compared with publish {wanted.number}: {words}", style="yellow")
    else:
        console.notice(
            f"Results differ from those of publish {wanted.number}, which is not kept any more.",
            style="yellow",
        )
