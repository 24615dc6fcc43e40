"""The history of a warehouse as commands ask for it."""

from pathlib import Path

from umbrella.building.publish import real_file
from umbrella.console import notice
from umbrella.errors import UmbrellaError
from umbrella.history.entries import Entry
from umbrella.history.store import History, identity_of, numbers_in_words


def history_of(database: Path) -> tuple[History, list[Entry]]:
    """The history of a warehouse with its entries, the oldest first.

    Says when the published warehouse is not the newest of them. Raises UmbrellaError when nothing
    is kept, or an entry is damaged.
    """
    history = History(real_file(database))
    entries = history.entries()
    if not entries:
        raise UmbrellaError(
            f"There is no history at {history.folder}: `umbrella build` keeps each publish there, "
            "unless it is told to keep none."
        )
    if identity_of(history.database) != entries[-1].identity:
        notice(
            f"{history.database.name} is not publish {entries[-1].number}, the newest one kept: it "
            "was built otherwise, or could not be kept. The next `umbrella build` keeps it.",
            style="yellow",
        )
    return history, entries


def two_of(entries: list[Entry], older: int | None, newer: int | None) -> tuple[Entry, Entry]:
    """The publishes to compare: those with the numbers, else the newest with the one before.

    Raises UmbrellaError when a number is not kept, or there is nothing before.
    """
    found = {entry.number: entry for entry in entries}
    for number in (older, newer):
        if number is not None and number not in found:
            raise UmbrellaError(_not_kept(number, entries))
    after = entries[-1] if newer is None else found[newer]
    if older is not None:
        return found[older], after
    if len(entries) == 1:
        raise UmbrellaError(
            f"The history holds publish {after.number} alone: there is nothing to compare it with. "
            "Change a sheet and run `umbrella build`."
        )
    return entries[-2], after


def to_go_back_to(history: History, entries: list[Entry], number: int | None) -> Entry:
    """The publish with this number, else the one before what is published.

    That is the newest one where what is published could not be kept. Raises UmbrellaError.
    """
    if number is None and identity_of(history.database) != entries[-1].identity:
        return entries[-1]
    return two_of(entries, number, None)[0]


def _not_kept(number: int, entries: list[Entry]) -> str:
    numbers = numbers_in_words([entry.number for entry in entries])
    return f"The history has no publish {number}. Kept: {numbers} (`umbrella history`)."
