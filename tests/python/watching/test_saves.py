"""A save is known when it is over, however a program writes, and is told once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from umbrella.sheets.sources import Sources
from umbrella.watching.board import Board
from umbrella.watching.preview import Outcome
from umbrella.watching.rounds import follow
from umbrella.watching.saves import PATIENCE_SECONDS, PAUSE_SECONDS, Saves

Act = Callable[[], object]


class Over(BaseException):
    """Ends a watch whose script has come to its end, as Ctrl-C would."""


class Time:
    """Stands for the clock: in each pause somebody does the next thing to the files."""

    def __init__(self, *acts: Act | None) -> None:
        self.acts = list(acts)
        self.now = 2_000_000_000.0

    def sleep(self, seconds: float) -> None:
        """Pass the time of a pause."""
        if not self.acts:
            raise Over
        act = self.acts.pop(0)
        self.now += seconds
        if act is not None:
            act()

    def clock(self) -> float:
        """The seconds since 1970."""
        return self.now


def workbook(path: Path, cell: str) -> bytes:
    """Write a workbook with one cell; its bytes."""
    book = openpyxl.Workbook()
    book.active["A1"] = cell
    book.save(path)
    return path.read_bytes()


def saved(*acts: Act | None, place: Path) -> list[bytes | None]:
    """What a place holds at each save while somebody does these things to it."""
    time = Time(*acts)
    saves, known, found = Saves(place, time.sleep, time.clock), None, []
    try:
        while True:
            known = saves.next(known).sources
            found.append(place.read_bytes() if place.is_file() else None)
    except Over:
        return found


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, bytes, bytes]:
    """A saved workbook, its bytes, and those that the next save gives it."""
    place = tmp_path / "my-review.xlsx"
    later = workbook(tmp_path / "later.xlsx", "b")
    return place, workbook(place, "a"), later


def test_a_save_is_told_once_it_is_over(books: tuple[Path, bytes, bytes]) -> None:
    place, first, second = books
    half = second[: len(second) // 2]

    def rename() -> None:
        beside = place.with_name("~$my-review.tmp")
        beside.write_bytes(second)
        beside.replace(place)

    def touch() -> None:
        os.utime(place, (1, 1))

    def write(content: bytes) -> Act:
        return lambda: place.write_bytes(content)

    settle = [None] * 4
    cases = {
        "nothing": [],
        "a rename": [rename],
        "written in steps": [write(b""), write(half), write(half), None, None, write(second)],
        "deleted, then written": [place.unlink, None, None, write(second)],
        "the same again": [touch, None, None, write(first), None, None, rename],
    }
    for name, acts in cases.items():
        place.write_bytes(first)
        expected = [first, second] if acts else [first]
        assert saved(*settle, *acts, *settle, place=place) == expected, name


def test_what_stays_broken_or_gone_is_told_when_patience_ends(
    books: tuple[Path, bytes, bytes],
) -> None:
    place, first, _ = books
    patience = [None] * (int(PATIENCE_SECONDS / PAUSE_SECONDS) + 3)
    broken = saved(None, None, lambda: place.write_bytes(b"PK"), *patience, place=place)
    assert broken == [first, b"PK"]
    assert saved(*patience, place.unlink, *patience, place=place) == [b"PK", None]


def test_a_folder_is_watched_by_its_sheets_alone(tmp_path: Path) -> None:
    sheet = tmp_path / "extraction" / "effects.csv"
    sheet.parent.mkdir()
    sheet.write_text("a\n", encoding="utf-8")
    time = Time(
        None, None,
        (sheet.parent / "~$effects.csv").touch,
        (sheet.parent / "effects.csv.bak").touch,
        None, None, None,
    )  # fmt: skip
    saves = Saves(tmp_path, time.sleep, time.clock)
    known = saves.next(None).sources
    with pytest.raises(Over):
        saves.next(known)
    time.acts = [lambda: sheet.write_text("b\n", encoding="utf-8"), None, None, None]
    assert saves.next(known).sources == Sources.of(tmp_path)


def test_two_saves_while_the_preview_is_made_are_one_round(
    books: tuple[Path, bytes, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    place, _, second = books
    third = workbook(place.with_name("third.xlsx"), "c")
    time = Time(*[None] * 20)
    made = []

    def refresh(sources: Sources) -> Outcome:
        if not made:
            place.write_bytes(second)
            place.write_bytes(third)
        made.append(sources)
        if len(made) == 2:
            time.acts += [lambda: place.write_bytes(b"PK"), *[None] * 40]
        return Outcome(is_ok=len(made) < 3, said="", seconds={"check": 0.04, "build": 1.26})

    board = Board(lambda _seconds: None)
    with pytest.raises(Over):
        follow(Saves(place, time.sleep, time.clock), refresh, board)
    assert len(made) == 3
    assert made[1] != made[2] == Sources.of(place)
    assert (board.news.site, board.news.is_ok) == (2, False)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Making the preview"
    assert said[1] == "The preview is ready (check 0.0 s, build 1.3 s)"
    assert said[2] == "Saved: the preview is made anew"
    assert said[3].startswith("The preview is up to date ")
    assert said[3].endswith(" s after the save (check 0.0 s, build 1.3 s); no page of it is open")
    assert said[5] == "The preview is as it was (check 0.0 s, build 1.3 s)"
