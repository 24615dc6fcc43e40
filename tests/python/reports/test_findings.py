"""The summary of findings: numbers as printed, and nothing claimed that is not known."""

import re

import pytest

from reports.figure import Tables
from reports.pages import findings
from reports.summary import SummaryTable, letter, needed, summary_tables


@pytest.fixture
def found(tables: Tables) -> list[SummaryTable]:
    """The tables of the made-up review."""
    return summary_tables(tables)


def line(table: SummaryTable, outcome: str) -> dict[str, str]:
    """Texts of the line of one outcome, by column."""
    row = next(row for row in table.rows if row[0].lines[0] == outcome)
    return {name: cell.text for name, cell in zip(table.columns, row, strict=True)}


def test_a_line_says_risks_difference_effect_size_and_certainty(found: list[SummaryTable]) -> None:
    assert line(found[0], "Symptoms") == {
        "Outcome": "Symptoms\nAfter treatment",
        "With [[comparison]]": "200 per 1000 [a]",
        "With [[studied]] (95% CI)": "348 per 1000 (326 to 374)",
        "Difference (95% CI)": (
            "148 more per 1000 (126 more to 174 more)\n"
            "Number needed to treat 6.8 (5.8 to 7.9), by the share who respond\n"
            "Scale <0 to 27>: 2.7 points lower (3.1 lower to 2.3 lower)\n"
            "Number needed to harm 4.0 (to harm 1.7 to \u221e to benefit 12.0), by pairs of people"
        ),
        "Effect (95% CI)": "SMD 0.45 (0.39 to 0.52)\nIn a new setting 0.10 to 0.80",
        "Participants": "23\u2009456 (9 of 12 report it)\n12 [[members]]\n50 [[studies]]",
        "Certainty": "\u2295\u2295\u25ef\u25ef Low\nTheir own rating: Author 2020 moderate [b]",
        "What this means": "The intervention may reduce symptoms.",
    }


def test_an_interval_of_a_number_needed_runs_over_infinity_between_harm_and_benefit() -> None:
    """Altman 1998; a limit that is no effect is infinity itself, and harm alone has no sign."""
    intervals = {
        (14.5, 3.0, -5.0): "treat 14.5 (to harm 5.0 to \u221e to benefit 3.0)",
        (14.5, 3.0, None): "treat 14.5 (\u221e to benefit 3.0)",
        (-14.5, None, -5.0): "harm 14.5 (to harm 5.0 to \u221e)",
        (-14.5, -90.0, -5.0): "harm 14.5 (5.0 to 90.0)",
        (14.5, None, None): "treat 14.5",
    }
    for (value, best, worst), words in intervals.items():
        way = {"way": "pairs", "nnt": value, "nnt_low": best, "nnt_high": worst}
        assert needed(way) == f"Number needed to {words}, by pairs of people"


def test_each_assumed_risk_has_its_own_numbers(found: list[SummaryTable]) -> None:
    said = line(found[0], "Response")
    assert said["With [[comparison]]"] == "Low: 100 per 1000\nHigh: 3.0 per 1000"
    assert said["Difference (95% CI)"] == "Low: 117 more per 1000\nHigh: 4.4 more per 1000"
    assert said["Effect (95% CI)"] == "OR 2.49 (NR)"
    # the same words have one letter
    assert said["Certainty"] == "Not judged: between very low and high possible [b, c]"
    assert [mark for mark, _ in found[0].notes] == ["a", "b", "c"]


def test_a_range_is_no_interval_and_a_group_has_no_effect(found: list[SummaryTable]) -> None:
    said = line(found[0], "Dropout")
    assert said["With [[studied]] (95% CI)"] == "82 to 478 per 1000 (as reported)"
    assert (said["Effect (95% CI)"], said["Certainty"]) == ("\u2013", "Not graded")


def test_what_is_not_known_is_not_invented(found: list[SummaryTable]) -> None:
    said = line(found[0], "Adherence")
    assert set(said.values()) == {"Adherence", "\u2013", "No data."}


def test_a_published_result_is_marked(found: list[SummaryTable]) -> None:
    said = line(found[0], "Relapse")
    assert said["Effect (95% CI)"] == "Published: RR 0.50 (0.25 to 1.00)"
    assert said["Difference (95% CI)"] == said["Participants"] == "\u2013"


def test_a_table_of_one_group_has_no_columns_of_two(found: list[SummaryTable]) -> None:
    assert found[1].columns[1] == "How common (95% CI)"
    assert line(found[1], "Dropout")["How common (95% CI)"] == (
        "0.40 per 1000 person-years (0.10 to 1.60); in a new setting 0.02 to 4.00 [a]"
    )


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "a", "z", "aa", "az", "ba", "zz", "aaa",
    ]  # fmt: skip


def test_the_page_escapes_and_links_footnotes(found: list[SummaryTable]) -> None:
    page = str(findings.findings_html(found[0]))
    assert "style=" not in page
    assert "a &lt;b&gt;registry" in page
    assert "Scale &lt;0 to 27&gt;" in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets == set(re.findall(r'<li id="([^"]+)"', page)) == {
        "findings-1-a", "findings-1-b", "findings-1-c",
    }  # fmt: skip
    assert page.count('data-label="Certainty"') == len(found[0].rows)


def test_reasons_are_listed_for_what_is_graded_or_could_be(tables: Tables) -> None:
    listed = findings.reasons(tables["rpt_findings"])
    assert listed == (
        "Graded by: Scheme A.",
        "Depression, symptoms: inconsistency <1>",
        "Depression, response: Cannot be graded.",
    )


def test_the_authors_own_ratings_are_listed(tables: Tables) -> None:
    section = findings.reported(tables["rpt_reported_certainty"])
    [block] = section.blocks
    assert block.table.rows[0][:5] == (
        "Depression", "Symptoms", "Author <2020>", "moderate", "GRADE",
    )  # fmt: skip
    assert findings.reported([]).blocks == ()
