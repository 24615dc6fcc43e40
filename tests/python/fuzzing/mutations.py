"""Sheets of a small valid review, spoilt in every way that people and programs spoil sheets."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.python.conftest import append
from tests.python.made_reviews import effects_on, make_review
from umbrella.app import app

SHEETS = tuple(
    f"extraction/{name}.csv"
    for name in ("reported_effects", "reported_rates", "primary_studies", "meta_analyses")
)
"""The sheets that are spoilt: those with most numbers."""

HOSTILE = (
    "<script>alert(1)</script>", "'; drop table x; --", '"', '""', "'", "{{ 7 * 7 }}", "{% raw %}",
    "[[member]]", "%s", "%(x)s", "{0}", "\\", "\\N", "null", "NULL", "None", "NA", "nan", "NaN",
    "inf", "-Infinity", "TRUE", "=1+1", "@SUM(1)", "+1", "-1", "\u202edcba", "\u200b", "\u2066x",
    "x" * 300, "x" * 25_000, "a\nb", "a\r\nb", "a\rb", "\t", " ", "\xa0", "\ufeff", "a,b", "a;b",
    "a|b", "\x1a", "\x00", "\x85", "\u2028", "e\u0301", "\U0001f600", "../../etc/passwd", "#N/A",
    "--", "//", "/*", "$$", "\x1b[31m", "0", "00", "1e5", "2020-01-02", "3-Apr", "Made1", "Made2_1",
)  # fmt: skip

ODD_NUMBERS = (
    "1e400", "-1e400", "1e-400", "-0", "+.5", "5.", ".", "1_000", "0x1F", "1e1_0", "1e", "--5",
    "5-", "\u2212\u22125", "1.2.3", "1,2,3", "1.234,56", "1,234.56", "12,34.5", "1,234", "1.234",
    "12.345.678", "0,123", "0.123", "1e5%", "5%%", "$5", "5 \u20ac", "0.5-0.7", "0.5 (0.3)",
    "0\u200b.5", "1\u00a0234", "1 234,5", "1\u2009234.5", "1'234.5", "1\u2019234,5", "\u202e5.0",
    "5\n", "\t5", "\u0665\u066b\u0663", "\u0661\u0662\u0663", "\u0661\u066c\u0662\u0663\u0664",
    "\U0001d7d3.\U0001d7d3", "\uff11\uff0e\uff15", "\uff15\uff05", "\u00bd", "1\u00bd", "10\u00b2",
    "5\u00b2", "10^2", "10^-2", "10**3", "1.2x10^-3", "1,2\u00d710\u207b\u00b3", "10-3", "1e5,5",
    "1.2E3", "1,2E3", "0\u00b75", "1\u00b7234", "<0.05", "< 0,05", "p<.001", "P = 0.03", "\u2264 5",
    ">5", "=5", "=0.5", "<", "%", "45%", "45 %", "0,5%", "<5%", "5*", "0.5\u2020", "1,5 *", "5a",
    "5 (a)", "99999999999999999999", "0.1234567890123456789", "9007199254740993", "1e22", "1.0",
    "1,000", "1.000", "1000.0", "2.0e0", "Infinity", "1/2", "1:2", "(5)", "-(5)", "(-5)", "~5",
    "ca. 5", "5 kg", "five", "1 2", "1  234", "1,234,567.8", "1.234.567,8", "0,0", "00.5", "007",
    "-1,5", "\u20130.45", "\u2014", "\u2026", "n.r.", "?",
)  # fmt: skip


LONE_LETTER = re.compile(r"(?<![^\W\d_])(?![a-zA-Z])[^\W\d_](?![^\W\d_])")


@dataclass
class Grid:
    """A sheet as a table of texts, and how it is written into a file."""

    rows: list[list[str]]
    encoding: str = "utf-8"
    separator: str = ","
    newline: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL
    is_told: bool = False
    is_faithful: bool = True
    """Whether the file holds the texts: not where its bytes are spoilt, or a letter outside ASCII
    stands alone and may be a sign of another encoding."""
    spoil: list[Callable[[bytes], bytes]] = field(default_factory=list)

    def as_bytes(self) -> bytes:
        """The file of the sheet."""
        text = io.StringIO(newline="")
        if self.is_told:
            text.write(f"sep={self.separator}{self.newline}")
        writer = csv.writer(
            text, delimiter=self.separator, lineterminator=self.newline, quoting=self.quoting
        )
        writer.writerows(self.rows)
        raw = text.getvalue().encode(self.encoding, errors="replace")
        is_unsure = not self.encoding.startswith("utf") and LONE_LETTER.search(text.getvalue())
        if is_unsure or raw.decode(self.encoding) != text.getvalue():
            self.is_faithful = False
        for spoil in self.spoil:
            raw = spoil(raw)
        return raw


@dataclass
class Sheets:
    """The spoilt sheets, and what else stands in the folder."""

    grids: dict[str, Grid]
    extras: list[Callable[[Path], None]] = field(default_factory=list)


Mutation = Callable[[Sheets], None]
"""Spoils sheets in place."""


def make_template(folder: Path) -> Path:
    """A small review with effects, rates and trials, of which nothing is refused."""
    make_review(folder, {"a": "Condition A", "b": "Condition B"}, effects_on("a", 4) * 3)
    rate = {
        "meta_analysis_id": "Made1", "condition": "a", "outcome": "dropout", "definition": "Left",
        "arm": "intervention", "guidance": "guided", "total": "120", "source_locator": "Table 3",
        "comparator": "waitlist",
    }  # fmt: skip
    append(
        folder / SHEETS[1],
        *(rate | {"rate_id": f"R{n}", "events": f"{10 * n}"} for n in range(1, 11)),
    )
    trial = {
        "dataset": "Made2", "source": "Made2", "condition": "a", "outcome": "symptom",
        "comparator": "waitlist", "guidance": "guided", "therapy": "cbt", "delivery": "website",
        "favourable_direction": "positive", "risk_of_bias": "unclear", "locator": "Figure 1",
        "sd_intervention": "7.25", "n_intervention": "40", "mean_control": "14.5",
        "sd_control": "7", "n_control": "41",
    }  # fmt: skip
    append(
        folder / SHEETS[2],
        *(
            trial
            | {
                "comparison_id": f"T{n}", "study": f"Author {n}", "study_id": f"Author{n}20{n:02d}",
                "year": f"20{n:02d}", "mean_intervention": f"{10 + n}.5",
            }
            for n in range(1, 13)
        ),
    )  # fmt: skip
    outlined = CliRunner().invoke(app, ["outline", "--sheets", str(folder)])
    assert outlined.exit_code == 0, outlined.output
    return folder


def sheets_of(template: Path) -> Sheets:
    """The sheets of the template, whole."""
    grids = {}
    for name in SHEETS:
        with (template / name).open(encoding="utf-8", newline="") as file:
            grids[name] = Grid(list(csv.reader(file)))
    return Sheets(grids)


def write(sheets: Sheets, template: Path, folder: Path) -> None:
    """Write a folder: the template with the spoilt sheets in place of its own."""
    shutil.copytree(template, folder)
    for name, grid in sheets.grids.items():
        (folder / name).write_bytes(grid.as_bytes())
    for extra in sheets.extras:
        extra(folder)


def mutations() -> st.SearchStrategy[list[Mutation]]:
    """One to eight ways in which sheets are spoilt, most of them in cells."""
    one = st.one_of(
        _of_cells(), _of_cells(), _of_cells(), _of_rows(), _of_headers(), _of_writing(),
        _of_bytes(), _of_folder(),
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=8)


def mutations_of_cells() -> st.SearchStrategy[list[Mutation]]:
    """Ways in which cells are spoilt and a file is still read."""
    one = st.one_of(_respelt(), _respelt(), _respelt(), _of_cells(), _of_writing(unicode=True))
    return st.lists(one, min_size=12, max_size=40)


PLAIN = re.compile(r"-?\d+(\.\d+)?")
NAMES = st.sampled_from(SHEETS)
PLACES = st.integers(0, 10_000)


def _grouped(mark: str) -> Callable[[str], str]:
    decimal = "," if mark == "." else "."
    return lambda text: f"{float(text):,.2f}".translate(str.maketrans(",.", f"{mark}{decimal}"))


WAYS = st.sampled_from(
    (
        str, lambda text: text.replace(".", ","), lambda text: text.replace("-", "\u2212"),
        lambda text: text + "%", lambda text: "< " + text,
        lambda text: text.replace(".", "\u00b7"),
        lambda text: " " + text + "\u00a0", lambda text: text + "*", lambda text: text + "e-2",
        _grouped(","), _grouped("."), _grouped(" "), _grouped("\u2009"), _grouped("'"),
        lambda text: "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in text),
        lambda text: text + "\u00d710\u207b\u00b2", lambda text: text[:2] + " " + text[2:],
    )
)  # fmt: skip
"""Ways of writing a number that is written plainly."""


def spelt_numbers() -> st.SearchStrategy[str]:
    """Numbers as people write them, and what looks like one."""
    digits = st.integers(-(10**9), 10**9)
    places = st.integers(0, 6)
    plain = st.builds(lambda n, k: f"{n / 10**k:.{k}f}", digits, places)
    return st.one_of(
        st.builds(lambda text, way: way(text), plain, WAYS),
        st.sampled_from(ODD_NUMBERS),
        st.text("0123456789.,-+ eE%<\u2212\u00b7'x^", min_size=1, max_size=9),
    )


def _of_cells() -> st.SearchStrategy[Mutation]:
    texts = st.one_of(
        spelt_numbers(), spelt_numbers(), st.sampled_from(HOSTILE), st.text(max_size=12)
    )

    def change(name: str, row: int, column: int, text: str, is_number: bool) -> Mutation:
        def mutate(sheets: Sheets) -> None:
            rows = sheets.grids[name].rows
            if len(rows) < 2:
                return
            cells = rows[1 + row % (len(rows) - 1)]
            filled = [i for i, cell in enumerate(cells) if cell[:1].isdigit() or cell[:2] == "-0"]
            places = filled if is_number and filled else range(len(cells))
            if len(places):
                cells[places[column % len(places)]] = text

        return mutate

    return st.builds(change, NAMES, PLACES, PLACES, texts, st.booleans())


def _respelt() -> st.SearchStrategy[Mutation]:
    """Another way of writing a number that a sheet has: its row is kept where it is read."""

    def change(name: str, row: int, column: int, way: Callable[[str], str]) -> Mutation:
        def mutate(sheets: Sheets) -> None:
            rows = sheets.grids[name].rows
            cells = rows[1 + row % (len(rows) - 1)]
            numbers = [i for i, cell in enumerate(cells) if PLAIN.fullmatch(cell)]
            place = numbers[column % len(numbers)] if numbers else 0
            cells[place] = way(cells[place]) if numbers else cells[place]

        return mutate

    return st.builds(change, NAMES, PLACES, PLACES, WAYS)


def _of_rows() -> st.SearchStrategy[Mutation]:
    def change(name: str, row: int, how: str) -> Mutation:
        def mutate(sheets: Sheets) -> None:
            rows = sheets.grids[name].rows
            at = row % len(rows)
            match how:
                case "twice":
                    rows.insert(at, list(rows[at]))
                case "out":
                    del rows[at]
                    rows or rows.append([""])
                case "blank":
                    rows.insert(at, [""] * len(rows[at]))
                case "short":
                    rows[at] = rows[at][:-1]
                case "long":
                    rows[at] = [*rows[at], "x"]
                case "end":
                    rows += [[""] * len(rows[at]) for _ in range(3)]
                case "all out":
                    del rows[1:]

        return mutate

    ways = ("twice", "out", "blank", "short", "long", "end", "all out")
    return st.builds(change, NAMES, PLACES, st.sampled_from(ways))


def _of_headers() -> st.SearchStrategy[Mutation]:
    def change(name: str, column: int, other: int, how: str, text: str) -> Mutation:
        def mutate(sheets: Sheets) -> None:
            rows = sheets.grids[name].rows
            at, to = column % max(len(rows[0]), 1), other % max(len(rows[0]), 1)
            if any(len(row) != len(rows[0]) for row in rows) or not rows[0]:
                return
            for row in rows:
                match how:
                    case "swapped":
                        row[at], row[to] = row[to], row[at]
                    case "out":
                        del row[at]
                    case "twice":
                        row.insert(to, row[at])
            if how == "renamed":
                rows[0][at] = text
            if how == "in capitals":
                rows[0][:] = [cell.upper() for cell in rows[0]]

        return mutate

    ways = st.sampled_from(("swapped", "swapped", "out", "out", "twice", "renamed", "in capitals"))
    texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8))
    return st.builds(change, NAMES, PLACES, PLACES, ways, texts)


def _of_writing(*, unicode: bool = False) -> st.SearchStrategy[Mutation]:
    wide = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
    single = () if unicode else ("cp1252", "cp1250", "mac_roman", "latin-1", "cp437", "shift_jis")

    def change(name: str, encoding: str, separator: str, newline: str, quoting: int, told: bool):
        def mutate(sheets: Sheets) -> None:
            grid = sheets.grids[name]
            grid.encoding, grid.separator, grid.newline = encoding, separator, newline
            grid.quoting, grid.is_told = quoting, told

        return mutate

    return st.builds(
        change,
        NAMES,
        st.sampled_from(wide + single),
        st.sampled_from(",;\t|"),
        st.sampled_from(("\n", "\r\n", "\r")),
        st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        st.booleans(),
    )


def _of_bytes() -> st.SearchStrategy[Mutation]:
    def change(name: str, at: int, length: int, raw: bytes) -> Mutation:
        def spoil(before: bytes) -> bytes:
            start = at * len(before) // 10_000
            return before[:start] + raw + before[start + length :]

        def mutate(sheets: Sheets) -> None:
            sheets.grids[name].spoil.append(spoil)
            sheets.grids[name].is_faithful = False

        return mutate

    raws = st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            (
                b"",
                b'"',
                b'""',
                b"\0",
                b"\r",
                b"\n",
                b",",
                b"\xff\xfe",
                b"PK\3\4",
                b"\xd0\xcf\x11\xe0",
            )
        ),
    )
    lengths = st.sampled_from((0, 0, 0, 1, 3, 100_000))
    return st.builds(change, NAMES, PLACES, lengths, raws)


def _of_folder() -> st.SearchStrategy[Mutation]:
    def change(name: str, how: str) -> Mutation:
        def mutate(sheets: Sheets) -> None:
            sheets.extras.append(lambda folder: EXTRAS[how](folder / name))

        return mutate

    return st.builds(change, NAMES, st.sampled_from(sorted(EXTRAS)))


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        _remove(path)
        make(path)

    return replace


def _beside(name: str) -> Callable[[Path], None]:
    return lambda path: path.with_name(name.format(path.name)).write_bytes(b"\0\5\26\7x")


EXTRAS: dict[str, Callable[[Path], None]] = {
    "gone": _remove,
    "pipe": _replaced(os.mkfifo),
    "folder": _replaced(Path.mkdir),
    "device": _replaced(lambda path: path.symlink_to("/dev/zero")),
    "loop": _replaced(lambda path: path.symlink_to(path)),
    "dangling": _replaced(lambda path: path.symlink_to("gone.csv")),
    "empty": _replaced(lambda path: path.write_bytes(b"")),
    "hidden": _beside("._{}"),
    "lock": _beside(".~lock.{}#"),
    "owner": _beside("~${}"),
    "capitals": lambda path: path.with_suffix(".CSV").write_bytes(b"x"),
    "other": _beside("copy of {}"),
    "workbook": lambda path: path.with_suffix(".xlsx").write_bytes(b"PK\3\4"),
}
"""What may stand in place of a sheet, or beside it."""
