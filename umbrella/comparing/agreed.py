"""The sheets that two readers agree on, with both readings and every decision in their places.

The first reader's sheets are the ground. What the second found stands in the sheets of the second
extraction, and of ratings as those of rater 2, so that the warehouse compares the readings as they
were. A decision goes where the warehouse looks for it: into `adjudications` for the fields that it
takes, as a final rating, or else into the cell itself, with a row of `corrections` that keeps what
stood there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from umbrella.comparing.agreement import FOUND, NOT_FOUND, ONLY_FIRST, ONLY_SECOND, RESOLVED
from umbrella.comparing.comparison import META_ANALYSES, META_ANALYSIS, Comparison, Difference
from umbrella.comparing.decisions import (
    FIRST,
    SECOND,
    Decision,
    Decisions,
    choice_of,
    deciders,
    value_of,
)
from umbrella.comparing.matching import Pair, plain
from umbrella.comparing.readers import RATER, Row
from umbrella.errors import UmbrellaError
from umbrella.outlining.implied import extraction_of
from umbrella.sheets.contract import Sheet
from umbrella.sheets.presets import VOCABULARY
from umbrella.sheets.reading import Table
from umbrella.sheets.rows import Rows
from umbrella.text import one_case

ADJUDICATIONS, CORRECTIONS = "adjudications", "corrections"
EFFECTS = "reported_effects"
COMPARATOR, COMPARATOR_CLASS = "comparator", "comparator_class"
TRIAL_IDS = ("study_id", "study_id_a", "study_id_b")
SECOND_READINGS = {EFFECTS: "second_extraction", "reported_rates": "second_extraction_rates"}
RATERS = ("1", "2")
FINAL = "final"
NOT_RECORDED = "not recorded"
READERS = {FIRST: "first reader", SECOND: "second reader"}
"""Whose word a value is that is taken because nobody decided, as adjudications say it."""

Cells = dict[str, str]


@dataclass
class _Sheets:
    """The rows of the agreed sheets, as they grow."""

    comparison: Comparison
    decisions: Decisions
    contract: Mapping[str, Sheet]
    class_of: Callable[[str], str]
    trials: Mapping[str, str]
    rows: dict[str, list[Cells]] = field(default_factory=dict)
    corrected: dict[tuple[str, str, str], Cells] = field(default_factory=dict)


def agreed_sheets(comparison: Comparison, decisions: Decisions) -> dict[str, Table]:
    """The sheets by name: those that are compared, and those that hold readings and decisions.

    Differences without a decision stay as the first reader has them. Raises UmbrellaError where a
    reader's sheets hold a second reading already, and where a row is kept whose meta-analysis or
    effect is not.
    """
    contract = {sheet.name: sheet for sheet in comparison.readers[0].result.tables}
    _require_one_reading(comparison, contract)
    sheets = _Sheets(comparison, decisions, contract, _classes(comparison), _trials(comparison))
    sheets.corrected = {
        (row["sheet"], row["row_id"], row["column_name"]): row
        for row in comparison.readers[0].cells(CORRECTIONS)
    }
    for name in comparison.sheets:
        rated = _is_rated(comparison, name)
        sheets.rows[name] = list(_ratings(sheets, name) if rated else _rows(sheets, name))
    sheets.rows[ADJUDICATIONS] = list(_adjudications(sheets))
    for name, second in SECOND_READINGS.items():
        sheets.rows[second] = list(_second_readings(sheets, name, contract[second]))
    sheets.rows[CORRECTIONS] = list(sheets.corrected.values())
    _require_referred(sheets)
    return {name: _as_table(contract[name], rows) for name, rows in sheets.rows.items()}


def added_codes(comparison: Comparison) -> dict[str, list[Cells]]:
    """Rows of vocabularies with codes that the second reader alone has, by sheet."""
    first, second = comparison.readers
    added = {}
    for sheet in first.result.tables:
        if sheet.folder == VOCABULARY:
            known = {row["code"] for row in first.cells(sheet.name)}
            if new := [row for row in second.cells(sheet.name) if row["code"] not in known]:
                added[sheet.name] = new
    return added


def codes_of(comparison: Comparison) -> dict[str, list[str]]:
    """The codes of both readers by vocabulary."""
    first, added = comparison.readers[0], added_codes(comparison)
    return {
        sheet.name: [row["code"] for row in [*first.cells(sheet.name), *added.get(sheet.name, [])]]
        for sheet in first.result.tables
        if sheet.folder == VOCABULARY
    }


def with_rows(table: Table, rows: Sequence[Cells]) -> Table:
    """A table with further rows below its own."""
    more = [[row.get(name, "") for name in table.header] for row in rows]
    return Table(table.header, Rows([*table.rows, *more]))


def _require_one_reading(comparison: Comparison, contract: Mapping[str, Sheet]) -> None:
    for reader in comparison.readers:
        tables = {sheet.name: table for sheet, table in reader.result.tables.items()}
        for name in (*SECOND_READINGS.values(), ADJUDICATIONS):
            if tables[name].rows:
                raise UmbrellaError(
                    f"{reader.path}, {contract[name].file}: there are rows already, and nothing "
                    "was written. The agreed workbook gets this sheet from the comparison: give "
                    "each reader's own sheets, without it."
                )


def _is_rated(comparison: Comparison, name: str) -> bool:
    return RATER in comparison.sheets[name].key and RATER not in comparison.keys[name]


def _as_table(sheet: Sheet, rows: Sequence[Cells]) -> Table:
    own = [name for row in rows for name in row if name not in sheet.columns]
    header = [*sheet.columns, *dict.fromkeys(own)]
    return Table(header, Rows([[row.get(name, "") for name in header] for row in rows]))


def _by_row(sheets: _Sheets, name: str) -> dict[int, list[Difference]]:
    """The decided differences of a sheet by row object: the first reader's, if it is there."""
    found: dict[int, list[Difference]] = {}
    for one in sheets.comparison.differences:
        if one.sheet == name and _choice(sheets, one):
            found.setdefault(id(one.first_row or one.second_row), []).append(one)
    return found


def _choice(sheets: _Sheets, one: Difference) -> str:
    return choice_of(sheets.decisions.get(one.key, Decision()))


def _rows(sheets: _Sheets, name: str) -> Iterator[Cells]:
    """The rows of a sheet as agreed: what is settled in the cells is corrected in them."""
    matches, decided = sheets.comparison.matches[name], _by_row(sheets, name)
    left_out = _left_out(sheets)
    rows = [pair.first for pair in matches.pairs] + matches.only_first
    for row in sorted(rows, key=lambda row: row.number):
        of_row = decided.get(id(row), [])
        if any(one.is_row and _choice(sheets, one) != FIRST for one in of_row):
            continue
        if row.cells.get(META_ANALYSIS) in left_out and name != META_ANALYSES:
            continue
        cells = dict(row.cells)
        for one in of_row:
            if not one.is_row and not _is_adjudicated(sheets, one):
                cells[one.column] = _settle(sheets, one)
        yield cells
    for row in matches.only_second:
        if _is_taken_over(sheets, name, row, decided.get(id(row), [])):
            yield _renamed(sheets, name, row)


def _left_out(sheets: _Sheets) -> set[str]:
    """Meta-analyses of the first reader alone that were decided against, with all their rows."""
    return {
        one.first_name
        for one in sheets.comparison.differences
        if one.is_row
        and one.sheet == META_ANALYSES
        and one.kind == ONLY_FIRST
        and _choice(sheets, one) not in ("", FIRST)
    }


def _is_taken_over(sheets: _Sheets, name: str, row: Row, of_row: Sequence[Difference]) -> bool:
    """Whether a row of the second reader alone is in: by itself, or with its meta-analysis."""
    if of_row:
        return _choice(sheets, of_row[0]) != FIRST
    return name != META_ANALYSES and row.cells.get(META_ANALYSIS) in _taken_over(sheets)


def _taken_over(sheets: _Sheets) -> set[str]:
    """Meta-analyses of the second reader alone that were decided for, with all their rows."""
    names = sheets.comparison.names[f"{META_ANALYSES}.{META_ANALYSIS}"]
    return {
        names[one.second_name]
        for one in sheets.comparison.differences
        if one.is_row
        and one.sheet == META_ANALYSES
        and one.kind == ONLY_SECOND
        and _choice(sheets, one) not in ("", FIRST)
    }


def _renamed(sheets: _Sheets, name: str, row: Row) -> Cells:
    """A row of the second reader, under a name that no row of the first has."""
    key = sheets.comparison.sheets[name].key[0]
    names = sheets.comparison.names.get(f"{name}.{key}", {})
    cells = _with_trials(sheets, name, row.cells)
    return {**cells, key: names.get(row.name, cells[key])}


def _with_trials(sheets: _Sheets, name: str, cells: Mapping[str, str]) -> Cells:
    """A row with the first reader's names of its trials, by which overlap is counted."""
    found = dict(cells)
    for column in TRIAL_IDS:
        if cells.get(column):
            found[column] = sheets.trials.get(plain(cells[column]), cells[column])
    key = sheets.contract[name].key
    ours = sheets.comparison.readers[0].rows[name] if found != cells else []
    is_taken = any(all(row.cells[n] == found[n] for n in key) for row in ours)
    return dict(cells) if is_taken else found


def _trials(comparison: Comparison) -> dict[str, str]:
    """The first reader's names of trials by those of either reader, without blanks and signs."""
    found: dict[str, set[str]] = {}
    for matches in comparison.matches.values():
        for pair in matches.pairs:
            for name in TRIAL_IDS:
                if ours := pair.first.cells.get(name):
                    found.setdefault(plain(pair.second.cells[name]), set()).add(ours)
    for name in comparison.sheets:
        for row in comparison.readers[0].rows[name]:
            for ours in filter(None, map(row.cells.get, TRIAL_IDS)):
                found.setdefault(plain(ours), set()).add(ours)
    return {theirs: min(ours) for theirs, ours in found.items() if len(ours) == 1}


def _is_adjudicated(sheets: _Sheets, one: Difference) -> bool:
    """Whether the sheet of adjudications takes a decision: it has no empty values."""
    fields = sheets.contract[ADJUDICATIONS].kinds["field"].allowed
    decision = sheets.decisions[one.key]
    is_taken = one.sheet == EFFECTS and one.column in fields
    return is_taken and value_of(sheets.comparison, one, decision) != ""


def _settle(sheets: _Sheets, one: Difference) -> str:
    """The value of a cell, noted among the corrections where they take the sheet."""
    decision = sheets.decisions[one.key]
    value = value_of(sheets.comparison, one, decision)
    contract = sheets.contract[CORRECTIONS]
    if one.sheet in contract.kinds["sheet"].allowed:
        key = one.sheet, one.first_name, one.column
        before = sheets.corrected.get(key, {})
        reasons = (before.get("reason"), _reason(sheets, one, decision))
        sheets.corrected[key] = {
            "sheet": one.sheet,
            "row_id": one.first_name,
            "column_name": one.column,
            "old_value": before.get("old_value", one.first_value),
            "new_value": value,
            "reason": "; ".join(filter(None, reasons)),
            "source_locator": one.source or NOT_RECORDED,
        }
    return value


def _reason(sheets: _Sheets, one: Difference, decision: Decision) -> str:
    """The reason, what it was decided between, and by whom."""
    first, second = (value or "an empty cell" for value in (one.first_value, one.second_value))
    by = ", ".join(filter(None, (decision.decided_by, decision.name)))
    said = [decision.reason, f"reader 1 had {first}, reader 2 {second}", by and f"decided by {by}"]
    return "; ".join(filter(None, said))


def _adjudications(sheets: _Sheets) -> Iterator[Cells]:
    people = deciders(sheets.comparison)
    for one in sheets.comparison.differences:
        if one.is_row or not _choice(sheets, one) or not _is_adjudicated(sheets, one):
            continue
        decision = sheets.decisions[one.key]
        row = {
            "effect_id": one.first_name,
            "field": one.column,
            "first_value": one.first_value,
            "second_value": one.second_value,
            "adjudicated_value": value_of(sheets.comparison, one, decision),
            "basis": one.source or NOT_RECORDED,
            "reason": "; ".join(filter(None, (decision.reason, decision.name))),
            "decided_by": people.get(one_case(decision.decided_by), ""),
        }
        yield row
        if one.column == COMPARATOR:
            yield from _class_row(sheets, row)


def _class_row(sheets: _Sheets, row: Cells) -> Iterator[Cells]:
    """The decision about the class of a comparator that follows from that about its code."""
    of = sheets.class_of
    values = ("first_value", "second_value", "adjudicated_value")
    classes = {name: of(row[name]) if row[name] else "" for name in values}
    if classes["first_value"] != classes["second_value"]:
        yield {**row, "field": COMPARATOR_CLASS, **classes}


def _classes(comparison: Comparison) -> Callable[[str], str]:
    """The class of comparators, by the codes of both readers."""
    extraction, added = extraction_of(comparison.readers[0].result), added_codes(comparison)
    codes = {name: [*rows, *added.get(name, [])] for name, rows in extraction.sheets.items()}
    return replace(extraction, sheets=codes).comparator_class


def _second_readings(sheets: _Sheets, name: str, second: Sheet) -> Iterator[Cells]:
    """What the second reader has in the rows of the first; without a row, that it was not found."""
    matches, left_out = sheets.comparison.matches[name], _left_out(sheets)
    kept = {row[second.key[0]] for row in sheets.rows[name]}
    found: dict[str, Pair] = {pair.first.name: pair for pair in matches.pairs}
    alone = {row.name for row in matches.only_first if row.cells[META_ANALYSIS] not in left_out}
    for row in sheets.rows[name]:
        row_id = row[second.key[0]]
        if row_id in found:
            pair = found[row_id]
            theirs = {n: cell for n, cell in pair.second.cells.items() if n in second.columns}
            if COMPARATOR_CLASS in second.columns:
                theirs[COMPARATOR_CLASS] = sheets.class_of(pair.second.cells[COMPARATOR])
            how = FOUND if pair.is_sure else RESOLVED
            yield {**theirs, second.key[0]: row_id, "found": how}
        elif row_id in alone & kept:
            yield {second.key[0]: row_id, "found": NOT_FOUND}


def _ratings(sheets: _Sheets, name: str) -> Iterator[Cells]:
    """The answers of rater 1 and rater 2, and the final one of those that were decided."""
    matches, decided = sheets.comparison.matches[name], _by_row(sheets, name)
    left_out = _left_out(sheets)
    for pair in matches.pairs:
        common = {n: pair.first.cells[n] for n in sheets.comparison.keys[name]}
        yield {**pair.first.cells, RATER: RATERS[0]}
        yield {**pair.second.cells, **common, RATER: RATERS[1]}
        if of_row := decided.get(id(pair.first)):
            values = {
                one.column: value_of(sheets.comparison, one, sheets.decisions[one.key])
                for one in of_row
            }
            reasons = [_reason(sheets, one, sheets.decisions[one.key]) for one in of_row]
            said = {"notes": "; ".join(reasons)} if "notes" in pair.first.cells else {}
            yield {**pair.first.cells, **values, **said, RATER: FINAL}
    for row in matches.only_first:
        of_row = decided.get(id(row), [])
        is_kept = all(_choice(sheets, one) == FIRST for one in of_row)
        if is_kept and row.cells.get(META_ANALYSIS) not in left_out:
            yield {**row.cells, RATER: RATERS[0]}
    for row in matches.only_second:
        if _is_taken_over(sheets, name, row, decided.get(id(row), [])):
            yield {**_renamed(sheets, name, row), RATER: RATERS[1]}


def _require_referred(sheets: _Sheets) -> None:
    """Raise UmbrellaError where a row is kept that names a meta-analysis or effect that is not."""
    for name in sheets.comparison.sheets:
        for column, described in sheets.contract[name].kinds.items():
            other, _, key = described.references.partition(".")
            if other not in sheets.comparison.sheets:
                continue
            known = {row[key] for row in sheets.rows[other]}
            for row in sheets.rows[name]:
                if row[column] and row[column] not in known:
                    raise UmbrellaError(
                        f"{name}, column {column}: a row of {row[column]} is to stay, and "
                        f"{row[column]} in {other} is not. Nothing was written. Right: both "
                        "decided alike."
                    )


def undecided_as(comparison: Comparison, decisions: Decisions, choice: str) -> Decisions:
    """The decisions, and for each open difference that it goes as one reader has it.

    What stays as the first reader has it is left open, but for ratings, of which one must count:
    the warehouse goes on to say that nobody decided.
    """
    who = Decision(
        choice=choice,
        reason=f"not decided: taken as {choice.lower()} has it",
        decided_by=READERS[choice],
    )
    taken = {
        one.key: who
        for one in comparison.differences
        if not choice_of(decisions.get(one.key, Decision()))
        and (choice != FIRST or _is_rated(comparison, one.sheet))
    }
    return {**decisions, **taken}
