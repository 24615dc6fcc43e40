"""Checks of the cells of one sheet: its header, the lengths of its rows, what no cell may hold."""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from umbrella.sheets.contract import SameAs, Sheet
from umbrella.sheets.problems import Problem
from umbrella.sheets.reading import Table, read_table
from umbrella.sheets.readings import keys_of, numbered_rows, shipped_cells
from umbrella.sheets.rows import Rows
from umbrella.text import plural, shorten

LONGEST_CELL = 20_000
"""Characters; a longer cell is a pasted document or an unclosed quote, not an extracted value."""

LONGEST_NAME = 200
"""Characters of a name that may be a misspelt one."""

MISSPELT = 0.8
"""Likeness from which on the name of a column is taken for a misspelt one."""

NAMED_FAULTS = 20
"""Faults of one kind that are named one by one, in a header or among files; the rest is counted."""


def check_table(table: Table, sheet: Sheet) -> tuple[list[Problem], Table]:
    """The problems of a sheet's cells, and the table with the columns that it may lack."""
    problems = _header_problems(table.header, sheet)
    problems += _row_problems(table, sheet, has_header=not problems)
    if not problems:
        problems += _rows_not_shipped(table, sheet)
    if not problems:
        table = _with_optional_columns(table, sheet)
    return problems, table


def stand_in(sheet: Sheet) -> Table:
    """The rows that a sheet has where a review lacks it."""
    if sheet.shipped is None:
        return Table(list(sheet.columns), Rows([]))
    return read_table(sheet.shipped, sheet.file)


def nearest(name: str, valid: Iterable[str]) -> str:
    """A question that names the valid name most like `name`, whatever its case and spaces."""
    if len(name) > LONGEST_NAME:
        return ""
    plain = {_plain(candidate): candidate for candidate in sorted(valid)}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return f"did you mean {plain[near[0]]}? " if near else ""


def rest_of(found: Sequence[object], noun: str, what: str, file: str, right: str) -> list[Problem]:
    """One problem for all that are not named one by one."""
    n_more = len(found) - NAMED_FAULTS
    return [Problem(file, f"{plural(n_more, noun)} {what}", right)] if n_more > 0 else []


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def _header_problems(header: list[str], sheet: Sheet) -> list[Problem]:
    counts = Counter(header)
    missing = [
        column
        for column in sheet.columns
        if column not in counts and column not in sheet.optional_columns | sheet.as_shipped
    ]
    advice = f"columns are {', '.join(sheet.columns)}"
    nameless = [place for place, name in enumerate(header, start=1) if not name.strip()]
    problems = [_nameless(place, header, sheet) for place in nameless[:NAMED_FAULTS]]
    problems += rest_of(nameless, "more column", "without a name", sheet.file, advice)
    unknown = [
        name
        for name in counts
        if name.strip() and name not in sheet.kinds and not _is_own(name, counts, sheet)
    ]
    for name in unknown[:NAMED_FAULTS]:
        right = nearest(name, missing or sheet.columns) + advice
        problems.append(Problem(sheet.file, "no such column in this sheet", right, 1, name, name))
    problems += rest_of(unknown, "more column", "that this sheet does not have", sheet.file, advice)
    problems += _repeated({name: n for name, n in counts.items() if n > 1 and name.strip()}, sheet)
    problems += [
        Problem(sheet.file, "this column is missing", f"a column {name} in row 1", 1, name)
        for name in missing
    ]
    return problems


def _is_own(name: str, header: Collection[str], sheet: Sheet) -> bool:
    """Whether a column is the team's own: it is not like one that the sheet could have here."""
    absent = [_plain(column) for column in sheet.columns if column not in header]
    is_like = difflib.get_close_matches(_plain(name), absent, n=1, cutoff=MISSPELT)
    return sheet.takes_own_columns and len(name) <= LONGEST_NAME and not is_like


def _nameless(place: int, header: list[str], sheet: Sheet) -> Problem:
    return Problem(
        sheet.file,
        f"column {place} of {len(header)} has no name",
        "a name in every cell of row 1: delete the empty column",
        row=1,
        column=f"number {place}",
        value=header[place - 1],
    )


def _repeated(counts: Mapping[str, int], sheet: Sheet) -> list[Problem]:
    """One problem for all columns of which the header has several: a header pasted twice is one."""
    if not counts:
        return []
    several = [f"{shorten(name)} {n} times" for name, n in counts.items()]
    more = f" and {len(several) - NAMED_FAULTS:,} more" if len(several) > NAMED_FAULTS else ""
    first = next(iter(counts))
    return [
        Problem(
            sheet.file,
            f"columns that stand several times in the header: {', '.join(several[:NAMED_FAULTS])}"
            f"{more}",
            "each column once",
            row=1,
            column=first,
            value=first,
        )
    ]


def _row_problems(table: Table, sheet: Sheet, *, has_header: bool) -> list[Problem]:
    """Problems of the rows; their lengths are compared with a header that is right."""
    problems = []
    for row, cells in numbered_rows(table):
        text = "".join(cells)
        if not text or text.isspace():
            problems.append(
                Problem(
                    sheet.file,
                    "an empty row between data rows",
                    "delete the row",
                    row,
                    table.header[0] if table.header else None,
                    "",
                )
            )
        elif len(cells) != len(table.header) and has_header:
            problems.append(_wrong_length(table, cells, row, sheet))
        if len(text) > LONGEST_CELL or "\x00" in text:
            for index, cell in enumerate(cells):
                problems += _cell_problems(table.header, index, cell, row, sheet)
    return problems


def _wrong_length(table: Table, cells: list[str], row: int, sheet: Sheet) -> Problem:
    header = table.header
    separator = f"the separator ({table.dialect})" if table.dialect else "a comma"
    right = f"{len(header)} cells, as in the header; a cell that holds {separator} stands in quotes"
    if len(cells) < len(header):
        column, value, word = header[len(cells)], ",".join(cells), "only "
    else:
        column, value, word = f"after {header[-1]}", cells[len(header)], ""
    return Problem(
        sheet.file, f"this row has {word}{plural(len(cells), 'cell')}", right, row, column, value
    )


def _cell_problems(
    header: list[str], index: int, cell: str, row: int, sheet: Sheet
) -> list[Problem]:
    problems = []
    column = header[index] if index < len(header) else f"number {index + 1}"
    if len(cell) > LONGEST_CELL:
        problem = f"this cell has {len(cell):,} characters"
        right = f"at most {LONGEST_CELL:,} characters; or a quote above is not closed"
        problems.append(Problem(sheet.file, problem, right, row, column, cell))
    if "\x00" in cell:
        problems.append(
            Problem(
                sheet.file,
                "this cell holds a NUL character",
                "text without NUL characters",
                row,
                column,
                cell,
            )
        )
    return problems


def _rows_not_shipped(table: Table, sheet: Sheet) -> list[Problem]:
    """Ask for a column that could be taken from the shipped rows but for these ones."""
    known = shipped_cells(sheet) if sheet.as_shipped - set(table.header) else {}
    return [
        Problem(
            sheet.file,
            "this column is missing, and no row that ships has this code to take it from",
            f"a column {name} in row 1, with a value in each row",
            number,
            name,
            ", ".join(key),
        )
        for name in sheet.columns
        if name in sheet.as_shipped and name not in table.header
        for number, key in zip(table.numbers(), keys_of(sheet, table), strict=True)
        if key not in known
    ]


def _with_optional_columns(table: Table, sheet: Sheet) -> Table:
    """The table with each optional column that it lacks: empty, or the same as another."""
    missing = [name for name in sheet.columns if name not in table.header]
    if not missing:
        return table
    rows = Rows(_with_cells(row, table.header, missing, sheet) for row in table.rows)
    return replace(table, header=table.header + missing, rows=rows, lacking=tuple(missing))


def _with_cells(
    row: list[str], header: Sequence[str], missing: Sequence[str], sheet: Sheet
) -> list[str]:
    cells = dict(zip(header, row, strict=True)) if sheet.same_as else {}
    return row + [_stand_in_cell(cells, sheet.same_as.get(name)) for name in missing]


def _stand_in_cell(cells: Mapping[str, str], same_as: SameAs | None) -> str:
    return same_as.value(cells) if same_as else ""
