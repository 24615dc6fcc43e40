"""Exports of Covidence, made by the columns that public analyses of such exports read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.python.cases import each
from umbrella.errors import UmbrellaError
from umbrella.importing.layout import Layout
from umbrella.importing.tables import propose_map, read_tables

WIDE = (
    "Covidence #,Study ID,Title,Reviewer Name,:,Exposure,Outcome 1,OR (95% CI) 1,k 1,Outcome 2,"
    "OR (95% CI) 2,k 2,Outcome 3,OR (95% CI) 3,k 3,:",
    '12,Smith 2020,On tea,Ann,,Tea,Stroke,"1.9 (1.2 to 1.8)",5,,,,,,,',
    '12,Smith 2020,On tea,Ben,,Tea,Stroke,"1.5 (1.2 to 1.8)",5,,,,,,,',
    '12,Smith 2020,On tea,Consensus,,Tea,Stroke,"1.5 (1.2 to 1.8)",5,Death,'
    '"1.1 (0.9 to 1.3)",4,,,,',
    '13,Lee 2021,On salt,Ann,,Other: Salt,Stroke,"1.2 (1.0 to 1.5)",7,,,,Death,1.3 (1.1 to 1.5),6,',
    "14,Doe 2022,On oil,Ann,,Oil,Stroke,1.4 (1.1 to 1.8),7,,,,,,,",
    "14,Doe 2022,On oil,Ben,,Oil,Stroke,1.5 (1.1 to 1.8),7,,,,,,,",
)
LONG = (
    "Covidence #,Study ID,Title,Reviewer Name,Outcome,Events drug,N drug,Events placebo,N placebo",
    "12,Ash 2001,A,Ann,Death,4,40,5,41",
    "12,Ash 2001,A,Consensus,Death,3,40,5,41",
    "12,Ash 2001,A,Consensus,Stroke,1,40,2,41",
    "13,Birch 2009,B,Consensus,Death,0,88,4,90",
)


def read(folder: Path, lines: tuple[str, ...], of: str, layout: Layout):
    path = folder / "review_1234_20240320.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert propose_map(path, "", layout)[0] == of
    [(source, imported)] = read_tables(path, of, layout)
    return source, imported, "\n".join(imported.notices)


def test_a_row_for_each_numbered_result_of_the_consensus(tmp_path):
    source, imported, told = read(tmp_path, WIDE, "results", Layout())
    assert not source.problems
    names = ("effect_id", "condition", "outcome", "estimate", "n_comparisons")
    assert [tuple(row[name] for name in names) for row in imported.effects] == [
        ("Smith_2020_4_1", "tea", "stroke", "1.5", "5"),
        ("Smith_2020_4_2", "tea", "death", "1.1", "4"),
        ("Lee_2021_5_1", "salt", "stroke", "1.2", "7"),
        ("Lee_2021_5_3", "salt", "death", "1.3", "6"),
    ]
    assert imported.effects[1]["source_locator"] == "review_1234_20240320.csv, row 4, number 2"
    assert imported.meta_analyses["Smith_2020"]["title"] == "On tea"
    assert "Smith 2020: the consensus; 2 rows of reviewers left out" in told
    assert "Lee 2021: extracted by Ann alone, no consensus" in told
    assert "Doe 2022: no consensus of Ann and Ben yet: left out" in told
    assert source.left_out() == {"Covidence #": 4, "Reviewer Name": 4}


def test_a_long_export_of_trials_with_arms(tmp_path):
    layout = Layout(condition="Sepsis", kind="interventions")
    source, imported, told = read(tmp_path, LONG, "trials", layout)
    assert not source.problems
    names = ("study", "outcome", "events_intervention", "total_control")
    assert [tuple(row[name] for name in names) for row in imported.trials] == [
        ("Ash 2001", "death", "3", "41"), ("Ash 2001", "stroke", "1", "41"),
        ("Birch 2009", "death", "0", "90"),
    ]  # fmt: skip
    assert "Ash 2001: the consensus; 1 row of reviewers left out" in told


@each(
    "lines, words",
    [
        ((*WIDE, "15,Roe 2022"), "row 8 has 2 cells"),
        ((WIDE[0].replace("Reviewer Name", "Who"), *WIDE[1:]), "12 stands in several rows"),
    ],
)
def test_rows_of_whom_nothing_can_be_told_are_refused(tmp_path, lines, words):
    with pytest.raises(UmbrellaError, match=words):
        read(tmp_path, lines, "results", Layout())


def test_numbers_of_two_arms_are_no_results(tmp_path):
    lines = (
        "Covidence #,Study ID,Reviewer Name,Mean 1,SD 1,N 1,Mean 2,SD 2,N 2",
        "12,Ash 2001,Consensus,4,2,40,5,2,41",
    )
    layout = Layout(
        condition="Knee", outcome="Pain", kind="interventions", favours={"": "negative"}
    )
    source, imported, _ = read(tmp_path, lines, "trials", layout)
    assert not source.problems
    [trial] = imported.trials
    assert (trial["mean_intervention"], trial["mean_control"]) == ("4", "5")
