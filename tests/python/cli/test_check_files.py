"""`umbrella check` names sheet, row, column and value of everything that is wrong with a file."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from umbrella.commands.check import check_folder

SHEET = "extraction/reported_rates.csv"
NEEDED_ROWS = (
    "extraction/meta_analyses.csv",
    "extraction/reported_effects.csv",
    "protocol/analyses.csv",
    "protocol/policies.csv",
    "vocabulary/conditions.csv",
)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def write(path: Path, lines: list[str], newline: str = "\n") -> None:
    path.write_bytes((newline.join(lines) + newline).encode())


def with_cell(row: str, column: str, value: str) -> Callable[[list[str]], list[str]]:
    """Change one cell of a sheet that has no quotes; `row` as a spreadsheet counts."""

    def change(lines: list[str]) -> list[str]:
        index = lines[0].split(",").index(column)
        cells = lines[int(row) - 1].split(",")
        cells[index] = value
        return [*lines[: int(row) - 1], ",".join(cells), *lines[int(row) :]]

    return change


def with_header(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [lines[0].replace(old, new), *lines[1:]]


def plain_rate(rate: str) -> str:
    """A row of reported_rates that needs no quotes."""
    return f"{rate},Example2020,depression,dropout,,intervention" + "," * 19


@pytest.fixture
def rates(sheets: Path) -> Path:
    """The rates sheet with three plain rows."""
    path = sheets / SHEET
    header = lines_of(path)[0]
    write(path, [header, plain_rate("R1"), plain_rate("R2"), plain_rate("R3")])
    return path


def test_the_shipped_sheets_have_no_problem(invoke, sheets):
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    assert "No problem found" in result.stdout
    assert "extraction/reported_effects.csv" in result.stdout


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            with_cell("3", "definition", "x" * 20_001),
            ["row 3", "column definition", "'xxxxx", "20,001 characters", "at most 20,000"],
            id="cell longer than the limit",
        ),
        pytest.param(
            with_cell("4", "notes", "m" * 1_048_576),
            ["row 4", "column notes", "'mmmmm", "1,048,576 characters"],
            id="cell of a megabyte",
        ),
        pytest.param(
            with_cell("2", "arm", "inter\0vention"),
            ["row 2", "column arm", r"'inter\x00vention'", "NUL"],
            id="NUL character",
        ),
        pytest.param(
            with_cell("3", "definition", '"left open'),
            ["row 3", "column definition", "'\"left open", "never closed"],
            id="quote never closed",
        ),
        pytest.param(
            with_cell("2", "outcome", '"drop"out'),
            ["row 2", "column outcome", '\'"drop"out', "follows the closing quote"],
            id="text after a closing quote",
        ),
        pytest.param(
            with_cell("4", "arm", "one,two"),
            ["row 4", "column after person_time", "value ''", "26 cells", "25 cells, as in"],
            id="too many cells",
        ),
        pytest.param(
            lambda lines: [*lines[:2], "R2,Example2020,depression", lines[3]],
            ["row 3", "column outcome", "'R2,Example2020,depression'", "only 3 cells"],
            id="too few cells",
        ),
        pytest.param(
            lambda lines: [*lines[:2], ",,,", "", lines[3]],
            ["row 3", "row 4", "column rate_id", "value ''", "empty row"],
            id="empty rows between data rows",
        ),
        pytest.param(
            with_header("outcome", "outcom"),
            ["row 1", "column outcom", "'outcom'", "did you mean outcome?", "column is missing"],
            id="misspelt column",
        ),
        pytest.param(
            with_header("rate_id", "Rate ID"),
            ["row 1", "column Rate ID", "'Rate ID'", "did you mean rate_id?"],
            id="column named for people",
        ),
        pytest.param(
            with_header("outcome", "arm"),
            ["row 1", "column arm", "'arm'", "2 times", "column outcome", "missing"],
            id="duplicate column",
        ),
        pytest.param(
            lambda lines: [line + "," for line in lines],
            ["row 1", "column number 26", "value ''", "no name"],
            id="column without a name",
        ),
        pytest.param(
            lambda lines: [line.replace(",", ";") for line in lines[:2]] + ["a;b"],
            ["row 3", "only 2 cells", "the separator (cells separated by semicolons)"],
            id="semicolons, and a row that is too short",
        ),
        pytest.param(
            lambda lines: [lines[0].replace(",", ";", 3), *lines[1:]],
            ["row 1", "can be read in several ways", "by commas: ", "by semicolons: 4 columns"],
            id="commas and semicolons",
        ),
    ],
)
def test_a_problem_is_named_with_its_place(invoke, sheets, rates, change, expected):
    write(rates, change(lines_of(rates)))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert SHEET in result.stderr
    for words in expected:
        assert words in result.stderr
    assert "Traceback" not in result.output
    assert max(map(len, result.stderr.splitlines())) < 2_000


def test_a_byte_that_is_not_utf8_is_named_with_its_offset(invoke, sheets, rates):
    raw = rates.read_bytes().replace(b"Example2020,depression,dropout,", b"M\xfcller2020,x,y,z", 2)
    raw = raw.replace(b"M\xfcller", "Müller".encode(), 1)
    rates.write_bytes(raw)
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    offset = raw.index(b"M\xfcller") + 1
    for words in (SHEET, "row 3", "column meta_analysis_id", "'Müller2020'", "0xfc", f"{offset:,}"):
        assert words in result.stderr
    assert "CSV UTF-8" in result.stderr


def test_a_byte_order_mark_does_not_move_the_offset(invoke, sheets, rates):
    raw = b"\xef\xbb\xbf" + rates.read_bytes().replace(b"R2", b"R\xe9")
    rates.write_bytes(raw)
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert f"byte offset {raw.index(b'R' + bytes([0xE9])) + 1:,}" in result.stderr
    assert "row 3, column rate_id, value 'Ré'" in result.stderr


def test_utf16_with_its_mark_is_read_and_told(invoke, sheets, rates):
    rates.write_bytes(rates.read_text(encoding="utf-8").encode("utf-16"))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    assert f"{SHEET}: UTF-16 text" in result.stderr


def test_a_workbook_in_place_of_a_sheet_is_named(invoke, sheets, rates):
    rates.rename(rates.with_suffix(".xlsx"))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert "'reported_rates.xlsx' there is a workbook: save its worksheet as CSV" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_read_and_told(invoke, sheets, rates, encoding):
    rates.write_bytes(rates.read_text(encoding="utf-8").encode(encoding))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    assert f"{SHEET}: UTF-16 text" in result.stderr


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"M\xfcller 1\x962", "Windows-1252 or Windows-1250 text"),
        (b"I\xb2 \xb1 \xc5\xbf", None),
        (b"M\x9fller 0.3\xd00.5", "Mac Roman text"),
        (b"Nu\xf1ez", "'Nuñez' (Windows-1252) or 'Nuńez' (Windows-1250)"),
        (b"Hagstr\xf6m\x92s", "Windows-1252 or Windows-1250 text"),
        (b"\xc9 1", "'É' (Windows-1252 or Windows-1250) or '…' (Mac Roman)"),
        (b"\xe0 Rotterdam", "Windows-1252 text"),
        (b"\xe1 Praha", "'á' (Windows-1252 or Windows-1250) or '·' (Mac Roman)"),
        (b"1 \x96 2", "Windows-1252 or Windows-1250 text"),
        (b"a \x97 b", "'—' (Windows-1252 or Windows-1250) or 'ó' (Mac Roman)"),
    ],
)
def test_a_single_byte_encoding_is_read_where_it_makes_one_text(invoke, sheets, rates, raw, told):
    rates.write_bytes(rates.read_bytes().replace(b"R1", raw, 1))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    is_read = told is not None and told.endswith(" text")
    assert result.exit_code == (0 if is_read else 1), result.stderr
    assert "not UTF-8" in result.stderr or is_read
    assert (told or SHEET) in " ".join(result.stderr.split())


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_any_line_end_are_accepted(invoke, sheets, rates, newline):
    write(rates, lines_of(rates), newline)
    rates.write_bytes(b"\xef\xbb\xbf" + rates.read_bytes())
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr


def test_mixed_line_ends_and_rows_left_empty_at_the_end_are_accepted(invoke, sheets, rates):
    header, *rows = lines_of(rates)
    text = header + "\r\n" + "\n".join(rows) + "\n" + "," * 24 + "\n\n\n"
    rates.write_bytes(text.encode())
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr


def test_a_quoted_line_break_does_not_move_the_row_numbers(invoke, sheets, rates):
    header, first, second, third = lines_of(rates)
    broken = first.replace("R1,", '"R1\nsecond line",')
    write(rates, [header, broken, second, third + ",extra"])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert "row 4, column after person_time, value 'extra'" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named(invoke, sheets, rates, content):
    rates.write_bytes(content)
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert f"{SHEET}: 1 problem" in result.stderr
    assert "the file is empty" in result.stderr


@pytest.mark.parametrize("name", NEEDED_ROWS)
def test_a_sheet_that_needs_rows_must_have_them(invoke, sheets, name):
    path = sheets / name
    write(path, lines_of(path)[:1])
    for other in ("primary_studies", "reported_rates"):
        rows = sheets / "extraction" / f"{other}.csv"
        write(rows, lines_of(rows)[:1])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert f"{name}: 1 problem" in result.stderr
    assert "no data rows" in result.stderr


def test_trials_stand_in_for_reported_effects(invoke, sheets):
    path = sheets / "extraction" / "reported_effects.csv"
    write(path, lines_of(path)[:1])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr


def test_optional_sheets_and_columns_may_be_missing(invoke, sheets):
    """A folder made before they existed: the shipped rules stand in, the columns are empty."""
    (sheets / "protocol" / "trial_rules.csv").unlink()
    path = sheets / "extraction" / "primary_studies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = rows[0].index("timepoint")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row[:kept] for row in rows)
    checked = check_folder(sheets)
    assert checked.problems == []
    tables = {sheet.name: table for sheet, table in checked.tables.items()}
    assert len(tables["trial_rules"].rows) == 7
    assert tables["primary_studies"].header == rows[0]
    assert tables["primary_studies"].rows[0] == rows[1]


def drop_columns(path: Path, *names: str) -> list[dict[str, str]]:
    """Take columns out of a sheet; its rows as they were."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        kept = [name for name in rows[0] if name not in names]
        writer = csv.DictWriter(file, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return rows


@pytest.mark.parametrize(
    ("sheet", "names"),
    [("scales", ("measure_family", "ratio", "decimals")), ("conversions", ("role",))],
)
def test_a_column_that_is_new_is_taken_from_the_rows_that_ship(invoke, sheets, sheet, names):
    path = sheets / "protocol" / f"{sheet}.csv"
    rows = drop_columns(path, *names)
    lines = lines_of(path)
    write(path, [lines[0], *reversed(lines[1:])])
    checked = check_folder(sheets)
    assert checked.problems == []
    table = next(table for one, table in checked.as_read().items() if one.name == sheet)
    found = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert found == rows[::-1]
    told = " ".join(invoke("check", "--no-rows", "--sheets", sheets).stderr.split())
    for name in names:
        assert f"{sheet}.csv, column {name}: a column that this sheet lacks, taken from" in told


def test_a_new_column_is_asked_for_where_no_row_ships_that_has_the_code(invoke, sheets):
    path = sheets / "protocol" / "conversions.csv"
    drop_columns(path, "role")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\np_bound_to_se,", "\nown_way,"), encoding="utf-8")
    checked = check_folder(sheets)
    [problem] = checked.problems
    assert (problem.row, problem.column, problem.value) == (8, "role", "own_way")
    told = invoke("check", "--no-rows", "--sheets", sheets)
    assert told.exit_code == 1
    assert "no row that ships has this code" in " ".join(told.stderr.split())


def test_without_roles_a_code_is_its_own_role(sheets):
    """A vocabulary made before the column existed; a code that is no role has none."""
    path = sheets / "vocabulary" / "guidances.csv"
    write(path, ["code,label,definition", "guided,Helped,", "mixed,Both,", "alone,Not helped,"])
    checked = check_folder(sheets)
    table = next(table for sheet, table in checked.tables.items() if sheet.name == "guidances")
    roles = {row[0]: row[table.header.index("role")] for row in table.rows}
    assert roles == {"guided": "guided", "mixed": "mixed", "alone": ""}


def test_a_misnamed_optional_sheet_is_not_taken_for_missing(invoke, sheets):
    (sheets / "protocol" / "trial_rules.csv").rename(sheets / "protocol" / "trial_rule.csv")
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert "rename it?" in result.stderr


def test_other_sheets_may_have_only_their_header(invoke, sheets):
    for name in ("trial_aliases", "adjudications", "second_extraction", "reported_rates"):
        path = sheets / "extraction" / f"{name}.csv"
        write(path, lines_of(path)[:1])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr


def test_a_missing_sheet_is_named_with_its_look_alike(invoke, sheets, rates):
    rates.rename(rates.with_name("Reported_Rates.CSV"))
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert f"{SHEET}: 1 problem" in result.stderr
    assert "this sheet is missing" in result.stderr
    assert "'Reported_Rates.CSV': rename it?" in result.stderr


def test_another_sheet_is_no_look_alike_of_a_missing_one(invoke, sheets, rates):
    rates.unlink()
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert "this sheet is missing" in result.stderr
    assert "rename it?" not in result.stderr


def test_a_missing_folder_is_named_once(invoke, sheets):
    (sheets / "vocabulary").rename(sheets / "vocabularies")
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert "vocabulary/: 1 problem" in result.stderr
    assert "conditions.csv" in result.stderr


def test_a_folder_of_sheets_that_does_not_exist_is_named(invoke, tmp_path):
    result = invoke("check", "--no-rows", "--sheets", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert str(tmp_path / "nowhere") in result.stderr
    assert "umbrella new" in result.stderr


def test_a_csv_file_that_is_no_sheet_is_named(invoke, sheets, rates):
    (sheets / "extraction" / "reported_rate.csv").write_text("a\n")
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert "extraction/reported_rate.csv: 1 problem" in result.stderr
    assert "did you mean extraction/reported_rates.csv?" in result.stderr


def test_a_file_that_cannot_be_read_is_named(invoke, sheets, rates):
    rates.unlink()
    rates.mkdir()
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert SHEET in result.stderr
    assert "cannot be read" in result.stderr


def test_a_link_to_nothing_is_named(invoke, sheets, rates):
    rates.unlink()
    rates.symlink_to("gone.csv")
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_many_problems_are_counted_and_the_first_are_shown(invoke, sheets, rates):
    header = lines_of(rates)[0]
    write(rates, [header, *(f"R{number},too,short" for number in range(500))])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert f"{SHEET}: 500 problems" in result.stderr
    assert "and 480 more problems" in result.stderr
    assert len(result.stderr.splitlines()) < 60


def test_problems_of_several_sheets_are_all_shown(invoke, sheets, rates):
    rates.write_bytes(b"")
    (sheets / "vocabulary" / "therapies.csv").write_bytes(b"code;label;definition\n")
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert SHEET in result.stderr
    assert "vocabulary/therapies.csv" in result.stderr
    assert "2 problems in 2 sheets" in result.stderr
    assert rates.read_bytes() == b""


def test_sheets_come_from_the_environment_too(invoke, sheets, rates, monkeypatch):
    rates.write_bytes(b"")
    monkeypatch.setenv("UMBRELLA_SHEETS", str(sheets))
    assert invoke("check").exit_code == 1


def test_what_is_read_as_something_else_is_shown_by_column(invoke, sheets, rates):
    with rates.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        row[header.index("percent")] = "12,5"
    with rates.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    result = invoke("check", "--no-rows", "--sheets", sheets)
    assert result.exit_code == 0, result.stderr
    told = " ".join(result.stderr.split())
    cells = f"{len(rows)} cell{'s' * (len(rows) > 1)}"
    assert f"{SHEET}, column percent: decimal commas in {cells} (row 2: '12,5' as 12.5)" in told
