"""Save after save: the preview is made anew, and whoever looks at it is told."""

import time
from collections.abc import Callable

from umbrella import console
from umbrella.sheets.sources import Sources
from umbrella.watching.board import Board
from umbrella.watching.preview import Outcome
from umbrella.watching.saves import Save, Saves


def follow(saves: Saves, refresh: Callable[[Sources], Outcome], board: Board) -> None:
    """Refresh at each save until Ctrl-C. What is saved meanwhile, however often, is one round."""
    known: Sources | None = None
    while True:
        save = saves.next(known)
        begins = "Making the preview" if known is None else "Saved: the preview is made anew"
        console.notice(begins, style="bold")
        known = save.sources
        board.begin()
        outcome = refresh(known)
        n_readers = board.end(outcome, save.at)
        _tell(save, outcome, n_readers)


def _tell(save: Save, outcome: Outcome, n_readers: int) -> None:
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.seconds.items())
    if not outcome.is_ok:
        console.notice(f"The preview is as it was ({parts})", style="bold yellow")
        return
    took = time.time() - save.at
    open_pages = "" if n_readers else "; no page of it is open"
    console.notice(
        f"The preview is up to date {took:.1f} s after the save ({parts}){open_pages}",
        style="bold green",
    )
