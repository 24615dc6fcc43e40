"""A review in one workbook: made empty, filled, checked, built; nothing lost on the way."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.cli.conftest import digest
from umbrella.books.template import LIST_ROWS, TO_FILL, write_template
from umbrella.commands.check import check_folder
from umbrella.outlining.implied import OUTLINED
from umbrella.project import project_dir
from umbrella.sheets.book import check_book
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract
from umbrella.sheets.examples import EXAMPLE, example_of
from umbrella.sheets.reading import Table
from umbrella.sheets.rows import Rows

EFFECTS = (
    ("Ames2015", -0.31, -0.50, -0.12),
    ("Bell2016", -0.25, -0.41, -0.09),
    ("Cole2018", -0.43, -0.64, -0.22),
    ("Dunn2019", -0.18, -0.35, -0.01),
    ("Eno2020", -0.52, -0.81, -0.23),
    ("Fox2021", -0.30, -0.42, -0.18),
)


def contract():
    return read_contract(project_dir())


@pytest.fixture(scope="module")
def empty(tmp_path_factory, invoke) -> Path:
    """A new workbook, as the command makes it."""
    path = tmp_path_factory.mktemp("new") / "review.xlsx"
    result = invoke("new", path)
    assert result.exit_code == 0, result.stderr
    return path


def places_of(page) -> dict[str, int]:
    """The columns of a worksheet by the name in its header."""
    return {str(cell.value): cell.column for cell in page[1] if cell.value is not None}


def type_in(page, first_row: int, rows: list[dict[str, object]]) -> int:
    """Type cells below the header, by the names of the columns; how many were typed."""
    places = places_of(page)
    for number, row in enumerate(rows, start=first_row):
        for name, value in row.items():
            page.cell(number, places[name]).value = value
    return sum(map(len, rows))


def fill(path: Path, target: Path, **changes) -> tuple[Path, int]:
    """Type six published meta-analyses into a workbook, and how many cells that took."""
    book = openpyxl.load_workbook(path)
    n_typed = type_in(book["conditions"], book["conditions"].max_row + 1, [
        {"code": "insomnia", "label": "Insomnia"}
    ])  # fmt: skip
    n_typed += type_in(book["meta_analyses"], 3, [{"meta_analysis_id": e[0]} for e in EFFECTS])
    n_typed += type_in(
        book["reported_effects"],
        3,
        [
            {
                "meta_analysis_id": name, "condition": "insomnia", "outcome": "severity",
                "measure": "smd", "estimate": estimate, "ci_low": low, "ci_high": high,
                "favourable_direction": "negative",
            }
            for name, estimate, low, high in EFFECTS
        ],
    )  # fmt: skip
    for change in changes.values():
        change(book)
    book.save(target)
    return target, n_typed


def rows_of(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def table_of(path: Path, name: str) -> Table:
    """A sheet as it is read from a workbook without problems."""
    result = check_book(path, contract(), project_dir())
    assert result.problems == []
    return next(table for sheet, table in result.as_read().items() if sheet.name == name)


def problems_of(path: Path) -> list[tuple[str, int | None, str | None, str]]:
    problems = check_book(path, contract(), project_dir()).problems
    return [(p.sheet, p.row, p.column, p.problem) for p in problems]


def test_a_new_workbook_says_what_belongs_where(empty):
    book = openpyxl.load_workbook(empty)
    assert book.sheetnames[0] == "start here"
    sheets = {sheet.name: sheet for sheet in contract()}
    vocabularies = [name for name, sheet in sheets.items() if sheet.folder == "vocabulary"]
    assert book.sheetnames[1:] == [*TO_FILL, *vocabularies]
    effects = book["reported_effects"]
    assert set(places_of(effects)) == set(sheets["reported_effects"].columns)
    assert all(cell.comment and cell.comment.text for cell in effects[1])
    lists = {str(rule.sqref): rule.formula1 for rule in effects.data_validations.dataValidation}
    measure = openpyxl.utils.get_column_letter(places_of(effects)["measure"])
    assert lists[f"{measure}2:{measure}{LIST_ROWS + 1}"] == f"measures!$A$2:$A${LIST_ROWS}"
    assert effects.freeze_panes == "B2"
    items = [str(number) for number in range(1, 17)]
    assert list(places_of(book["quality_ratings"]))[-16:] == items
    asked = book["quality_ratings"].cell(1, places_of(book["quality_ratings"])["3"]).comment.text
    assert "Comprehensive literature search" in asked


def test_an_existing_file_is_not_replaced(invoke, tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_text("mine")
    result = invoke("new", path)
    assert (result.exit_code, path.read_text()) == (1, "mine")
    assert f"{path} exists" in " ".join(result.stderr.split())


def test_examples_are_not_read_and_a_changed_one_is_a_problem(empty, tmp_path):
    path, _ = fill(empty, tmp_path / "a.xlsx")
    table = table_of(path, "reported_effects")
    assert EXAMPLE not in {row["meta_analysis_id"] for row in rows_of(table)}
    assert list(table.numbers()) == [3, 4, 5, 6, 7, 8]

    def change(book):
        type_in(book["reported_effects"], 2, [{"estimate": "-0.44"}])

    path, _ = fill(empty, tmp_path / "b.xlsx", change=change)
    assert problems_of(path) == [
        ("worksheet reported_effects", 2, "estimate",
         f"this row was changed and is still called {EXAMPLE}")
    ]  # fmt: skip


def test_every_example_is_of_the_kind_of_its_column():
    """An example that could not be typed so would teach the wrong thing."""
    examples = {sheet.name: example_of(sheet) for sheet in contract()}
    assert [name for name, cells in examples.items() if cells] == [
        "meta_analyses", "reported_effects", "reported_rates"
    ]  # fmt: skip
    for sheet in contract():
        for name, cell in examples[sheet.name].items():
            column = sheet.kinds[name]
            assert not column.allowed or cell in column.allowed
            if column.kind in ("number", "integer", "percent"):
                float(cell)
        needed = {
            name for name, column in sheet.kinds.items() if column.is_required and not column.usual
        }
        assert not examples[sheet.name] or needed <= set(examples[sheet.name])


def test_the_shipped_review_is_the_same_from_a_workbook(tmp_path, invoke):
    path = tmp_path / "shipped.xlsx"
    assert invoke("new", path, "--from", project_dir() / "seeds").exit_code == 0
    ours = check_sheets(project_dir() / "seeds", contract())
    theirs = check_book(path, contract(), project_dir())
    assert theirs.problems == []
    theirs_by_name = {sheet.name: table for sheet, table in theirs.as_read().items()}
    for sheet, table in ours.as_read().items():
        assert rows_of(theirs_by_name[sheet.name]) == rows_of(table), sheet.name
    numbers = {name: list(table.numbers()) for name, table in theirs_by_name.items()}
    assert numbers == {s.name: list(table.numbers()) for s, table in ours.tables.items()}
    # What ships is not copied.
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    assert {"policies", "grading_rules", "finding_rules"}.isdisjoint(names)


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp"))
ODD = (
    "=1+1",
    "-0.00",
    "0.50",
    "1e-5",
    "007",
    "1-2",
    "<0.001",
    "TRUE",
    "2024-05",
    "@x",
    "#N/A",
    "1234567890123456",
    "0.1234567890123456",
)
CELLS = st.one_of(
    st.text(LETTERS, max_size=8),
    st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", fullmatch=True),
    st.sampled_from(ODD),
)


@settings(max_examples=3, deadline=None)
@given(st.data())
def test_no_cell_is_lost_or_changed_on_the_way_through_a_workbook(tmp_path_factory, data):
    sheet = next(sheet for sheet in contract() if sheet.name == "meta_analyses")
    row_of_cells = st.lists(CELLS, min_size=len(sheet.columns), max_size=len(sheet.columns))
    rows = data.draw(st.lists(row_of_cells, min_size=25, max_size=40))
    typed = [[f"Ma{number}", *row[1:]] for number, row in enumerate(rows)]
    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    table = Table(list(sheet.columns), Rows(typed))
    write_template(path, contract(), {"meta_analyses": table}, project_dir())
    usual = {name: column.usual for name, column in sheet.kinds.items() if column.usual}
    read = check_book(path, contract(), project_dir()).tables
    found = next(table for sheet, table in read.items() if sheet.name == "meta_analyses")
    for ours, theirs in zip(rows_of(table), rows_of(found), strict=True):
        assert {n: c for n, c in theirs.items() if ours[n] or n not in usual} == {
            n: c for n, c in ours.items() if c or n not in usual
        }


def test_what_a_workbook_leaves_out_has_its_usual_value_and_is_told(empty, tmp_path, invoke):
    path, _ = fill(empty, tmp_path / "mine.xlsx")
    effects = rows_of(table_of(path, "reported_effects"))
    assert [row["effect_id"] for row in effects][:2] == ["Ames2015_01", "Bell2016_01"]
    told = {name: {row[name] for row in effects} for name in ("timepoint", "ci_level", "guidance")}
    assert told == {"timepoint": {"post"}, "ci_level": {"0.95"}, "guidance": {"unclear"}}
    result = invoke("check", path, "--no-rows")
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert "worksheet reported_effects: empty cells, taken as what is usual: effect_id" in said
    assert "worksheet analyses: empty, and taken as what the extraction asks for: 2 rows" in said


def test_some_confidence_levels_leave_the_others_empty(empty, tmp_path):
    def change(book):
        type_in(book["reported_effects"], 3, [{"ci_level": 0.9}])

    path, _ = fill(empty, tmp_path / "mine.xlsx", change=change)
    levels = [row["ci_level"] for row in rows_of(table_of(path, "reported_effects"))]
    assert levels == ["0.9", "", "", "", "", ""]


def test_worksheets_as_people_leave_them(empty, tmp_path, invoke):
    """Blank rows, hidden rows, own columns, own worksheets, other order and formats are read."""

    def change(book):
        effects = book["reported_effects"]
        effects.move_range("A8:BZ8", rows=3)
        effects.row_dimensions[4].hidden = True
        effects.cell(1, effects.max_column + 1).value = "read by"
        effects.cell(3, places_of(effects)["read by"]).value = "Ada"
        effects.cell(3, places_of(effects)["i2"]).value = 0.68
        effects.cell(3, places_of(effects)["i2"]).number_format = "0%"
        book.create_sheet("to do").append(["anything"])
        book.move_sheet("reported_effects", 3)

    path, _ = fill(empty, tmp_path / "mine.xlsx", change=change)
    table = table_of(path, "reported_effects")
    assert list(table.numbers()) == [3, 4, 5, 6, 7, 11]
    first, last = rows_of(table)[0], rows_of(table)[-1]
    assert (first["read by"], first["i2"]) == ("Ada", "68")
    assert last["meta_analysis_id"] == "Fox2021"
    told = [
        reading.how
        for sheet, readings in check_folder(path).readings.items()
        for reading in readings
        if sheet.name == "reported_effects" and not reading.column_name
    ]
    assert told == ["1 hidden row, read too"]
    result = invoke("check", path, "--no-rows")
    assert "Worksheets that are no sheets: to do" in result.stderr


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda book: setattr(book["reported_effects"]["I1"], "value", "estimat"),
            ("worksheet reported_effects", 1, "estimat", "no such column in this sheet"),
        ),
        (
            lambda book: setattr(book["reported_effects"], "title", "reported_efects"),
            ("worksheet reported_efects", None, None, "no sheet has this name"),
        ),
        (
            lambda book: book.create_sheet("reported_effects ").append(["effect_id"]),
            (
                "worksheet reported_effects ",
                None,
                None,
                "another worksheet has this name, but for blanks",
            ),
        ),
        (
            lambda book: type_in(book["quality_ratings"], 1, [{"rater": "ratr"}]),
            ("worksheet quality_ratings", 1, "ratr", "no such column in this sheet"),
        ),
        (
            lambda book: book["meta_analyses"].merge_cells("A3:A4"),
            ("worksheet meta_analyses", None, None, "merged cells: A3:A4"),
        ),
        (
            lambda book: setattr(book["meta_analyses"]["C3"], "value", "=1+1"),
            (
                "worksheet meta_analyses",
                3,
                "C",
                "a formula whose result is not stored in the workbook",
            ),
        ),
    ],
    ids=["column", "worksheet", "worksheet twice", "column of a matrix", "merged", "formula"],
)  # fmt: skip
def test_what_cannot_be_read_is_named(empty, tmp_path, change, expected):
    path, _ = fill(empty, tmp_path / "mine.xlsx", change=change)
    assert expected in problems_of(path)


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 damaged", b""])
def test_a_file_that_is_no_workbook_is_named(tmp_path, invoke, content):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(content)
    result = invoke("check", path)
    assert result.exit_code == 1
    assert "mine.xlsx: 1 problem" in result.stderr
    assert not (tmp_path / "mine.checked.xlsx").exists()


def test_two_places_of_sheets_are_refused(invoke, tmp_path):
    result = invoke("check", tmp_path / "a.xlsx", "--sheets", tmp_path)
    assert result.exit_code == 1
    assert "Name one of them" in result.stderr


def test_matrices_are_read_cell_by_cell(empty, tmp_path):
    def change(book):
        ratings = [
            {"meta_analysis_id": "Ames2015", "1": "yes", "3": "no"},
            {"meta_analysis_id": "Bell2016", "16": "yes", "tool": "amstar2", "rater": "1"},
        ]
        type_in(book["quality_ratings"], 2, ratings)
        trials = book["study_inclusion"]
        trials["D1"], trials["E1"] = "Ames2015", "Bell2016"
        lists = [
            {"study_label": "Lee 2010", "study_id": "Lee2010", "Ames2015": "x", "Bell2016": "X"},
            {"study_label": "Kim 2011", "Ames2015": "no", "Bell2016": "partial"},
        ]
        type_in(trials, 2, lists)

    path, _ = fill(empty, tmp_path / "mine.xlsx", change=change)
    ratings = table_of(path, "quality_ratings")
    named = ("meta_analysis_id", "tool", "item", "rater", "answer")
    assert [tuple(row[name] for name in named) for row in rows_of(ratings)] == [
        ("Ames2015", "amstar2", "1", "final", "yes"),
        ("Ames2015", "amstar2", "3", "final", "no"),
        ("Bell2016", "amstar2", "16", "1", "yes"),
    ]
    assert ratings.places == {2: (2, "1"), 3: (2, "3"), 4: (3, "16")}
    named = ("meta_analysis_id", "study_label", "study_id", "list_status")
    trials = table_of(path, "study_inclusion")
    assert [tuple(row[name] for name in named) for row in rows_of(trials)] == [
        ("Ames2015", "Lee 2010", "Lee2010", "complete"),
        ("Bell2016", "Lee 2010", "Lee2010", "complete"),
        ("Bell2016", "Kim 2011", "Kim 2011", "partial"),
    ]


def test_faults_come_back_where_they_were_typed(empty, tmp_path, invoke):
    def change(book):
        effects = [{}, {"p_value": "<0.05"}, {"i2": "much"}, {}, {"ci_high": 0.23}]
        type_in(book["reported_effects"], 3, effects)
        type_in(
            book["quality_ratings"], 2, [{"meta_analysis_id": "Ames2015", "1": "yes", "4": "maybe"}]
        )

    path, _ = fill(empty, tmp_path / "mine.xlsx", change=change)
    before = digest(path)
    result = invoke("check", path)
    assert result.exit_code == 1
    assert digest(path) == before
    assert "quality_ratings, row 2, Ames2015 / amstar2 / 4 / final, column 4" in result.stderr
    book = openpyxl.load_workbook(tmp_path / "mine.checked.xlsx")
    effects, ratings = book["reported_effects"], book["quality_ratings"]
    place = places_of(effects)
    marked = {
        (effects.title, cell.row, effects.cell(1, cell.column).value): cell.comment.text
        for row in effects.iter_rows(min_row=2)
        for cell in row
        if cell.comment
    }
    assert {key[1:] for key in marked} == {
        (4, "p_value"), (4, "p_operator"), (5, "i2"),
        (7, "estimate"), (7, "ci_low"), (7, "ci_high"),
    }  # fmt: skip
    assert marked["reported_effects", 5, "i2"].startswith("rejected: not a number")
    assert "-0.23" in marked["reported_effects", 7, "ci_high"]
    colours = {
        name: effects.cell(row, place[name]).fill.start_color.rgb[2:]
        for row, name in ((4, "p_value"), (5, "i2"), (7, "estimate"))
    }
    assert colours == {"p_value": "DDEBF7", "i2": "FFC7CE", "estimate": "FFD8A8"}
    assert ratings.cell(2, places_of(ratings)["4"]).comment.text.startswith(
        "rejected: unknown code"
    )
    listed = {
        (row[1].value, row[2].value): row[2].hyperlink.location or row[2].hyperlink.target
        for row in book["findings"].iter_rows(min_row=2)
    }
    cell = f"{openpyxl.utils.get_column_letter(place['i2'])}5"
    assert listed["reported_effects", cell].endswith(f"'reported_effects'!{cell}")
    # Checked again, the copy is the new one, and a team's cells are all in it.
    assert effects.cell(3, place["estimate"]).value == EFFECTS[0][1]


def test_an_outline_is_a_copy_with_what_a_build_takes(empty, tmp_path, invoke):
    path, _ = fill(empty, tmp_path / "mine.xlsx")
    before = digest(path)
    result = invoke("outline", path)
    assert result.exit_code == 0, result.stderr
    assert digest(path) == before
    written = check_folder(tmp_path / "mine.outlined.xlsx")
    implied = check_folder(path)
    assert written.problems == implied.problems == []
    for name in OUTLINED:
        ours, theirs = (result.by_name()[name] for result in (written, implied))
        assert rows_of(ours) == rows_of(theirs) != [] or name == "contrasts"
