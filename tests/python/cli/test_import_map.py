"""`umbrella map` and `umbrella import table`: what a map says is what is read."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.cases import each
from umbrella import system
from umbrella.errors import UmbrellaError
from umbrella.importing.columns import COLUMNS, Role
from umbrella.importing.layout import Layout
from umbrella.importing.map_reading import read_map
from umbrella.importing.map_writing import Shown, as_text, in_map_words
from umbrella.importing.maps import READERS
from umbrella.importing.reading import is_of_numbers
from umbrella.importing.tables import propose_map, read_tables
from umbrella.project import project_dir
from umbrella.sheets.problems import Problem

RESULTS = (
    "Table 2. Results of the meta-analyses;;;;;;;",
    "Autor;Erkrankung;Faktor;OR (95% CI);Studien;I²;Gewicht;DOI",
    "Smith 2020;Depression;Rauchen;1,45 (1,20 bis 1,75);12;45%;3;10.1/a",
    "Jones 2021;Depression;Alkohol;1,10 (0,95 bis 1,27);8;12%;4;10.1/b",
    "Lee 2019;Demenz;Alkohol;1,30 (1,05 bis 1,61);9;60%;5;10.1/c",
)
CRITERIA = (
    "Review,Factor,Outcome,Effect,Metric,Cases > 1000,95% PI includes null,Egger p,Level",
    'Smith 2020,Smoking,Stroke,"1.45 (1.20, 1.75)",RR,yes,no,0.03,II',
    'Jones 2021,Alcohol,Stroke,"1.10 (0.95, 1.27)",OR,no,yes,0.40,NS',
)
SHARES = (
    "Review,Disorder,Prevalence (95% CI),Cases/N",
    "Smith 2020,Anxiety,12.5% (10.1 to 15.2),125/1000",
    "Jones 2021,Anxiety,9.5% (8.1 to 11.2),95/1000",
)
COUNTS = (
    "Trial,Year,Deaths drug,N drug,Deaths placebo,N placebo,Risk of bias,Reviewer,weeks",
    "ABLE,2004,12,150,21,148,Low,MK,6",
    "BRAVE,2008,30,1400,44,1396,Some concerns,MK,8",
    "Total,,42,1550,65,1544,,,",
)
MEANS = (
    "Study,Drug: mean (SD),N drug,Placebo: mean (SD),N placebo",
    "Ash 2001,12.1 (4.2),40,14.9 ± 4.6,41",
    "Birch 2009,10.4 (5.1),88,12.2 (5.0),90",
)
THOUSANDS = (
    "Review,Factor,Outcome,RR (95% CI),N (thousands),Cases in Tsd.",
    "Smith 2020,Tea,Stroke,1.5 (1.2 to 1.8),12.5,1.25",
)
SMALL = """\
table: results
columns:
  Review: meta_analysis
  Factor: condition
  Effect: {holds: estimate, measure: odds_ratio}
  Weight: not read
outcome: Stroke
"""
"""A map as somebody types it."""

OF_SMALL = ("Review,Factor,Effect,Weight", "Smith 2020,Smoking,1.45 (1.20 to 1.75),3")

TABLES = {
    "results in German": (RESULTS, Layout()),
    "criteria and verdicts": (CRITERIA, Layout()),
    "percentages": (SHARES, Layout()),
    "counts in thousands": (THOUSANDS, Layout()),
    "counts of trials": (COUNTS, Layout(condition="Sepsis", outcome="Death", kind="interventions")),
    "means of trials": (
        MEANS,
        Layout(
            condition="Knee", outcome="Pain", kind="interventions", favours={"Pain": "negative"}
        ),
    ),
}


def written(folder: Path, lines: tuple[str, ...], name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def mapped(path: Path, layout: Layout) -> tuple[str, str]:
    """The kind of a table and its map."""
    of, layout, shown, _ = propose_map(path, "", layout)
    return of, as_text(of, layout, shown, "table.map.yml")


@each("name", TABLES)
def test_a_map_that_is_proposed_reads_what_the_import_without_one_reads(tmp_path, name):
    """The two commands are one: the same rows, codes and conditions, whatever the table."""
    lines, layout = TABLES[name]
    path = written(tmp_path, lines)
    of, text = mapped(path, layout)
    assert of == ("trials" if "trials" in name else "results")
    map_file = written(tmp_path, tuple(text.split("\n")), "table.map.yml")
    table_map, problems = read_map(map_file)
    assert not problems
    [(source, alone)] = read_tables(path, of, layout)
    [(of_map, by_map)] = read_tables(path, of, table_map.layout, table_map)
    assert not source.problems
    assert not of_map.problems
    assert alone.rows
    assert replace(by_map, notices=[]) == replace(alone, notices=[])
    assert of_map.left_out() == source.left_out()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=12).map(str.strip).filter(bool),
        st.tuples(
            st.sampled_from([*COLUMNS, "meta_analyses.doi", ""]),
            st.sampled_from(["", "0.01", "1000"]),
            st.sampled_from(["", "mmHg: 'x'", "in brackets"]),
            st.sampled_from([None, (">=", "1000"), ("<", "1e-6")]),
        ),
        max_size=4,
    ),
    st.text(max_size=20).map(lambda text: " ".join(text.split())),
)
def test_a_map_reads_back_as_it_was_written(tmp_path_factory, columns, condition):
    roles = {
        name: replace(READERS["results"].role_said(ours, name), times=times, unit=unit, criterion=c)
        for name, (ours, times, unit, c) in columns.items()
        if ours
    }
    roles = {
        name: role if is_of_numbers(role) else replace(role, times="")
        for name, role in roles.items()
    }
    layout = Layout(roles=roles, condition=condition, header=(2, 3), decimal="comma")
    layout = replace(layout, measures={condition: "odds_ratio"} if condition else {})
    shown = Shown("my table.csv", (), (2, 3), dict.fromkeys(columns, condition))
    path = tmp_path_factory.mktemp("maps") / "m.map.yml"
    path.write_text(as_text("results", layout, shown, path.name), encoding="utf-8", newline="")
    table_map, problems = read_map(path)
    assert not problems
    assert table_map.layout.roles == roles
    assert set(table_map.unread) == columns.keys() - roles.keys()
    found = table_map.layout
    assert (found.condition, found.header, found.decimal) == (condition, (2, 3), "comma")
    assert found.measures == ({} if condition in ("", "all rows") else layout.measures) or (
        condition == "all rows"
    )


FAULTS = {
    "no YAML": ("Weight: not read", "Weight: [not", (None, "not YAML", "key: value")),
    "no kind": ("table: results\n", "", (None, "no table", "results, trials")),
    "kind misspelt": ("table: results", "table: result", (1, "'result'", "did you mean results?")),
    "unknown key": ("outcome:", "outcomes:", (7, "outcomes: no such key", "mean outcome?")),
    "key of trials": ("outcome:", "arms:", (7, "no key of a map of results", "one of: table")),
    "unknown role": ("condition", "conditon", (4, "Factor, value 'conditon'", "mean condition?")),
    "unknown sheet": ("not read", "meta_analyses.dio", (6, "not known", "meta_analyses.doi?")),
    "unknown part": ("measure:", "mesure:", (5, "Effect: mesure", "did you mean measure?")),
    "role missing": ("holds: estimate, ", "", (5, "what it holds is missing", "one of")),
    "twice": ("Weight", "Review", (6, "key Review: stands twice", "each key once")),
    "times": ("measure: odds_ratio", "times: 1/2", (5, "times, value '1/2'", "0.01")),
    "bound": ("measure: odds_ratio", "yes_means: many", (5, "no bound", "> 1000")),
    "turned round": ("measure: odds_ratio", "times: -1", (5, "times, value '-1'", "0.01")),
    "endless": ("measure: odds_ratio", "times: 1e99", (5, "times, value '1e99'", "0.01")),
    "times a word": (
        "Factor: condition",
        "Factor: {holds: condition, times: 10}",
        (4, "Factor: times, value '10': condition is no number", "a column of numbers"),
    ),
    "bound of words": ("measure: odds_ratio", "yes_means: '> many'", (5, "no bound", "> 1000")),
    "name of names": ("Weight: not read", "? [a, b]\n  : c", (6, "no name", "before the colon")),
    "no columns": ("columns:", "favours:", (None, "the map has no columns", "for each column")),
    "header": ("outcome: Stroke", "header: 3-7", (7, "value '3-7'", "such as 3-4")),
    "decimal": ("outcome: Stroke", "decimal: dot", (7, "value 'dot'", "as written, point, comma")),
    "constant": (
        "outcome: Stroke",
        "constants: {meta_analyses.delivry: website}",
        (7, "constants, value 'meta_analyses.delivry'", "meta_analyses.delivery?"),
    ),
    "constant that is none": (
        "outcome: Stroke",
        "constants: {reported_effects.timepoint: nonsense}",
        (7, "reported_effects.timepoint, value 'nonsense': not understood", "one of: post"),
    ),
    "constant in words": (
        "outcome: Stroke",
        "constants: {meta_analyses.year: abc}",
        (7, "meta_analyses.year, value 'abc': no number", "digits"),
    ),
    "list": ("outcome: Stroke", "outcome: [a, b]", (7, "no text", "outcome: TEXT")),
}
"""What is changed in the map, and the line, words of the problem and of the remedy."""


@each("name", FAULTS)
def test_every_fault_of_a_map_is_told_by_line_key_and_value(tmp_path, name):
    old, new, (line, problem, right) = FAULTS[name]
    assert old in SMALL
    path = tmp_path / "small.map.yml"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    table_map, problems = read_map(path)
    assert table_map is None
    texts = [f"{one.where()}: {one.problem} / {one.right}" for one in problems]
    assert any(problem in text and right in text for text in texts), texts
    assert line is None or any(text.startswith(f"line {line}, ") for text in texts), texts


def small(tmp_path: Path, lines: tuple[str, ...], text: str = SMALL):
    """Source and rows of a table by a map."""
    path = written(tmp_path, lines)
    map_file = tmp_path / "small.map.yml"
    map_file.write_text(text, encoding="utf-8")
    table_map, problems = read_map(map_file)
    assert not problems, problems
    [(source, imported)] = read_tables(path, table_map.of, table_map.layout, table_map)
    return source, imported


def test_a_column_that_was_renamed_is_told_with_its_line_and_the_new_name(tmp_path):
    lines = ("Review,Factor,Effect (95% CI),Remark", "Smith 2020,Smoking,1.45 (1.20 to 1.75),3")
    source, imported = small(tmp_path, lines)
    [problem] = source.problems
    assert problem.where() == "line 5, key columns, value 'Effect'"
    assert "perhaps Effect (95% CI)" in problem.right
    assert "Remark" in problem.right
    assert not imported.rows
    source, imported = small(tmp_path, ("Review,FACTOR,Effect,New", "Smith 2020,Smoking,1.45,3"))
    assert not source.problems
    assert len(imported.rows) == 1
    assert "not in the map, so not read: column New" in imported.notices
    assert any("no longer in the table: column Weight" in told for told in imported.notices)


def test_what_is_said_of_all_rows_is_of_no_column(tmp_path, invoke):
    """A map that says both is refused; an option is told to leave the column."""
    source, imported = small(tmp_path, OF_SMALL, SMALL + "condition: Tea\n")
    [problem] = source.problems
    assert problem.where() == "line 4, key columns, value 'Factor'"
    assert "condition is also said of all rows, as 'Tea'" in problem.problem
    assert not imported.rows
    for of, lines in (("results", OF_SMALL), ("trials", COUNTS)):
        path = written(tmp_path, lines)
        layout = Layout(condition="Tea", outcome="Death", meta_analysis="All", kind="exposures")
        layout = replace(layout, measures={"": "odds_ratio"})
        [(source, imported)] = read_tables(path, of, layout)
        assert not source.problems
        assert {row["condition"] for row in imported.rows} == {"tea"}
        assert list(imported.meta_analyses) == ["All"]
        told = " ".join(imported.notices)
        assert not re.search(r"\b(condition|meta_analysis): column", told), of
    assert "Factor" in read_tables(written(tmp_path, OF_SMALL), "results", layout)[0][0].left_out()


def test_a_worksheet_of_no_workbook_is_refused(tmp_path):
    with pytest.raises(UmbrellaError, match="no workbook, of which a worksheet is meant"):
        small(tmp_path, OF_SMALL, SMALL + "worksheet: Effects\n")


def test_numbers_are_multiplied_and_read_by_the_mark_that_the_map_says(tmp_path):
    text = SMALL.replace(
        "measure: odds_ratio}", "measure: mean_difference, unit: kg, times: 0.001}"
    )
    text += "decimal: comma\n"
    lines = ("Review;Factor;Effect;Weight", "Smith 2020;Smoking;1.450 (1.200 to 1.750,5);3")
    _, imported = small(tmp_path, lines, text)
    [effect] = imported.effects
    wanted = {"estimate": "1.45", "ci_low": "1.2", "ci_high": "1.7505", "measure_unit": "kg"}
    assert {key: effect[key] for key in wanted} == wanted
    text = SMALL.replace("Weight: not read", "Weight: {holds: n_total, times: 1000}")
    _, imported = small(tmp_path, ("Review,Factor,Effect,Weight", "A 2020,B,1.4,3.25"), text)
    assert imported.effects[0]["n_total"] == "3250"
    path = written(tmp_path, THOUSANDS)
    [(_, imported)] = read_tables(path, "results", Layout())
    counts = [imported.effects[0][name] for name in ("n_total", "n_cases")]
    assert counts == ["12500", "1250"]
    source, _ = small(tmp_path, ("Review,Factor,Effect,Weight", "A 2020,B,1.4,3.2555"), text)
    assert "no whole number" in source.problems[0].problem


def test_a_header_that_the_map_says_and_one_that_is_not_there(tmp_path, invoke):
    lines = ("a,b,c,d", "x,y,z,w", *OF_SMALL)
    _, imported = small(tmp_path, lines, SMALL + "header: 3\n")
    assert len(imported.rows) == 1
    (tmp_path / "small.map.yml").write_text(SMALL + "header: 9\n")
    told = invoke(
        "import", "table", tmp_path / "table.csv", tmp_path / "mine",
        "--map", tmp_path / "small.map.yml",
    )  # fmt: skip
    assert told.exit_code == 1
    assert "row 9" in told.stderr
    assert not (tmp_path / "mine").exists()


def test_columns_of_sheets_keep_what_no_result_is(tmp_path):
    """Codes stay codes; another DOI of one meta-analysis is a fault."""
    text = SMALL.replace(
        "Weight: not read", "Weight: meta_analyses.doi\n  G: reported_effects.guidance"
    )
    lines = ("Review,Factor,Effect,Weight,G", "A 2020,B,1.4,10.1/x,guided", "A 2020,C,1.5,10.1/y,")
    text += "constants: {meta_analyses.delivery: website, reported_effects.guidance: unguided}\n"
    source, imported = small(tmp_path, lines, text)
    assert imported.meta_analyses["A_2020"]["doi"] == "10.1/y"
    assert imported.meta_analyses["A_2020"]["delivery"] == "website"
    assert [row["guidance"] for row in imported.effects] == ["guided", "unguided"]
    [problem] = source.problems
    assert (problem.row, problem.value, problem.right) == (3, "10.1/y", "10.1/x")


def test_questions_stand_in_the_map_until_they_are_answered(tmp_path, invoke):
    lines = ("Review,Factor,Effect,Kind", "A 2020,Tea,1.4 (1.1-1.8),Stroke",
             "B 2020,Tea,1.5 (1.2-1.9),Death", "C 2020,Salt,1.5 (1.2-1.9),Death")  # fmt: skip
    path = written(tmp_path, lines)
    done = invoke("map", path)
    assert done.exit_code == 0, done.stderr
    text = (tmp_path / "table.map.yml").read_text(encoding="utf-8")
    assert "Still to be answered" in text
    assert "Kind: undecided" in text
    assert "--" not in text.replace("--map", "")
    options = (path, tmp_path / "mine", "--map", tmp_path / "table.map.yml")
    refused = invoke("import", "table", *options)
    assert refused.exit_code == 1
    assert not (tmp_path / "mine").exists()
    assert invoke("map", path).exit_code == 1, "a map is not replaced unasked"
    answered = text.replace("Kind: undecided", "Kind: outcome")
    answered = re.sub(r"measure: \{\}", "measure: odds_ratio", answered)
    (tmp_path / "table.map.yml").write_text(answered, encoding="utf-8")
    done = invoke("import", "table", *options)
    assert done.exit_code == 0, done.stderr
    with (tmp_path / "mine/extraction/reported_effects.csv").open(encoding="utf-8") as file:
        rows = [(row["outcome"], row["measure"]) for row in csv.DictReader(file)]
    assert rows == [("stroke", "odds_ratio"), ("death", "odds_ratio"), ("death", "odds_ratio")]


def test_words_of_options_become_keys():
    right = "perhaps --column estimate='OR x'; --column estimate=NAME, or --meta-analysis TEXT"
    assert in_map_words(Problem("t", "no", right)) == (
        "no; right: perhaps 'OR x: estimate' under columns; 'NAME: estimate' under columns, "
        "or meta_analysis: TEXT"
    )


@each(
    "sheet, key, step",
    [("reported_effects", "effect_id", 8), ("primary_studies", "comparison_id", 1)],
)
def test_sheets_that_were_exported_are_imported_with_equal_cells(tmp_path, sheet, key, step):
    """Every cell of shipped rows, but their own identifiers, whatever the decimals printed."""
    with (project_dir() / f"seeds/extraction/{sheet}.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] != "proportion"][::step]
    path = tmp_path / "exported.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    of, text = mapped(path, Layout())
    map_file = written(tmp_path, tuple(text.split("\n")), "exported.map.yml")
    table_map, problems = read_map(map_file)
    assert not problems
    [(source, imported)] = read_tables(path, of, table_map.layout, table_map)
    assert not source.problems
    assert list(source.left_out()) == [key]
    found = imported.trials if sheet == "primary_studies" else imported.effects
    for row, cells in zip(rows, found, strict=True):
        wanted = {name: value for name, value in row.items() if name != key}
        assert {name: cells.get(name, "") for name in wanted} == wanted


def test_roles_are_shown_for_confirmation_and_may_be_declined(tmp_path, invoke, monkeypatch):
    path = written(tmp_path, RESULTS)
    monkeypatch.setattr("umbrella.commands.map_table.is_asked", lambda: True)
    declined = invoke("map", path, stdin="n\n")
    assert declined.exit_code == 1
    assert not (tmp_path / "table.map.yml").exists()
    assert "odds_ratio" in declined.stdout
    assert invoke("map", path, stdin="y\n").exit_code == 0
    assert (tmp_path / "table.map.yml").exists()


def test_role_is_the_only_place_of_what_a_column_holds():
    """A field that is added to a role must be written in a map, too."""
    assert set(Role.__dataclass_fields__) == {
        "holds", "measure", "criterion", "includes", "unit", "deviation", "times",
    }  # fmt: skip


def test_a_map_does_not_replace_its_table(tmp_path, invoke):
    path = written(tmp_path, RESULTS)
    before = path.read_bytes()
    done = invoke("map", path, "--to", path, "--overwrite", "--yes")
    assert done.exit_code == 1
    assert "is the table itself" in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("of", ["results", "trials"])
def test_keys_of_a_map_are_those_that_its_reader_uses(of, tmp_path):
    shown = Shown("t.csv", (), (1, 1), {})
    path = tmp_path / "m.yml"
    path.write_text(as_text(of, Layout(roles={}), shown, "m.yml"), encoding="utf-8")
    table_map, problems = read_map(path)
    assert not problems
    assert table_map.of == of


def test_a_workbook_is_made_and_one_that_is_there_is_left(tmp_path, invoke):
    path = written(tmp_path, RESULTS)
    assert invoke("map", path).exit_code == 0
    given = ("import", "table", path, "--map", tmp_path / "table.map.yml")
    book = tmp_path / "mine.xlsx"
    done = invoke(*given, book)
    assert done.exit_code == 0, done.stderr
    assert f"Then: umbrella check {system.quoted(book)}" in done.stdout
    cells = list(openpyxl.load_workbook(book)["reported_effects"].values)
    place = cells[0].index("estimate")
    assert [float(row[place]) for row in cells[1:] if row[place] is not None][-3:] == [
        1.45, 1.1, 1.3,
    ]  # fmt: skip
    before = book.read_bytes()
    refused = invoke(*given, book)
    assert refused.exit_code == 1
    assert f"or --into {system.quoted(book)} for a copy" in refused.stderr
    again = invoke(*given, "--into", book)
    assert again.exit_code == 1
    assert "holds Jones_2021, Lee_2019, Smith_2020 already" in again.stderr
    assert book.read_bytes() == before
    assert not book.with_name("mine.imported.xlsx").exists()
    nowhere = invoke(*given, "--into", tmp_path / "nowhere.xlsx")
    assert nowhere.exit_code == 1
    assert "nowhere.xlsx does not exist: nothing was written" in nowhere.stderr


def test_rows_are_added_to_a_copy_of_a_workbook(tmp_path, invoke):
    path, book = tmp_path / "table.csv", tmp_path / "mine.xlsx"
    written(tmp_path, RESULTS)
    more = [line.replace("20", "19", 1).replace("10.1/", "10.2/") for line in RESULTS[2:]]
    assert invoke("map", path).exit_code == 0
    given = ("import", "table", path, "--map", tmp_path / "table.map.yml")
    assert invoke(*given, book).exit_code == 0
    own = openpyxl.load_workbook(book)
    own["reported_effects"].insert_cols(1)
    own["reported_effects"]["A1"], own["reported_effects"]["A2"] = "page", "p. 12"
    del own["analyses"]
    own.save(book)
    before = book.read_bytes()
    path.write_text("\n".join([*RESULTS[:2], *more]), encoding="utf-8")
    done = invoke(*given, "--into", book)
    assert done.exit_code == 0, done.stderr
    copy = book.with_name("mine.imported.xlsx")
    assert f"Then: umbrella check {system.quoted(copy)}" in done.stdout
    assert book.read_bytes() == before

    written(tmp_path, [*RESULTS, *more])
    assert invoke(*given, tmp_path / "whole.xlsx").exit_code == 0
    added, whole = (openpyxl.load_workbook(name) for name in (copy, tmp_path / "whole.xlsx"))
    assert added["reported_effects"]["A2"].value == "p. 12"
    for name in ("meta_analyses", "reported_effects", "conditions"):
        of_both = [_cells(page[name]) for page in (added, whole)]
        assert of_both[0] == of_both[1], name


def _cells(page):
    """Rows of a worksheet without where they were read and without the team's own column."""
    header, *rows = page.values
    left_out = {"page", "source_locator", "effect_id"}
    named = [dict(zip(header, row, strict=True)) for row in rows if any(row)]
    return [{name: row[name] for name in row.keys() - left_out if row[name]} for row in named]
