"""`umbrella headline` shows the three sources side by side, with k, and reasons for gaps."""

import duckdb

from tests.python.conftest import mark_as_whole


def test_sources_stand_side_by_side(invoke, warehouse):
    result = invoke("headline", "--database", warehouse)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.index("Depression") < result.stdout.index("Anxiety")
    assert "0.53 (0.44 to 0.62) k=7" in result.stdout
    assert "0.00 (−0.10 to 0.20) k=5" in result.stdout
    assert "above zero favours the diet" in " ".join(result.stdout.split())


def test_where_nothing_favours_the_note_says_only_what_is_more(invoke, warehouse):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update reports.rpt_review set review_kind = 'exposures'")
    result = invoke("headline", "--database", warehouse)
    assert "favours" not in result.stdout
    assert "above zero there is more of the outcome" in " ".join(result.stdout.split())


def test_gaps_say_why(invoke, warehouse):
    result = invoke("headline", "--database", warehouse)
    assert "no data k=0" in result.stdout
    assert "k=1; not pooled" in result.stdout
    assert "not given" in result.stdout


def test_a_database_without_results_is_named(invoke, tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        mark_as_whole(connection)
    result = invoke("headline", "--database", path)
    assert result.exit_code == 1
    assert "no headline results" in result.stderr


def test_a_missing_warehouse_is_named(invoke, tmp_path):
    result = invoke("headline", "--database", tmp_path / "none.duckdb")
    assert result.exit_code == 1
    assert "There is no warehouse" in result.stderr


def test_a_review_without_published_results_has_no_column_for_them(invoke, warehouse):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from reports.rpt_headline where source = 'published'")
    result = invoke("headline", "--database", warehouse)
    assert result.exit_code == 0
    assert "ublished" not in result.stdout


def test_a_review_without_results_says_so(invoke, warehouse):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from reports.rpt_headline")
    result = invoke("headline", "--database", warehouse)
    assert result.exit_code == 0
    assert "No headline result" in result.stdout
