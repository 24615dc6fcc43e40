"""Save after save: the preview is made anew, and whoever looks at it is told."""

import time
from collections.abc import Callable

from umbrella import console
from umbrella.sheets.sources import Sources
from umbrella.watching.board import Board
from umbrella.watching.preview import Outcome
from umbrella.watching.saves import Saves


def follow(saves: Saves, refresh: Callable[[Sources], Outcome], board: Board) -> None:
    """Refresh at each save until Ctrl-C. What is saved meanwhile, however often, is one round."""
    known: Sources | None = None
    while True:
        save = saves.next(known)
        is_first = known is None
        begins = "Making the preview" if is_first else "Saved: the preview is made anew"
        console.notice(begins, style="bold")
        known = save.sources
        board.begin()
        outcome = refresh(known)
        n_readers = board.end(outcome, save.at)
        _tell(None if is_first else save.at, outcome, n_readers)


def _tell(saved_at: float | None, outcome: Outcome, n_readers: int) -> None:
    """Say what became of a round; the first follows no save."""
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.seconds.items())
    if not outcome.is_ok:
        console.notice(f"The preview is as it was ({parts})", style="bold yellow")
        return
    if saved_at is None:
        words = f"The preview is ready ({parts})"
    else:
        open_pages = "" if n_readers else "; no page of it is open"
        took = time.time() - saved_at
        words = f"The preview is up to date {took:.1f} s after the save ({parts}){open_pages}"
    console.notice(words, style="bold green")
