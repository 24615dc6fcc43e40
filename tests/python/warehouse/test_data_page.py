"""docs/data.md counts what the sheets hold."""

from __future__ import annotations

import re

import pytest

from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

PAGE = (ROOT / "docs/data.md").read_text(encoding="utf-8")
SENTENCES = {
    "eligibility": (
        "{} | a meta-analysis: {} included, {} excluded with a reason",
        "select count(*), count_if(eligibility = 'included'), count_if(eligibility = 'excluded') "
        "from dim_meta_analyses",
    ),
    "unread": (
        "A further {} were seen, but no text that could be read holds their numbers",
        "select count(*) from dim_unread_meta_analyses",
    ),
    "scope": (
        "`subgroup` everything else ({}, {} and {} rows)",
        "select count_if(scope = 'overall'), count_if(scope = 'parallel'), "
        "count_if(scope = 'subgroup') from fct_effects",
    ),
    "restriction": ("{} effects have one", "select count(restriction) from fct_effects"),
    "model": (
        "`unclear` ({} of {} rows)",
        "select count_if(synthesis_model = 'unclear'), count(*) from fct_effects",
    ),
    "poolable": (
        "{} of {} effects can be pooled",
        "select count_if(is_poolable), count(*) from fct_effects",
    ),
    "certainty": (
        "Ten meta-analyses say how sure they are, in {} ratings (`fct_reported_certainty`): one "
        "high, {} moderate, {} low, {} very low",
        "select count(*), count_if(rating = 'moderate'), count_if(rating = 'low'), "
        "count_if(rating = 'very_low') from fct_reported_certainty",
    ),
}


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose header begins so, without its header."""
    lines = PAGE.partition(f"\n{heading}")[2].splitlines()[2:]
    body = lines[: next(i for i, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in body]


def test_rows_of_each_sheet_are_counted(shipped):
    rows = dict(shipped.execute("select folder || '/' || sheet, n_rows from dim_sheets").fetchall())
    shown = {name: count for name, count, _ in table("| Sheet | Rows |") if "*" not in name}
    assert shown == {name: str(rows[name]) for name in shown}
    extraction = {name for name in rows if name.startswith("extraction/")}
    assert extraction - set(shown) == {"extraction/grade_judgements"}, "which is empty"


def test_fates_of_rows_are_counted(shipped):
    found = shipped.execute("select sheet, n_used, n_kept, n_rejected from dim_sheets").fetchall()
    fates = {sheet: [str(number) for number in numbers] for sheet, *numbers in found}
    shown = table("| Sheet | Used |")
    assert len(shown) == 4
    assert all(fates[sheet] == numbers for sheet, *numbers in shown)


def test_flags_are_counted(shipped):
    found = shipped.execute(
        "select unnest(flag_list) as flag, count(*) from intermediate.int_effects group by flag"
    ).fetchall()
    assert {row[0]: row[1] for row in table("| Flag | Effects |")} == {
        flag: str(count) for flag, count in found
    }


@pytest.mark.parametrize("topic", SENTENCES)
def test_sentences_count_right(shipped, topic):
    words, query = SENTENCES[topic]
    assert words.format(*shipped.execute(query).fetchone()) in re.sub(r"\s+", " ", PAGE)
