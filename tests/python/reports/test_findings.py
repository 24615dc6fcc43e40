"""The summary of findings: numbers as printed, and nothing claimed that is not known."""

import re

import pytest

from reports.figure import Tables
from reports.pages import findings


@pytest.fixture
def table(tables: Tables) -> str:
    """The table as HTML."""
    return str(findings.findings_html(tables["rpt_findings"]))


def line(table: str, outcome: str) -> list[str]:
    """Texts of the line of one outcome."""
    row = next(row for row in table.split("<tr") if f">{outcome}</" in row)
    return re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row)


def test_a_pool_shows_effect_prediction_interval_and_certainty(table: str) -> None:
    assert line(table, "Symptoms") == [
        "Symptoms",
        "12",
        "23\u2009456 (9 of 12 report it)",
        "SMD 0.45 (0.39 to 0.52)",
        "0.10 to 0.80",
        "\u25cf\u25cf\u25cb\u25cb Low. Their own rating: Author 2020 moderate",
        "The intervention may reduce symptoms.",
    ]


def test_a_range_is_no_interval(table: str) -> None:
    assert line(table, "Dropout")[3] == "8.2 to 47.8% (range)"
    assert line(table, "Dropout")[5] == "Not graded"


def test_what_is_not_known_is_not_invented(table: str) -> None:
    assert line(table, "Adherence")[1:5] == ["0", "\u2013", "\u2013", "\u2013"]
    assert line(table, "Response")[3] == "OR 2.49 (NR)"


def test_a_subgroup_is_named(table: str) -> None:
    assert line(table, "Dropout, inactive controls")[1] == "0"


def test_reasons_are_listed_for_what_is_graded_or_could_be(tables: Tables) -> None:
    listed = findings.reasons(tables["rpt_findings"])
    assert listed == (
        "Graded by: Scheme A.",
        "Depression, symptoms: inconsistency <1>",
        "Depression, response: Cannot be graded.",
    )


def test_what_nobody_judged_has_no_word_of_certainty(table: str) -> None:
    assert line(table, "Response")[5] == "Not judged: between very low and high possible"


def test_the_table_has_no_style_of_its_own(table: str) -> None:
    assert "style=" not in table
    assert "<caption>Summary of findings" in table


def test_the_authors_own_ratings_are_listed(tables: Tables) -> None:
    section = findings.reported(tables["rpt_reported_certainty"])
    [block] = section.blocks
    assert block.table.rows[0][:5] == (
        "Depression", "Symptoms", "Author <2020>", "moderate", "GRADE",
    )  # fmt: skip
    assert findings.reported([]).blocks == ()
