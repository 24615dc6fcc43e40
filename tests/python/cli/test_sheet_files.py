"""What stands in a folder of sheets and is no sheet, or no whole one, is named at once."""

from __future__ import annotations

import csv
import io
import os
import signal
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from umbrella.commands.check import check_folder
from umbrella.project import project_dir
from umbrella.sheets import files, reading
from umbrella.sheets.checks import check_sheet
from umbrella.sheets.contract import read_contract
from umbrella.sheets.files import csv_files, read_whole
from umbrella.sheets.problems import Problem, SheetProblem
from umbrella.sheets.rows import ROWS_PER_BLOCK, Rows

CONTRACT = read_contract(project_dir())
FILES = {sheet.file for sheet in CONTRACT}
RATES = next(sheet for sheet in CONTRACT if sheet.name == "reported_rates")
HEADER = ",".join(RATES.columns)
ROW = "R1,Example2020,depression,dropout,,intervention" + "," * (len(RATES.columns) - 6)
AT_ONCE = 5.0
"""Seconds: far more than it takes, far less than a wait without end."""


@contextmanager
def at_once(seconds: float = AT_ONCE) -> Iterator[None]:
    """Fail, and do not wait, where a block takes long."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def problems_of(folder: Path, seconds: float = AT_ONCE) -> list[Problem]:
    """What is wrong with the sheet of rates in a folder, said in time."""
    with at_once(seconds):
        return check_sheet(folder, RATES, FILES)[0]


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    """A sheet with one row, alone in its folder."""
    path = tmp_path / RATES.file
    path.parent.mkdir()
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    return path


def to_pipe(path: Path) -> None:
    os.mkfifo(path)


def to_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def to_loop(path: Path) -> None:
    other = path.with_name("other")
    other.symlink_to(path)
    path.symlink_to(other)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (to_pipe, "it is a named pipe, not a file"),
        (to_socket, "it is a socket, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file"),
        (lambda path: path.symlink_to("/dev/stdin"), "not a file"),
        (Path.mkdir, "it is a folder, not a file"),
        (lambda path: path.symlink_to("gone.csv"), "No such file"),
        (to_loop, "Too many levels of symbolic links"),
    ],
)
def test_what_is_no_file_is_named(rates, make: Callable[[Path], None], expected):
    rates.unlink()
    make(rates)
    [problem] = problems_of(rates.parents[1])
    assert problem.sheet == RATES.file
    assert expected in problem.problem


def test_a_link_to_a_sheet_is_read(rates):
    rates.symlink_to(rates.rename(rates.parents[1] / "elsewhere.csv"))
    assert problems_of(rates.parents[1]) == []


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Who may read everything reads as nobody for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_is_named(rates):
    folder = rates.parents[1]
    rates.chmod(0)
    with as_somebody_else(), pytest.raises(SheetProblem, match="Permission denied"):
        read_whole(rates, RATES.file)
    folder.chmod(0)
    try:
        with as_somebody_else():
            told = check_folder(folder).problems
    finally:
        folder.chmod(0o755)
    assert told
    assert all("Permission denied" in problem.problem for problem in told)


def test_a_file_that_is_gone_by_then_is_named(rates):
    rates.unlink()
    with pytest.raises(SheetProblem, match="No such file"):
        read_whole(rates, RATES.file)


def test_a_file_that_changes_while_it_is_read_is_named(rates, monkeypatch):
    seen = []

    def fstat(number: int) -> os.stat_result:
        if seen:
            with rates.open("a") as file:
                file.write(ROW)
        seen.append(os.stat(number))
        return os.stat(number)

    monkeypatch.setattr(files.os, "fstat", fstat)
    with pytest.raises(SheetProblem, match="changed while it was read"):
        read_whole(rates, RATES.file)


def test_a_file_larger_than_any_sheet_is_not_read(rates):
    with rates.open("r+b") as file:
        file.truncate(10**12)
    [problem] = problems_of(rates.parents[1])
    assert "1,000,000,000,000 bytes" in problem.problem
    assert f"{files.LARGEST_FILE:,}" in problem.right


HIDDEN = (
    "extraction/._reported_rates.csv",
    "extraction/.~lock.reported_rates.csv#",
    "extraction/~$reported_rates.xlsx",
    "extraction/Thumbs.db",
    ".git/objects/x.csv",
    ".venv/lib/data.csv",
    "__MACOSX/extraction/reported_rates.csv",
    ".ipynb_checkpoints/reported_rates-checkpoint.csv",
)


def make_files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\0\5\26\7\0\2\0\0Mac OS X")


def test_files_that_programs_keep_for_themselves_are_not_looked_at(sheets):
    make_files(sheets, *HIDDEN)
    assert check_folder(sheets).problems == []


def test_a_hidden_file_is_no_look_alike_of_a_missing_sheet(rates):
    make_files(rates.parents[1], "extraction/._reported_rates.csv")
    rates.unlink()
    assert list(csv_files(rates.parents[1], ())) == []
    [problem] = problems_of(rates.parents[1])
    assert problem.problem == "this sheet is missing"
    assert "rename" not in problem.right


def test_csv_files_are_found_in_any_case_and_depth(rates):
    folder = rates.parents[1]
    make_files(folder, "extraction/reported_rates.CSV", "old/2020/x.csv", "x.Csv", "x.csv.bak")
    (folder / "extraction/again").symlink_to(folder)
    (folder / "old/pipe.csv").symlink_to("/dev/zero")
    with at_once():
        found = sorted(csv_files(folder, {"extraction"}))
    assert found == [
        "extraction/reported_rates.CSV", "extraction/reported_rates.csv", "old/2020/x.csv",
        "old/pipe.csv", "x.Csv",
    ]  # fmt: skip


def test_a_sheet_beside_one_in_capitals_is_named(sheets):
    make_files(sheets, "extraction/reported_rates.CSV")
    [problem] = check_folder(sheets).problems
    assert problem.sheet == "extraction/reported_rates.CSV"
    assert "did you mean extraction/reported_rates.csv?" in problem.right


def test_folders_of_sheets_may_be_links_that_lead_back(rates):
    folder = rates.parents[1]
    (folder / "protocol").symlink_to(folder)
    with at_once():
        assert set(csv_files(folder, {"extraction", "protocol"})) == {
            "extraction/reported_rates.csv", "protocol/extraction/reported_rates.csv",
        }  # fmt: skip


def test_thousands_of_other_files_are_one_finding_more(sheets):
    heap = sheets / "heap"
    heap.mkdir()
    for number in range(5_000):
        os.close(os.open(heap / f"f{number}.csv", os.O_CREAT | os.O_WRONLY))
    began = time.process_time()
    problems = check_folder(sheets).problems
    assert time.process_time() - began < AT_ONCE
    assert len(problems) == 21
    assert problems[-1].problem == "4,980 more CSV files with names that no sheet has"


def test_a_folder_of_other_things_is_not_gone_through(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_ENTRIES", 20)
    make_files(tmp_path, *(f"extraction/f{number}" for number in range(30)))
    with pytest.raises(SheetProblem, match="more than 20 files and folders"):
        list(csv_files(tmp_path, ()))


def test_where_no_folder_of_sheets_stands_nothing_else_is_looked_at(tmp_path):
    make_files(tmp_path, *(f"f{number}.csv" for number in range(30)))
    problems = check_folder(tmp_path).problems
    assert {problem.problem for problem in problems} == {"this folder does not exist"}


def test_a_workbook_that_is_not_there_is_called_one(tmp_path):
    problems = check_folder(tmp_path / "mine.xlsx").problems
    assert [problem.problem for problem in problems] == ["this workbook does not exist"]
    assert "umbrella new FILE.xlsx" in problems[0].right


ODD_CONTENTS = {
    "a header pasted twice": (f"{HEADER},{HEADER}\n{ROW}\n{ROW}\n", ["rate_id' 2 times"]),
    "rows that lack a doubled column": (f"{HEADER},arm\n" + f"{ROW}\n" * 532, ["'arm' 2 times"]),
    "a million columns": (",".join(f"c{n}" for n in range(1_000_000)) + "\n", ["characters"]),
    "a million columns without names": ("," * 1_000_000 + "\n", ["1,000,001 cells", "16,384"]),
    "ten thousand other columns": (
        ",".join(f"c{n}" for n in range(10_000)) + "\n",
        ["'c0'", "9,980 more columns that this sheet does not have"],
    ),
    "a cell of a hundred megabytes": (
        f"{HEADER}\n" + ROW.replace("R1", "x" * 100_000_000) + "\n",
        ["line 2 has more than 5,000,000 characters"],
    ),
    "a quoted cell of a hundred megabytes": (
        f"{HEADER}\n" + ROW.replace("R1", '"' + "x\n" * 50_000_000 + '"') + "\n",
        ["quote is opened here and not closed within 5,000,000 characters", "row 2"],
    ),
    "a quote that is never closed, and much below": (
        f'{HEADER}\n"R1,' + f"{ROW}\n" * 200_000,
        ["quote is opened here and not closed", "row 2, column rate_id"],
    ),
    "nothing but line ends": ("\n" * 1_000_000, ["the file is empty"]),
    "a name of a megabyte": ("x" * 1_000_000 + f"{HEADER}\n", ["no such column"]),
    "a separator of letters": (f"sep=a\n{HEADER}\n{ROW}\n", ["sep= names 'a'"]),
    "a separator that is a quote": (f'sep="\n{HEADER}\n{ROW}\n', ["sep= names '\"'"]),
    "NUL": (f"{HEADER}\n" + ROW.replace("R1", "R\0"), ["NUL"]),
    "NUL first": (f"\0{HEADER}\n{ROW}", ["not UTF-16"]),  # an odd number of bytes
}


@pytest.mark.parametrize("name", ODD_CONTENTS)
def test_odd_contents_are_named_in_time(rates, name):
    content, expected = ODD_CONTENTS[name]
    rates.write_text(content, encoding="utf-8", newline="")
    problems = problems_of(rates.parents[1], 20.0)
    told = " ".join(f"{one.where()} {one.problem} {one.right}" for one in problems)
    assert 0 < len(problems) < 50
    for words in expected:
        assert words in told


def test_lines_without_end_are_named(rates, monkeypatch):
    monkeypatch.setattr(reading, "MOST_LINES", 1_000)
    with rates.open("a") as file:
        file.write("\n" * 1_000)
    [problem] = problems_of(rates.parents[1])
    assert "more than 1,000 lines" in problem.problem


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_wide_encodings_and_line_ends_are_read(rates, encoding, newline):
    text = newline.join(["sep=,", HEADER, ROW.replace("Example", "Größe\U0001f600"), ""])
    rates.write_bytes(text.encode(encoding))
    problems, table = check_sheet(rates.parents[1], RATES, FILES)
    assert problems == []
    assert table.dialect == f"{encoding[:6].upper()} text"
    assert [row[1] for row in table.rows] == ["Größe\U0001f6002020"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_the_offset_of_a_broken_byte_is_that_of_the_file(rates, encoding, monkeypatch):
    monkeypatch.setattr(reading, "DECODED_AT_ONCE", 7)
    whole = f"{HEADER}\né\U0001f600é".encode(encoding)
    broken = whole + b"\xff\xdc\xff\xff" + "x,".encode(encoding.removesuffix("-sig"))
    rates.write_bytes(broken)
    [problem] = problems_of(rates.parents[1])
    assert f"at byte offset {len(whole):,}" in problem.problem


def test_a_broken_byte_far_below_an_open_quote_is_named(rates):
    rates.write_bytes(f'{HEADER}\n"R1,'.encode() + b"x\n" * 3_000_000 + b"\xff\xd0")
    [problem] = problems_of(rates.parents[1])
    assert "not UTF-8: byte 0xff" in problem.problem


def workbook_of(*rows: list[object], **cells: object) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for place, value in cells.items():
        made.active[place] = value
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return file.getvalue()


def parts_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as found:
        return {name: found.read(name) for name in found.namelist()}


PLAIN_BOOK = workbook_of(HEADER.split(","), ROW.split(","))
WORKSHEET = "xl/worksheets/sheet1.xml"
SWELLING = (
    b"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
    + b"]><worksheet><sheetData><row r='1'><c r='A1' t='str'><v>&a8;</v></c></row></sheetData>"
    + b"</worksheet>"
)
"""A hundred million letters in a few hundred."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOKS = {
    "a zip bomb": (packed({WORKSHEET: b" " * 200_000_000}), "200,000,000 bytes when unpacked"),
    "a cell far away": (workbook_of(HEADER.split(","), XFD1048576="x"), "reach to row 1,048,576"),
    "a password": (
        OLE + b"\0" * 5_000 + "EncryptedPackage".encode("utf-16-le"), "a password"
    ),
    "another file of the old kind": (OLE + b"\0" * 5_000, "cannot be read"),
    "a zip that is cut off": (PLAIN_BOOK[: len(PLAIN_BOOK) // 2], "cannot be read"),
    "another zip": (packed({"content.xml": b"<x/>"}), "cannot be read"),
    "broken XML": (
        packed(parts_of(PLAIN_BOOK) | {WORKSHEET: b"<worksheet><sheetData><row>"}),
        "cannot be read",
    ),
    "a cell that stands twice": (
        packed(
            parts_of(PLAIN_BOOK)
            | {WORKSHEET: parts_of(PLAIN_BOOK)[WORKSHEET].replace(b'r="B2"', b'r="A2"')}
        ),
        "cell A2 stands twice",
    ),
    "a part that does not unpack": (
        PLAIN_BOOK[:300] + bytes(255 - byte for byte in PLAIN_BOOK[300:500]) + PLAIN_BOOK[500:],
        "cannot be read",
    ),
    "XML that swells": (packed(parts_of(PLAIN_BOOK) | {WORKSHEET: SWELLING}), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_that_is_no_sheet_is_named_in_time(rates, name):
    raw, expected = BOOKS[name]
    rates.write_bytes(raw)
    problems = problems_of(rates.parents[1])
    assert problems
    assert expected in problems[0].problem


def test_a_workbook_with_macros_is_read_without_them(rates):
    rates.write_bytes(packed(parts_of(PLAIN_BOOK) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    problems, table = check_sheet(rates.parents[1], RATES, FILES)
    assert problems == []
    assert table.rows == [ROW.split(",")]


def test_a_share_shown_as_a_percentage_is_read_as_one(rates):
    """CSV saved by the spreadsheet program says 12.5%: the cell of the workbook holds 0.125."""
    made = load_workbook(io.BytesIO(PLAIN_BOOK))
    places = {name: RATES.columns.index(name) + 1 for name in ("percent", "events")}
    for name, value, shown in (("percent", 0.125, "0.0%"), ("events", 7, '0"%"')):
        cell = made.active.cell(2, places[name], value)
        cell.number_format = shown
    made.save(rates)
    _, table = check_sheet(rates.parents[1], RATES, FILES)
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert (row["percent"], row["events"]) == ("12.5%", "7")


def test_yes_and_no_of_a_workbook_are_read_as_its_program_shows_them(rates):
    rates.write_bytes(workbook_of(HEADER.split(","), [True, False, *ROW.split(",")[2:]]))
    _, table = check_sheet(rates.parents[1], RATES, FILES)
    assert table.rows[0][:2] == ["TRUE", "FALSE"]


def test_rows_are_those_that_they_were_made_of():
    made = [[str(number), "é\udcff\0", ""][: 1 + number % 3] for number in range(2_500)]
    rows = Rows(iter([*made, [""], [], ["", ""]]))
    assert len(rows) == 2_503
    assert rows.without_blank_end() == made
    assert list(rows) == made
    assert rows[1_001] == made[1_001]
    assert rows[-1] == made[-1]
    assert rows[998:1_003] == made[998:1_003]
    assert rows != made[:-1]
    with pytest.raises(IndexError):
        rows[2_500]
    assert not Rows([["", ""]] * (2 * ROWS_PER_BLOCK)).without_blank_end()


def test_a_large_sheet_takes_little_more_memory_than_its_file(rates):
    """A million rows took 3 GB as lists; here in the allocations of a tenth of that."""
    import tracemalloc

    with rates.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        row = ROW.split(",")
        writer.writerows([f"R{n}", *row[1:-1], f"note {n}"] for n in range(100_000))
    size = rates.stat().st_size
    tracemalloc.start()
    try:
        _, table = check_sheet(rates.parents[1], RATES, FILES)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(table.rows) == 100_001
    # An empty cell is one byte of the file, and eight in memory.
    assert kept < 2.2 * size
    assert peak < 4 * size
