"""`umbrella compare`: where two readers of the same papers differ, and what they agree on."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as RichTable

from reports.spreadsheets import as_text
from umbrella import console, system
from umbrella.commands.check import check_typed, show_problems
from umbrella.commands.new import WORKBOOK, write_book, written_tables
from umbrella.errors import UmbrellaError
from umbrella.project import full_path, project_dir
from umbrella.text import plural, shorten

SHOWN = 20
"""Differences, matches and open decisions that are named without --all."""

SHOWN_COLUMNS = 12
"""Columns of the table of agreement without --all."""

Format = StrEnum("Format", {"CSV": "csv", "JSON": "json"})
Undecided = StrEnum("Undecided", {"FIRST": "reader1", "SECOND": "reader2"})

FIELDS = (
    "sheet", "meta_analysis", "row_of_reader_1", "row_of_reader_2", "column", "reader_1",
    "reader_2", "difference", "source", "decision",
)  # fmt: skip


def command(
    reader1: Annotated[
        Path, typer.Argument(metavar="READER1", help="Workbook or folder of the first reader.")
    ],
    reader2: Annotated[
        Path, typer.Argument(metavar="READER2", help="Workbook or folder of the second reader.")
    ],
    adjudication: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.xlsx",
            help="The workbook in which differences are decided; read where it exists, and "
            "written. Default: reader1-reader2.adjudication.xlsx beside the first reader.",
        ),
    ] = None,
    agreed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.xlsx", help="Write the workbook that both agree on, by the decisions."
        ),
    ] = None,
    undecided: Annotated[
        Undecided | None,
        typer.Option(help="Whose value the agreed workbook takes where nobody decided."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Name every difference and column.")] = False,
    output: Annotated[
        Format | None,
        typer.Option("--format", help="Print every difference so on standard output."),
    ] = None,
) -> None:
    """Compare two readers of the same papers cell by cell, and bring them together.

    Each reader has a workbook, or a folder of sheets, of the same review. Rows are the same where
    their keys are; meta-analyses, effects, rates and trials that the readers named differently are
    matched by what their rows say, which is told. Numbers are compared with the tolerances of the
    protocol (agreement_fields), words for one thing are the same, several codes may have any order.

    The differences, the weightiest first, go into a workbook to decide in, with lists to choose
    from and links to the cells of both readers, who are never written to. Run again, it keeps every
    decision whose difference still stands. --agreed then writes one whole workbook: the second
    reader's values in the sheets of the second extraction, the decisions in those of adjudications
    and corrections. Differences that nobody decided are refused, unless --undecided says whose
    value to take. Exit code 0 when the two were compared, however much they differ.
    """
    places = _Places.of(reader1, reader2, adjudication, agreed)
    if undecided is not None and agreed is None:
        raise UmbrellaError("--undecided is about the agreed workbook: name it with --agreed.")
    readers = [_checked(place) for place in (places.first, places.second)]
    if any(result.problems for result in readers):
        for result in readers:
            if result.problems:
                show_problems(result.problems)
        raise typer.Exit(1)
    case = _Case.of(places, readers)
    case.write_decisions()
    if output is None:
        _show(case, every=every)
    else:
        console.line(WRITERS[output](_as_rows(case)))
    console.notice(f"Decide in {places.adjudication}{case.kept_in_words()}", style="bold")
    _show_aside(case)
    if agreed is not None:
        _write_agreed(case, undecided, every=every)


@dataclass(frozen=True)
class _Places:
    first: Path
    second: Path
    adjudication: Path
    agreed: Path | None

    @classmethod
    def of(
        cls, first: Path, second: Path, adjudication: Path | None, agreed: Path | None
    ) -> "_Places":
        """Full paths; raises UmbrellaError where two of them are one, or a reader is not there."""
        readers = full_path(first), full_path(second)
        for place in readers:
            if not place.exists():
                raise UmbrellaError(f"There is no workbook or folder of sheets at {place}.")
        name = f"{readers[0].stem}-{readers[1].stem}.adjudication{WORKBOOK}"
        decided = full_path(adjudication) if adjudication else readers[0].parent / name
        result = full_path(agreed) if agreed else None
        for option, path in (("--adjudication", decided), ("--agreed", result)):
            if path is not None and path.suffix.lower() != WORKBOOK:
                raise UmbrellaError(f"{option} {path}: no workbook. Right: a name with {WORKBOOK}.")
        written = [decided, *([result] if result else [])]
        read = {path.resolve() for path in readers}
        if len(read | {path.resolve() for path in written}) < len(read) + len(written):
            raise UmbrellaError(
                "Readers, decisions and the agreed workbook are different files: "
                f"{', '.join(map(str, (*readers, *written)))}."
            )
        if result is not None and result.exists():
            raise UmbrellaError(
                f"{result} exists: nothing was written. Name a file that does not yet."
            )
        return cls(*readers, decided, result)


def _checked(place: Path) -> Any:
    console.notice(f"Reading {place}")
    return check_typed(place)


@dataclass(frozen=True)
class _Case:
    """Two readers, how they compare, and what was decided about it."""

    places: _Places
    comparison: Any
    standing: Mapping[Any, Any]
    aside: Sequence[Any]
    apart: Sequence[tuple[str, str, str]]
    codes: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, places: _Places, results: Sequence[Any]) -> "_Case":
        """Compare; raises typer.Exit where a decision is none."""
        # Imported here: DuckDB takes a moment to load, and a problem should be said at once.
        from umbrella.books.adjudication import read_adjudication
        from umbrella.building.compilation import plan_of
        from umbrella.comparing.agreed import codes_of
        from umbrella.comparing.comparison import compare_readers
        from umbrella.comparing.decisions import carried, problems_of
        from umbrella.comparing.readers import Reader

        before = read_adjudication(places.adjudication)
        paths = (places.first, places.second)
        readers = [Reader(path, result) for path, result in zip(paths, results, strict=True)]
        comparison = compare_readers(*readers, plan_of(project_dir()), before.apart)
        standing, aside = carried(comparison, before.recorded)
        codes = codes_of(comparison)
        if problems := problems_of(comparison, standing, codes):
            console.notice(f"In {places.adjudication}, which is as it was:")
            show_problems(problems)
            raise typer.Exit(1)
        return cls(places, comparison, standing, aside, before.apart, codes)

    def write_decisions(self) -> None:
        """Write the workbook of decisions anew."""
        from umbrella.books.adjudication import Filling, write_adjudication
        from umbrella.books.texts import column_texts
        from umbrella.comparing.decisions import deciders

        people = list(deciders(self.comparison))
        texts = column_texts(project_dir())
        filling = Filling(self.standing, self.aside, self.apart, texts, self.codes, people)
        write_adjudication(self.places.adjudication, self.comparison, filling)

    @property
    def open(self) -> list[Any]:
        """The differences that nobody decided."""
        from umbrella.comparing.decisions import Decision

        nothing = Decision()
        return [
            one
            for one in self.comparison.differences
            if not self.standing.get(one.key, nothing).choice
        ]

    def kept_in_words(self) -> str:
        """How many decisions there are, and how many are open."""
        n = len(self.comparison.differences)
        n_open = len(self.open)
        return f": {plural(n, 'difference')}, {n - n_open:,} decided, {n_open:,} open"


def _show(case: _Case, *, every: bool) -> None:
    comparison = case.comparison
    _show_matches(case, every=every)
    _show_agreement(case, every=every)
    shown = comparison.differences if every else comparison.differences[:SHOWN]
    for one in shown:
        console.line(_in_words(case, one))
    if len(shown) < len(comparison.differences):
        n_more = len(comparison.differences) - len(shown)
        console.line(f"… and {n_more:,} more; --all names every one", style="dim")
    counts = Counter(one.sheet for one in comparison.differences)
    told = ", ".join(f"{n:,} in {name}" for name, n in counts.items())
    agree = "no cell in which both have a value"
    if comparison.n_cells:
        percent = percent_in_words(comparison.n_agreed, comparison.n_cells)
        agree = (
            f"{comparison.n_agreed:,} of {comparison.n_cells:,} cells in which both have a value "
            f"agree ({percent} %)"
        )
    n = plural(len(comparison.differences), "difference")
    console.line(f"{n}{f': {told}' if told else ''}; {agree}", style="bold")


def _in_words(case: _Case, one: Any) -> str:
    where = ", ".join(filter(None, (one.sheet, one.name, one.column)))
    rows = [
        f"row {reader.place(one.sheet, row.number, one.column)[0]}" if row is not None else "no row"
        for reader, row in zip(
            case.comparison.readers, (one.first_row, one.second_row), strict=True
        )
    ]
    values = [shorten(value) if value else "empty" for value in (one.first_value, one.second_value)]
    if one.is_row:
        return f"{where}: {one.in_words} ({rows[0] if one.first_row else rows[1]})"
    return f"{where}: {values[0]} ({rows[0]}), {values[1]} ({rows[1]})"


def _show_matches(case: _Case, *, every: bool) -> None:
    guessed = case.comparison.guessed
    if not guessed:
        return
    console.notice(
        f"{plural(len(guessed), 'pair')} of rows with two names taken for one; where they are two, "
        "say so in the worksheet matches:",
        style="yellow",
    )
    for sheet, pair in guessed if every else guessed[:SHOWN]:
        rows = [
            reader.place(sheet, row.number, "")[0]
            for reader, row in zip(case.comparison.readers, (pair.first, pair.second), strict=True)
        ]
        console.notice(
            f"  {sheet}: {pair.first.name} of reader 1 (row {rows[0]}), {pair.second.name} of "
            f"reader 2 (row {rows[1]}): {pair.why}"
        )
    if not every and len(guessed) > SHOWN:
        console.notice(f"  … and {len(guessed) - SHOWN:,} more")


def _show_agreement(case: _Case, *, every: bool) -> None:
    from umbrella.books.adjudication import coefficients

    found = [one for one in case.comparison.agreement if one.n_pairs or one.n_one_sided]
    found.sort(key=lambda one: one.n_agreed - one.n_pairs - one.n_one_sided)
    differing = [one for one in found if one.n_agreed < one.n_pairs or one.n_one_sided]
    shown = found if every else differing[:SHOWN_COLUMNS]
    if not shown:
        return
    table = RichTable("sheet", "column", title=None)
    for name in ("both", "agree", "%", "kappa", "ICC", "one only"):
        table.add_column(name, justify="right")
    for one in shown:
        kappa, icc = coefficients(case.comparison, one)
        table.add_row(
            one.sheet, one.column, f"{one.n_pairs:,}", f"{one.n_agreed:,}",
            percent_in_words(one.n_agreed, one.n_pairs), _shown(kappa), _shown(icc),
            f"{one.n_one_sided:,}",
        )  # fmt: skip
    console.out.print(table)
    if len(shown) < len(found):
        n_more = len(found) - len(shown)
        words = "with fewer differences or none; --all shows every one"
        console.line(f"… and {plural(n_more, 'column')} {words}", style="dim")


def percent_in_words(n_agreed: int, n: int) -> str:
    """A percentage with a decimal: 100.0 where all agree, and nowhere else."""
    most = 100.0 if n_agreed == n else 99.9
    return f"{min(100 * n_agreed / n, most):.1f}" if n else ""


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"


def _as_rows(case: _Case) -> list[dict[str, str]]:
    choices = {key: decision.choice for key, decision in case.standing.items()}
    return [
        dict(
            zip(
                FIELDS,
                (
                    one.sheet, one.meta_analysis, one.first_name, one.second_name, one.column,
                    one.first_value, one.second_value, one.in_words, one.source,
                    choices.get(one.key, ""),
                ),
                strict=True,
            )
        )
        for one in case.comparison.differences
    ]  # fmt: skip


def _as_json(rows: Sequence[Mapping[str, str]]) -> str:
    return json.dumps(list(rows), indent=2, ensure_ascii=False)


def _as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: as_text(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().rstrip("\n")


WRITERS = {Format.CSV: _as_csv, Format.JSON: _as_json}


def _show_aside(case: _Case) -> None:
    if case.aside:
        console.notice(
            f"{plural(len(case.aside), 'decision')} no longer beside a difference, kept in the "
            "worksheet set aside:",
            style="yellow",
        )
    for one in case.aside:
        where = ", ".join(filter(None, (one.key[0], one.key[1] or one.key[2], one.key[3])))
        console.notice(f"  {where}, {one.decision.choice or 'undecided'}: {one.why_aside}")


def _write_agreed(case: _Case, undecided: Undecided | None, *, every: bool) -> None:
    from umbrella.books.adjudication import record_of
    from umbrella.comparing.agreed import added_codes, agreed_sheets, undecided_as, with_rows
    from umbrella.comparing.decisions import FIRST, SECOND
    from umbrella.sheets.book import DECISIONS

    if case.open and undecided is None:
        _refuse(case, every=every)
    decisions = case.standing
    if undecided is not None:
        choice = FIRST if undecided is Undecided.FIRST else SECOND
        decisions = undecided_as(case.comparison, decisions, choice)
    result = case.comparison.readers[0].result
    contract = list(result.tables)
    filled = written_tables(result, project_dir())
    added = added_codes(case.comparison)
    filled |= {name: with_rows(filled[name], rows) for name, rows in added.items()}
    sheets = agreed_sheets(case.comparison, decisions)
    filled |= {name: table for name, table in sheets.items() if table.rows}
    filled = {name: t for name, t in filled.items() if name not in sheets or sheets[name].rows}
    record = {DECISIONS: record_of(case.comparison, decisions)}
    write_book(case.places.agreed, contract, filled, project_dir(), record)
    for name, rows in added.items():
        codes = ", ".join(row["code"] for row in rows)
        console.notice(f"Codes that reader 2 alone has, taken over into {name}: {codes}")
    n_taken = len(case.open)
    words = f", {n_taken:,} undecided as {undecided} has them" if n_taken else ""
    console.line(f"Agreed{words}: {case.places.agreed}", style="bold green")
    console.line(f"Then: umbrella check {system.quoted(case.places.agreed)}")


def _refuse(case: _Case, *, every: bool) -> None:
    """Name the open differences, and stop."""
    found = case.open
    for one in found if every else found[:SHOWN]:
        console.notice(f"  open: {_in_words(case, one)}")
    if not every and len(found) > SHOWN:
        console.notice(f"  … and {len(found) - SHOWN:,} more")
    raise UmbrellaError(
        f"{plural(len(found), 'difference')} nobody decided, so no agreed workbook was written. "
        f"Decide in {case.places.adjudication}, or say whose value to take: --undecided reader1 or "
        "--undecided reader2."
    )
