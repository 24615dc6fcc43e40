"""Two readers by workbook: what differs, what was decided, and what the warehouse makes of it."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.cases import each
from tests.python.cli.conftest import digest
from umbrella.books.adjudication import read_adjudication
from umbrella.building.compilation import DATABASE_NAME, plan_of
from umbrella.building.execution import execute
from umbrella.building.plan import Plan
from umbrella.commands.check import check_folder, check_typed
from umbrella.commands.compare import FIELDS, _as_csv
from umbrella.comparing.agreed import agreed_sheets, codes_of, undecided_as
from umbrella.comparing.comparison import Comparison, compare_readers
from umbrella.comparing.decisions import Decision, Recorded, carried, problems_of
from umbrella.comparing.matching import IDENTITIES, Matches, match
from umbrella.comparing.readers import Reader, Row
from umbrella.errors import UmbrellaError
from umbrella.project import project_dir
from umbrella.sheets.contract import read_contract

Sheets = Mapping[str, Sequence[Mapping[str, object]]]

EFFECT = {"condition": "insomnia", "outcome": "severity", "measure": "smd"}
DOWN = {"favourable_direction": "negative"}
RATIO = {"measure": "odds_ratio"}


def effect(name: str, estimate: object, low: object, high: object, **cells: object) -> dict:
    numbers = {"estimate": estimate, "ci_low": low, "ci_high": high}
    return {"meta_analysis_id": name, **EFFECT, **numbers, **DOWN, **cells}


FIRST: Sheets = {
    "conditions": [{"code": "insomnia", "label": "Insomnia"}],
    "meta_analyses": [
        {"meta_analysis_id": "Ames2015", "first_author": "Ames", "year": 2015},
        {"meta_analysis_id": "Bell2016", "first_author": "Bell", "year": 2016, "doi": "10.1/bell"},
        {"meta_analysis_id": "Cole2018", "first_author": "Cole", "year": 2018},
        {"meta_analysis_id": "Dunn2019", "first_author": "Dunn", "year": 2019},
    ],
    "reported_effects": [
        effect("Ames2015", -0.31, -0.50, -0.12, comparator="waitlist;no_treatment", n_total=300),
        effect("Ames2015", -0.11, -0.30, 0.08, timepoint="follow_up", follow_up_months=6),
        effect("Bell2016", -0.25, -0.41, -0.09, comparator="waitlist"),
        effect("Cole2018", 0.80, 0.60, 0.95, **RATIO, favourable_direction="below_one"),
        effect("Cole2018", -0.43, -0.64, -0.22, subtype="men", scope="subgroup", ci_level=0.95),
        effect("Dunn2019", -0.18, -0.35, -0.01),
    ],
    "reported_rates": [
        {"meta_analysis_id": "Ames2015", "condition": "insomnia", "outcome": "dropout",
         "events": 31, "total": 240},
    ],
    "quality_ratings": [
        {"meta_analysis_id": "Ames2015", "1": "yes", "2": "no"},
        {"meta_analysis_id": "Bell2016", "1": "no"},
    ],
    "study_inclusion": [
        {"study_label": "Lee 2010", "Ames2015": "x", "Bell2016": "x"},
        {"study_label": "Kim 2011", "Ames2015": "x"},
    ],
}  # fmt: skip
SECOND: Sheets = {
    "conditions": [
        {"code": "insomnia", "label": "Insomnia"},
        {"code": "apnoea", "label": "Apnoea"},
    ],
    "meta_analyses": [
        {"meta_analysis_id": "Bell 2016a", "year": 2016, "doi": "10.1/BELL"},
        {"meta_analysis_id": "Ames2015", "first_author": "AMES ", "year": 2014},
        {"meta_analysis_id": "Cole2018", "first_author": "Cole", "year": 2018},
        {"meta_analysis_id": "Eno2020", "first_author": "Eno", "year": 2020},
    ],
    "reported_effects": [
        # In another order, so that the program gives other names.
        effect("Ames2015", -0.11, -0.30, 0.08, timepoint="follow_up", follow_up_months=6),
        effect("Ames2015", "−0,13", -0.505, -0.12, comparator="no_treatment;waitlist", n_total=300),
        effect("Bell 2016a", -0.25, -0.41, -0.09, effect_id="B", comparator="usual_care"),
        effect("Cole2018", 0.80, 0.60, 0.95, **RATIO),
        effect("Cole2018", -0.43, -0.64, -0.22, subtype="men", scope="subgroup", ci_level=0.9),
        effect("Cole2018", -0.99, -1.2, -0.7, subtype="women", timepoint="follow_up",
               restriction="one site"),
        effect("Eno2020", -0.52, -0.81, -0.23),
    ],
    "reported_rates": [
        {"meta_analysis_id": "Ames2015", "condition": "insomnia", "outcome": "dropout",
         "events": 13, "total": 240},
    ],
    "quality_ratings": [
        {"meta_analysis_id": "Ames2015", "1": "yes", "2": "yes"},
        {"meta_analysis_id": "Bell 2016a", "1": "no"},
    ],
    "study_inclusion": [
        {"study_label": "Lee2010", "Ames2015": "x"},
        {"study_label": "KIM 2011", "Ames2015": "partial"},
    ],
}  # fmt: skip


def write(path: Path, sheets: Sheets) -> Path:
    """A workbook with a header of the columns that any row has."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        header = list(dict.fromkeys(column for row in rows for column in row))
        page.append(header)
        for row in rows:
            page.append([row.get(column) for column in header])
    book.save(path)
    return path


BUILT = (
    "int_extraction_differences", "int_adjudicated_effects", "int_quality_items", "fct_corrections",
    "fct_rejected_rows", "stg_extraction__reported_rates", "stg_extraction__meta_analyses",
    "stg_extraction__study_inclusion",
)  # fmt: skip

ONLY_1, ONLY_2 = "only reader 1 has the row", "only reader 2 has the row"
PLANTED = {
    ("meta_analyses", "Dunn2019", "", ""): f"{ONLY_1}, with 1 row of reported_effects",
    ("meta_analyses", "", "Eno2020", ""): f"{ONLY_2}, with 1 row of reported_effects",
    ("meta_analyses", "Ames2015", "Ames2015", "year"): "two values",
    ("meta_analyses", "Bell2016", "Bell 2016a", "first_author"): "only reader 1 has a value",
    ("reported_effects", "", "Cole2018_03", ""): ONLY_2,
    ("reported_effects", "Ames2015_01", "Ames2015_02", "estimate"): "two values",
    ("reported_effects", "Cole2018_02", "Cole2018_02", "ci_level"): "two values",
    ("reported_effects", "Bell2016_01", "B", "comparator"): "two values",
    ("reported_rates", "Ames2015_01", "Ames2015_01", "events"): "two values",
    ("quality_ratings", "Ames2015 / amstar2 / 2",
     "Ames2015 / amstar2 / 2", "answer"): "two values",
    ("study_inclusion", "Bell2016 / Lee 2010", "", ""): ONLY_1,
    ("study_inclusion", "Ames2015 / Kim 2011", "Ames2015 / KIM 2011", "list_status"): "two values",
}  # fmt: skip
"""Every difference of the two, and none besides: limits within half a unit of the second decimal,
the order of codes, other words for one direction, and capitals are none."""

BOTH = {"decided by": "both readers"}
DECIDED = {
    ("meta_analyses", "Dunn2019", "", ""): {"decision": "Reader 1"},
    ("meta_analyses", "", "Eno2020", ""): {"decision": "Reader 2", **BOTH},
    ("meta_analyses", "Ames2015", "Ames2015", "year"): {"decision": "reader 2", "name": "Ann"},
    ("meta_analyses", "Bell2016", "Bell 2016a", "first_author"): {
        "decision": "Another value", "another value": "(empty)",
    },
    ("reported_effects", "", "Cole2018_03", ""): {"decision": "Reader 2"},
    ("reported_effects", "Ames2015_01", "Ames2015_02", "estimate"): {
        "decision": "Another value", "another value": "-0,21", "reason": "Table 2", **BOTH,
    },
    ("reported_effects", "Cole2018_02", "Cole2018_02", "ci_level"): {"decision": "Reader 2"},
    ("reported_effects", "Bell2016_01", "B", "comparator"): {"decision": "Reader 2"},
    ("reported_rates", "Ames2015_01", "Ames2015_01", "events"): {
        "decision": "Reader 2", "reason": "Table 3",
    },
    ("quality_ratings", "Ames2015 / amstar2 / 2",
     "Ames2015 / amstar2 / 2", "answer"): {"decision": "Reader 2"},
    ("study_inclusion", "Bell2016 / Lee 2010", "", ""): {"decision": "Reader 2"},
    ("study_inclusion", "Ames2015 / Kim 2011", "Ames2015 / KIM 2011", "list_status"): {
        "decision": "Reader 1"
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the workbooks of two readers."""
    path = tmp_path_factory.mktemp("readers")
    write(path / "ann.xlsx", FIRST)
    write(path / "ben.xlsx", SECOND)
    return path


@pytest.fixture(scope="module")
def compared(folder, invoke) -> list[dict]:
    """What the command prints of the two, in JSON; it also writes the workbook to decide in.

    Asked for the agreed workbook, it names what nobody decided, and writes none.
    """
    command = ("compare", folder / "ann.xlsx", folder / "ben.xlsx", "--format", "json")
    result = invoke(*command, "--agreed", folder / "agreed.xlsx")
    assert result.exit_code == 1
    assert not (folder / "agreed.xlsx").exists()
    assert "open: reported_effects, Ames2015_01, estimate" in result.stderr
    return json.loads(result.stdout)


def columns_of(page) -> dict[str, int]:
    return {cell.value: cell.column for cell in page[1]}


def key_of(page, row: int) -> tuple[str, ...]:
    """The difference that a row of the workbook to decide in is about."""
    places = columns_of(page)
    names = ("worksheet", "row of reader 1", "row of reader 2", "column")
    return tuple(page.cell(row, places[name]).value or "" for name in names)


def decide(path: Path, decisions: Mapping[tuple[str, ...], Mapping[str, str]]) -> None:
    """Fill in decisions, as a person does."""
    book = openpyxl.load_workbook(path)
    page = book["adjudication"]
    places = columns_of(page)
    rows = {key_of(page, row): row for row in range(2, page.max_row + 1)}
    for key, cells in decisions.items():
        for name, value in cells.items():
            page.cell(rows[key], places[name]).value = value
    book.save(path)


def decisions_in(path: Path) -> dict[tuple[str, ...], str]:
    recorded = read_adjudication(path).recorded
    return {one.key: one.decision.choice for one in recorded if one.decision.choice}


def test_every_planted_difference_is_found_and_nothing_else(compared):
    names = ("sheet", "row_of_reader_1", "row_of_reader_2", "column")
    assert {tuple(one[name] for name in names): one["difference"] for one in compared} == PLANTED
    by_column = {one["column"]: one for one in compared}
    assert by_column["estimate"]["reader_2"] == "-0.13"  # typed with a comma and a dash
    # The weightiest first: rows, then numbers that are pooled, then what selects and filters.
    columns = [one["column"] for one in compared if one["sheet"] == "reported_effects"]
    assert columns == ["", "estimate", "ci_level", "comparator"]


def test_the_workbook_to_decide_in_says_where_and_offers_what(folder, compared):
    book = openpyxl.load_workbook(folder / "ann-ben.adjudication.xlsx")
    page = book["adjudication"]
    places = columns_of(page)
    rows = {key_of(page, row)[3]: row for row in range(2, page.max_row + 1)}
    row = rows["comparator"]
    assert page.cell(row, places["what it holds"]).value.startswith("Comparator")
    link = page.cell(row, places["cell of reader 2"])
    assert link.value == "reported_effects!K4"
    assert (link.hyperlink.target, link.hyperlink.location) == ("ben.xlsx", "'reported_effects'!K4")
    matrix = page.cell(rows["answer"], places["cell of reader 1"])
    assert matrix.value == "quality_ratings!C2"
    offered = {}
    for rule in page.data_validations.dataValidation:
        letters, _, last = rule.formula1.partition("!")[2].replace("$", "").partition(":")
        values = [cell.value for (cell,) in book["lists"][f"{letters}:{last}"]]
        offered |= dict.fromkeys(str(rule.sqref).split(), values)
    cell = page.cell(rows["answer"], places["another value"]).coordinate
    assert offered[cell] == ["yes", "partial_yes", "no", "cant_answer", "not_applicable", "(empty)"]
    assert offered[page.cell(row, places["decision"]).coordinate] == [
        "Reader 1", "Reader 2", "Another value"
    ]  # fmt: skip
    pairs = [row[:4] for row in book["matches"].iter_rows(min_row=2, values_only=True)]
    assert ("meta_analyses", None, "Bell2016", "Bell 2016a") in [
        (a, None, c, d) for a, _, c, d in pairs
    ]


@pytest.fixture(scope="module")
def agreed(folder, compared, invoke) -> Path:
    """The workbook that both agree on, after every difference was decided."""
    path = folder / "agreed.xlsx"
    before = digest(folder / "ann.xlsx"), digest(folder / "ben.xlsx")
    command = ("compare", folder / "ann.xlsx", folder / "ben.xlsx", "--agreed", path)
    decide(folder / "ann-ben.adjudication.xlsx", DECIDED)
    result = invoke(*command)
    assert result.exit_code == 0, result.stderr
    assert (digest(folder / "ann.xlsx"), digest(folder / "ben.xlsx")) == before
    return path


@pytest.mark.build
def test_decisions_flow_on_into_the_tables(agreed, plan, tmp_path):
    checked = check_folder(agreed)
    assert checked.problems == []
    assert checked.not_read == ()
    database = tmp_path / DATABASE_NAME
    outcome = execute(
        plan.restricted_to(BUILT), checked.by_name(), database, logging.getLogger("tests")
    )
    assert outcome.is_ok, outcome.failed
    with duckdb.connect(str(database), read_only=True) as connection:

        def rows(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        assert (
            rows("select sheet, row_id, reason from fct_rejected_rows where severity = 'reject'")
            == []
        )
        assert rows(
            "select effect_id, estimate, ci_level, comparator "
            "from intermediate.int_adjudicated_effects where comparator != 'unclear' "
            "or ci_level = 0.9 order by effect_id"
        ) == [
            ("Ames2015_01", -0.21, None, "waitlist;no_treatment"),
            ("Bell2016_01", -0.25, None, "usual_care"),
            ("Cole2018_02", -0.43, 0.9, "unclear"),
        ]
        effects = "select effect_id from intermediate.int_adjudicated_effects order by all"
        assert [name for (name,) in rows(effects)] == [
            "Ames2015_01", "Ames2015_02", "Bell2016_01", "Cole2018_01", "Cole2018_02",
            "Cole2018_03", "Dunn2019_01", "Eno2020_01",
        ]  # fmt: skip
        # The readers as they were before anybody decided, and what was decided.
        assert rows(
            "select row_id, field, found, first_value, second_value, adjudicated_value, "
            "decided_for from intermediate.int_extraction_differences "
            "where comparison = 'differs' order by all"
        ) == [
            ("Ames2015_01", "estimate", "y", "-0.31", "-0.13", "-0.21", "neither"),
            ("Ames2015_01", "events", "y", "31", "13", "13", "second"),
            (
                "Bell2016_01",
                "comparator_class",
                "resolved",
                "inactive",
                "active",
                "active",
                "second",
            ),
            ("Cole2018_02", "ci_level", "y", "0.95", "0.9", "0.9", "second"),
        ]
        assert rows(
            "select found, count(distinct row_id) from intermediate.int_extraction_differences "
            "where sheet = 'reported_effects' group by all order by all"
        ) == [("n", 1), ("resolved", 1), ("y", 4)]
        assert rows(
            "select sheet, row_id, column_name, old_value, new_value, reason from fct_corrections "
            "order by all"
        ) == [
            ("meta_analyses", "Ames2015", "year", "2015", "2014",
             "reader 1 had 2015, reader 2 2014; decided by Ann"),
            ("meta_analyses", "Bell2016", "first_author", "Bell", None,
             "reader 1 had Bell, reader 2 an empty cell"),
            ("reported_effects", "Cole2018_02", "ci_level", "0.95", "0.9",
             "reader 1 had 0.95, reader 2 0.9"),
            ("reported_rates", "Ames2015_01", "events", "31", "13",
             "Table 3; reader 1 had 31, reader 2 13"),
            ("study_inclusion", "Ames2015 / Kim 2011", "list_status", "complete", "complete",
             "reader 1 had complete, reader 2 partial"),
        ]  # fmt: skip
        assert rows(
            "select meta_analysis_id, item, first_answer, second_answer, answer, status "
            "from intermediate.int_quality_items order by all"
        ) == [
            ("Ames2015", 1, "yes", "yes", "yes", "agreed"),
            ("Ames2015", 2, "no", "yes", "yes", "adjudicated"),
            ("Bell2016", 1, "no", "no", "no", "agreed"),
        ]
        assert rows("select events from staging.stg_extraction__reported_rates") == [(13,)]
        assert rows(
            "select meta_analysis_id, study_id from staging.stg_extraction__study_inclusion "
            "order by all"
        ) == [("Ames2015", "Kim 2011"), ("Ames2015", "Lee 2010")]
        assert rows(
            "select meta_analysis_id, year from staging.stg_extraction__meta_analyses order by all"
        ) == [
            ("Ames2015", 2014), ("Bell2016", 2016), ("Cole2018", 2018), ("Dunn2019", 2019),
            ("Eno2020", 2020),
        ]  # fmt: skip
    book = openpyxl.load_workbook(agreed, read_only=True)
    assert len(list(book["decisions"].iter_rows())) == 1 + len(DECIDED)
    assert "apnoea" in {row[0] for row in book["conditions"].iter_rows(values_only=True)}


def reader(path: Path) -> Reader:
    return Reader(path, check_typed(path))


MIRRORED = {"only_first_has_it": "only_second_has_it", "only_second_has_it": "only_first_has_it"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(project_dir())


@pytest.fixture(scope="module")
def comparison(folder, plan) -> Comparison:
    """The two readers compared."""
    return compare_readers(reader(folder / "ann.xlsx"), reader(folder / "ben.xlsx"), plan)


def test_a_comparison_is_the_mirror_of_the_other_way_round(comparison, plan):
    ann, ben = comparison.readers
    there, back = comparison, compare_readers(ben, ann, plan)

    def told(one, *, is_mirrored: bool) -> tuple:
        names, values = (one.first_name, one.second_name), (one.first_value, one.second_value)
        kind = MIRRORED.get(one.kind, one.kind) if is_mirrored else one.kind
        step = -1 if is_mirrored else 1
        return one.sheet, one.column, kind, names[::step], values[::step]

    assert {told(one, is_mirrored=False) for one in there.differences} == {
        told(one, is_mirrored=True) for one in back.differences
    }
    assert [astuple(one) for one in there.agreement] == [
        pytest.approx(astuple(one), nan_ok=True) for one in back.agreement
    ]


def test_csv_of_differences_is_run_by_no_spreadsheet():
    row = dict.fromkeys(FIELDS, "") | {"reader_1": "=1+1", "reader_2": "-0.25"}
    assert _as_csv([row]).splitlines()[1] == ",,,,,'=1+1,-0.25,,,"


def test_nothing_differs_from_itself(comparison, plan):
    ben = comparison.readers[1]
    itself = compare_readers(ben, ben, plan)
    assert itself.differences == []
    assert itself.n_agreed == itself.n_cells > 0


NAMES, FEW = st.sampled_from(["", "A_01", "A_02", "A_03"]), st.sampled_from(["", "1", "2"])
SHEET = next(sheet for sheet in read_contract(project_dir()) if sheet.name == "reported_effects")


@st.composite
def some_rows(draw) -> list[Row]:
    found = []
    for number in range(2, 2 + draw(st.integers(0, 6))):
        cells = dict.fromkeys(SHEET.columns, "")
        for name in ("meta_analysis_id", "outcome", "condition", "subtype", "estimate", "ci_low"):
            cells[name] = draw(FEW)
        name = draw(NAMES)
        found.append(Row(number, cells, name or f"numbered_{number}", is_named=bool(name)))
    return found


@settings(max_examples=60, deadline=None)
@given(some_rows(), some_rows())
def test_rows_are_matched_alike_from_either_side_each_once_and_with_themselves(first, second):
    there = match("reported_effects", ("effect_id",), first, second)
    back = match("reported_effects", ("effect_id",), second, first)
    assert {(id(p.first), id(p.second), p.why) for p in there.pairs} == {
        (id(p.second), id(p.first), p.why) for p in back.pairs
    }
    for rows, paired, alone in (
        (first, [p.first for p in there.pairs], there.only_first),
        (second, [p.second for p in there.pairs], there.only_second),
    ):
        assert sorted(map(id, [*paired, *alone])) == sorted(map(id, rows))
    apart = [(pair.first.name, pair.second.name) for pair in there.pairs]
    again = match("reported_effects", ("effect_id",), first, second, apart)
    assert not {(p.first.name, p.second.name) for p in again.pairs} & set(apart)
    itself = match("reported_effects", ("effect_id",), first, [replace(row) for row in first])
    told = [
        row for row in first if row.is_named or (row.cells["condition"] and row.cells["outcome"])
    ]
    paired = {id(pair.first): pair.second for pair in itself.pairs}
    assert all(paired[id(row)].cells == row.cells for row in told)


def test_columns_that_tell_rows_are_columns_of_their_sheets():
    sheets = {sheet.name: sheet for sheet in read_contract(project_dir())}
    for name, identity in IDENTITIES.items():
        named = {*identity.within, *identity.names, *identity.about, *identity.numbers}
        assert named <= set(sheets[name].columns), name


def test_a_second_comparison_keeps_every_decision(agreed, tmp_path, invoke):
    """Decisions stay where they stand, go aside where they do not, and come back."""
    before = openpyxl.load_workbook(agreed.with_name("ann-ben.adjudication.xlsx"))
    page = before["adjudication"]
    rows = {key_of(page, row): row for row in range(2, page.max_row + 1)}
    estimate = ("reported_effects", "Ames2015_01", "Ames2015_02", "estimate")
    page.cell(1, page.max_column + 1).value = "our notes"
    page.cell(rows[estimate], page.max_column).value = "ask the authors"
    before.create_sheet("minutes").append(["decided on Monday"])
    target = tmp_path / "ann-ben.adjudication.xlsx"
    before.save(target)
    n_decided = len(decisions_in(target))

    # Reader 1 finds the slip in one cell, corrects another, and a row above moves the names.
    effects = [dict(row) for row in FIRST["reported_effects"]]
    effects[0]["estimate"] = -0.32
    effects[4]["ci_level"] = 0.9
    effects.insert(2, effect("Bell2016", 0.5, 0.4, 0.6, outcome="quality_of_life"))
    write(tmp_path / "ann.xlsx", {**FIRST, "reported_effects": effects})
    write(tmp_path / "ben.xlsx", SECOND)
    command = ("compare", tmp_path / "ann.xlsx", tmp_path / "ben.xlsx")
    changed = invoke(*command)
    assert changed.exit_code == 0, changed.stderr
    said = " ".join(changed.stderr.split())
    assert "estimate, Another value: reader 1 now has -0.32" in said
    assert "ci_level, Reader 2: the readers no longer differ here" in said
    book = openpyxl.load_workbook(target)
    assert book["minutes"]["A1"].value == "decided on Monday"
    assert book["set aside"].max_row == 3
    kept = decisions_in(target)
    assert len(kept) == n_decided
    assert kept["reported_effects", "Bell2016_02", "B", "comparator"] == "Reader 2"

    write(tmp_path / "ann.xlsx", FIRST)
    assert invoke(*command).exit_code == 0
    book = openpyxl.load_workbook(target)
    assert "set aside" not in book.sheetnames
    page = book["adjudication"]
    rows = {key_of(page, row): row for row in range(2, page.max_row + 1)}
    assert page.cell(rows[estimate], columns_of(page)["our notes"]).value == "ask the authors"
    assert len(decisions_in(target)) == n_decided


FAULTY = {
    "no such choice": ("estimate", {"choice": "Reader 3"}, "decision"),
    "a value beside another choice": (
        "estimate", {"choice": "Reader 1", "other": "1"}, "another value"
    ),
    "no other value": ("estimate", {"choice": "Another value"}, "another value"),
    "text among numbers": (
        "estimate", {"choice": "Another value", "other": "much"}, "another value"
    ),
    "two readings": ("events", {"choice": "Another value", "other": "1 or 2"}, "another value"),
    "unknown code": ("answer", {"choice": "Another value", "other": "maybe"}, "another value"),
    "one unknown of several": (
        "comparator", {"choice": "Another value", "other": "waitlist;nobody"}, "another value"
    ),
    "a value of a row": ("", {"choice": "Another value", "other": "1"}, "decision"),
    "nobody known": ("estimate", {"choice": "Reader 1", "decided_by": "Ann"}, "decided by"),
}  # fmt: skip


@each("case", FAULTY)
def test_decisions_that_are_none_are_named_by_their_cells(comparison, case):
    column, cells, where = FAULTY[case]
    key = next(one.key for one in comparison.differences if one.column == column)
    decision = Decision(**cells, page="adjudication", row=7)
    (found,) = problems_of(comparison, {key: decision}, codes_of(comparison))
    assert (found.sheet, found.row, found.column) == ("worksheet adjudication", 7, where)
    assert found.right


def test_another_value_may_be_typed_as_in_the_sheet(comparison):
    key = next(one.key for one in comparison.differences if one.column == "estimate")
    codes = codes_of(comparison)
    assert "apnoea" in codes["conditions"]
    for other in ("-0,21", "(empty)", "−0.21"):
        assert problems_of(comparison, {key: Decision("another value", other)}, codes) == []


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Path:
    """A folder with two readers and other files."""
    path = tmp_path_factory.mktemp("refused")
    write(path / "ann.xlsx", FIRST)
    write(path / "ben.xlsx", SECOND)
    write(path / "other.xlsx", {"notes": [{"a": 1}]})
    (path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    return path


@each(
    "second, options, words",
    [
        ("no.xlsx", (), "There is no workbook"),
        ("ben.xlsx", ("--adjudication", "ben.xlsx"), "are different files"),
        ("ben.xlsx", ("--agreed", "other.xlsx"), "exists: nothing was written"),
        ("ben.xlsx", ("--agreed", "a.csv"), "no workbook"),
        ("ben.xlsx", ("--undecided", "reader1"), "name it with --agreed"),
        ("broken.xlsx", (), "broken.xlsx: 1 problem"),
        ("ben.xlsx", ("--adjudication", "other.xlsx"), "no worksheet adjudication"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_nothing_is_written(
    places, invoke, second, options, words
):
    before = {path: digest(path) for path in places.iterdir()}
    typed = [places / word if "." in word else word for word in options]
    result = invoke("compare", places / "ann.xlsx", places / second, *typed)
    assert result.exit_code == 1
    assert words in " ".join(result.stderr.split())
    assert {path: digest(path) for path in places.iterdir()} == before


def test_where_nobody_decided_one_reader_may_be_taken_and_it_is_said(comparison):
    taken = undecided_as(comparison, {}, "Reader 2")
    rows = {
        name: [dict(zip(table.header, row, strict=True)) for row in table.rows]
        for name, table in agreed_sheets(comparison, taken).items()
    }
    told = ("field", "adjudicated_value", "reason", "decided_by")
    said = [tuple(row[name] for name in told) for row in rows["adjudications"]]
    reason = "not decided: taken as reader 2 has it"
    assert said == [
        ("estimate", "-0.13", reason, "second_reader"),
        ("comparator", "usual_care", reason, "second_reader"),
        ("comparator_class", "active", reason, "second_reader"),
    ]
    names = [row["meta_analysis_id"] for row in rows["meta_analyses"]]
    assert names == ["Ames2015", "Bell2016", "Cole2018", "Eno2020"]
    assert {row["meta_analysis_id"] for row in rows["reported_effects"]} == set(names)

    # What stays as the first reader has it stays open, but for ratings.
    left = undecided_as(comparison, {}, "Reader 1")
    assert {key[0] for key in left} == {"quality_ratings"}
    sheets = agreed_sheets(comparison, left)
    assert len(sheets["adjudications"].rows) == len(sheets["corrections"].rows) == 0
    ratings = sheets["quality_ratings"]
    places = [ratings.header.index(name) for name in ("item", "rater", "answer")]
    assert [tuple(row[place] for place in places) for row in ratings.rows] == [
        ("1", "1", "yes"), ("1", "2", "yes"), ("2", "1", "no"), ("2", "2", "yes"),
        ("2", "final", "no"), ("1", "1", "no"), ("1", "2", "no"),
    ]  # fmt: skip


def test_one_kept_row_of_a_meta_analysis_that_is_not_kept_is_refused(comparison):
    """A trial list of a meta-analysis that the agreed review does not have would go nowhere."""
    relation = {"meta_analysis_id": "Ames2015", "related_id": "Dunn2019", "relation": "updates"}
    row = Row(2, relation, "Ames2015 / Dunn2019", is_named=True)
    matches = {**comparison.matches, "ma_relations": Matches([], [row], [])}
    key = next(one.key for one in comparison.differences if one.first_name == "Dunn2019")
    decisions = {key: Decision("Reader 2")}
    with pytest.raises(UmbrellaError, match="a row of Dunn2019 is to stay"):
        agreed_sheets(replace(comparison, matches=matches), decisions)


def test_one_kept_row_of_an_effect_that_is_not_kept_is_refused(comparison):
    cells = {"meta_analysis_id": "Dunn2019", "effect_id": "Dunn2019_01", "outcome": "severity"}
    cells["meta_analysis_id"] = "Ames2015"
    row = Row(2, cells, "Ames2015 / severity / Dunn2019_01", is_named=True)
    matches = {**comparison.matches, "reported_certainty": Matches([], [row], [])}
    key = next(one.key for one in comparison.differences if one.first_name == "Dunn2019")
    with pytest.raises(UmbrellaError, match="Dunn2019_01 in reported_effects is not"):
        agreed_sheets(replace(comparison, matches=matches), {key: Decision("Reader 2")})


OF_CI_LEVEL = ("reported_effects", "Cole2018_02", "Cole2018_02", "ci_level")


@each(
    "names, n_open, goes_on",
    [
        (("Old_1", "Old_2"), 0, True),
        (("Old_1", "Cole2018_02"), 0, True),
        # The rows are there, and alike now: what differs elsewhere was not decided with them.
        (("Cole2018_01", "Cole2018_01"), 0, False),
        (("Old_1", "Old_2"), 1, False),
    ],
)
def test_a_decision_goes_on_only_to_the_row_that_it_was_about(comparison, names, n_open, goes_on):
    one = next(one for one in comparison.differences if one.key == OF_CI_LEVEL)
    values = (one.meta_analysis, one.first_value, one.second_value)
    recorded = [
        Recorded(("reported_effects", *names, "ci_level"), *values, Decision("Reader 2")),
        *[Recorded(("reported_effects", "Old_3", "Old_3", "ci_level"), *values, Decision())]
        * n_open,
    ]
    standing, aside = carried(comparison, recorded)
    assert (list(standing), len(aside)) == (([OF_CI_LEVEL], 0) if goes_on else ([], 1))


def test_rates_are_compared_in_one_person_time_and_trials_taken_over_have_one_name(plan, tmp_path):
    def sheets(rates: Sequence[tuple[float, str]], trials: Sequence[dict]) -> Sheets:
        return {
            "conditions": FIRST["conditions"],
            "meta_analyses": FIRST["meta_analyses"][:2],
            "reported_rates": [
                {"meta_analysis_id": "Ames2015", "condition": "insomnia", "outcome": outcome,
                 "rate": rate, "rate_unit": unit}
                for outcome, (rate, unit) in zip(("onset", "relapse"), rates, strict=True)
            ],
            "study_inclusion": trials,
        }  # fmt: skip

    thousand, hundred = "per 1000 person-years", "per 100 person-years"
    ours = sheets(
        [(12.4, thousand), (12.4, thousand)], [{"study_label": "Lee 2010", "Ames2015": "x"}]
    )
    theirs = sheets(
        [(1.24, hundred), (12.4, hundred)],
        [{"study_label": "Lee2010", "Ames2015": "x", "Bell2016": "x"}],
    )
    paths = write(tmp_path / "ann.xlsx", ours), write(tmp_path / "ben.xlsx", theirs)
    comparison = compare_readers(*map(reader, paths), plan)
    told = [
        (one.sheet, one.column, one.first_value, one.second_value) for one in comparison.differences
    ]
    assert told[1:] == [("reported_rates", "rate", "12.4", "124")]
    assert told[0][:2] == ("study_inclusion", "")
    taken = agreed_sheets(comparison, undecided_as(comparison, {}, "Reader 2"))
    rows = {
        name: [dict(zip(t.header, row, strict=True)) for row in t.rows] for name, t in taken.items()
    }
    assert [(row["rate"], row["rate_unit"]) for row in rows["reported_rates"]] == [
        ("12.4", thousand), ("124", thousand)
    ]  # fmt: skip
    assert {row["study_id"] for row in rows["study_inclusion"]} == {"Lee 2010"}
    assert len(rows["study_inclusion"]) == 2


def test_a_rule_that_says_nothing_of_how_to_compare_is_named(tmp_path, invoke):
    rule = {"sheet": "reported_effects", "field": "estimate", "kind": "number"}
    rule |= {"tolerance_kind": "absolute", "role": "estimate", "reason": "rounding"}
    ben = write(tmp_path / "ben.xlsx", SECOND)
    ann = write(tmp_path / "ann.xlsx", {**FIRST, "agreement_fields": [rule | {"tolerance": 0.2}]})
    wide = invoke("compare", ann, ben, "--format", "csv")
    assert wide.exit_code == 0
    assert "reported_effects" in wide.stdout
    assert ",estimate," not in wide.stdout  # 0.18 apart: the team's own tolerance holds
    for cells in ({"tolerance": "little"}, {"tolerance": 0.2, "role": "much"}):
        write(ann, {**FIRST, "agreement_fields": [rule | cells]})
        result = invoke("compare", ann, ben)
        assert result.exit_code == 1
        assert "worksheet agreement_fields, row 2, column" in " ".join(result.stderr.split())


def test_rows_that_are_said_to_be_two_are_two(folder, compared, comparison, plan, tmp_path):
    book = openpyxl.load_workbook(folder / "ann-ben.adjudication.xlsx")
    page = book["matches"]
    places = columns_of(page)
    pair = ("Ames2015_02", "Ames2015_01")
    for row in range(2, page.max_row + 1):
        cells = [page.cell(row, places[f"row of reader {reader}"]).value for reader in (1, 2)]
        if tuple(cells) == pair:
            page.cell(row, places["one row"]).value = "No"
    target = tmp_path / "decide.xlsx"
    book.save(target)
    apart = read_adjudication(target).apart
    assert apart == [("reported_effects", *pair)]

    two = compare_readers(*comparison.readers, plan, apart)
    rows = {one.key: one for one in two.differences if one.is_row}
    assert rows.keys() - {one.key for one in comparison.differences} == {
        ("reported_effects", "Ames2015_02", "", ""), ("reported_effects", "", "Ames2015_01", ""),
    }  # fmt: skip
    # Taken over, the row of the second reader does not take the name of another of the first.
    choices = {key: "Reader 1" if one.first_row else "Reader 2" for key, one in rows.items()}
    decisions = {key: Decision(choice) for key, choice in choices.items()}
    effects = agreed_sheets(two, decisions)["reported_effects"]
    names = [row[effects.header.index("effect_id")] for row in effects.rows]
    assert len(set(names)) == len(names)
    assert "Ames2015_01_2" in names

    page.cell(2, places["one row"]).value = "perhaps"
    book.save(target)
    with pytest.raises(UmbrellaError, match="worksheet matches, row 2, column one row"):
        read_adjudication(target)
