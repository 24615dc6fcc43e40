"""The two rich consoles: results go to standard output, failures and progress to standard error.

Markup and emoji codes are off because cells and file names are printed as they are: a cell that
holds `[bold]` must show `[bold]`.
"""

import io
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.control import Control
from rich.text import Text

from umbrella import system
from umbrella.text import without_steering

STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}
"""The streams of a program by their numbers, and how they are used."""

LOOK: dict[str, Any] = {"markup": False, "emoji": False, "highlight": False}

KEPT_WIDTH = 100
"""Characters per line of a table that is kept to be shown elsewhere."""

NON_TERMINAL_WIDTH = 120
"""Characters per line of a table that is written to a file or a pipe."""


_keepers: list["_Kept"] = []


class _Kept(list[RenderableType]):
    """What was printed while somebody keeps it."""

    def text(self) -> str:
        """All of it as plain text, signs that steer a terminal shown by their numbers."""
        page = _Console(file=io.StringIO(), width=KEPT_WIDTH, **LOOK)
        for printed in self:
            page.print(printed, soft_wrap=isinstance(printed, Text))
        return page.file.getvalue()


class _Console(Console):
    """A console that does not fold tables at 80 characters when nobody sees them on a screen.

    Signs of a cell or file name that would steer the terminal, or turn the text around, are shown
    by their numbers.
    """

    @property
    def size(self):
        """The terminal's size, or a wide page when the output is not a terminal."""
        size = super().size
        return size if self.is_terminal else size._replace(width=NON_TERMINAL_WIDTH)

    def render(self, renderable, options=None):
        """What is printed, piece by piece; only what this program decides steers the terminal."""
        for segment in super().render(renderable, options):
            is_text = segment.control is None
            yield segment._replace(text=without_steering(segment.text)) if is_text else segment

    def print(self, *objects, **options):
        """Print as rich does, and let it be kept where somebody does that."""
        for kept in _keepers if self in (out, err) else ():
            kept.extend(one for one in objects if not isinstance(one, Control))
        super().print(*objects, **options)


out = _Console(**LOOK)
err = _Console(stderr=True, **LOOK)


@contextmanager
def keeping() -> Iterator[_Kept]:
    """Keep what a block prints on either console, beside printing it, but for what passes."""
    kept = _Kept()
    _keepers.append(kept)
    try:
        yield kept
    finally:
        _keepers.remove(kept)


def line(text: str = "", *, style: str = "") -> None:
    """Print one line to standard output, never folded."""
    out.print(Text(text, style=style), soft_wrap=True)


def notice(text: str, *, style: str = "", passes: bool = False) -> None:
    """Print one line to standard error, never folded; one that passes is of no use later."""
    words = Text(text, style=style)
    if passes:
        Console.print(err, words, soft_wrap=True)
    else:
        err.print(words, soft_wrap=True)


@contextmanager
def warnings_as_notices() -> Iterator[None]:
    """Print what a block warns of as a line each, without the place in the code."""
    with warnings.catch_warnings(record=True) as caught:
        yield
    for warning in caught:
        notice(str(warning.message), style="yellow")


def make_streams_tolerant() -> None:
    """Replace characters that the terminal's encoding lacks, instead of failing on them.

    What the caller closed leads nowhere: a file opened later would else take its number, and the
    warehouse what is written there.
    """
    for descriptor, (name, mode) in enumerate(STREAMS.items()):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, descriptor)
            if nowhere != descriptor:
                os.close(nowhere)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = None if stream.isatty() else system.STREAM_ENCODING
            stream.reconfigure(encoding=encoding, errors="replace")
