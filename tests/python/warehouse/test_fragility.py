"""What single decisions a result hangs on: each against the sheets edited so, and its words."""

from __future__ import annotations

import csv
import math
import shutil
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import build_warehouse

pytestmark = pytest.mark.build

TRIED = {
    "suicidal_ideation": "change_kind = 'adjudication'",
    "ptsd": "change_kind = 'coding' and changed_field = 'favourable_direction'",
    "anxiety": "change_kind = 'coding' and changed_field = 'scope' and alternative = 'overall'",
    "depression": "change_kind = 'correction'",
    "addiction": "change_kind = 'coding' and value_in_force = 'unclear'",
    "stress": "change_kind = 'coding' and changed_field = 'condition'",
}
"""One decision of each condition: they do not touch one another's results."""
NUMBERS = ("estimate", "ci_low", "ci_high", "p_value")
RESULT = f"k, side, cohen_band, {', '.join(NUMBERS)}"


def decision(connection, analysis_id: str, kind: str) -> dict[str, str | None]:
    """The decision of a kind that moves the result most."""
    found = connection.execute(
        "select effect_id, changed_field, alternative, fragility_id from fct_fragility "
        f"where analysis_id = ? and policy_id = 'recommended' and {kind} "
        "order by fragility_rank limit 1",
        [analysis_id],
    )
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


def edited(folder: Path, sheet: str, edit) -> None:
    """The sheet with the rows that `edit` returns."""
    path = folder / f"extraction/{sheet}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(row for row in map(edit, rows) if row is not None)


@pytest.fixture(scope="module")
def decisions(shipped_database):
    with duckdb.connect(str(shipped_database), read_only=True) as connection:
        return {name: decision(connection, name, kind) for name, kind in TRIED.items()}


@pytest.fixture(scope="module")
def decided_otherwise(decisions, tmp_path_factory, shipped_sheets):
    """The warehouse of sheets in which each of the decisions went the other way."""
    sheets = tmp_path_factory.mktemp("otherwise") / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    cells = {
        (found["effect_id"], found["changed_field"]): found["alternative"] or "personality_disorder"
        if found["changed_field"] == "condition"
        else found["alternative"] or ""
        for found in decisions.values()
    }

    def row_of_effects(row):
        return row | {
            field: value for (effect, field), value in cells.items() if effect == row["effect_id"]
        }

    def row_of_adjudications(row):
        value = cells.get((row["effect_id"], row["field"]))
        return row if value is None else row | {"adjudicated_value": value}

    def row_of_corrections(row):
        return None if (row["row_id"], row["column_name"]) in cells else row

    edited(sheets, "reported_effects", row_of_effects)
    edited(sheets, "adjudications", row_of_adjudications)
    edited(sheets, "corrections", row_of_corrections)
    database = build_warehouse(sheets.parent, sheets, selection="fct_pooled_effects")
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("policy_id", ["recommended", "seed_paper"])
@pytest.mark.parametrize("analysis_id", TRIED)
def test_the_result_is_that_of_the_sheets_decided_so(
    shipped, decisions, decided_otherwise, analysis_id, policy_id
):
    found = decisions[analysis_id]
    change = found["fragility_id"].split(":", 2)[2]
    said = shipped.execute(
        f"select {RESULT} from fct_fragility where fragility_id = ?",
        [f"{analysis_id}:{policy_id}:{change}"],
    ).fetchone()
    built = decided_otherwise.execute(
        f"select {RESULT} from fct_pooled_effects where analysis_id = ? and policy_id = ?",
        [analysis_id, policy_id],
    ).fetchone()
    assert said[0] > 0
    assert said[:-4] == built[:-4]
    assert said[-4:] == pytest.approx(built[-4:], rel=1e-9)


def test_the_result_in_force_is_another(shipped, decisions):
    """Else the comparison above would hold whatever was tried."""
    for analysis_id, found in decisions.items():
        change = shipped.execute(
            "select change from fct_fragility where fragility_id = ?", [found["fragility_id"]]
        ).fetchone()[0]
        assert abs(change) > 1e-6, analysis_id


def test_flags_say_what_changes(shipped):
    rows = shipped.execute(
        "select new.estimate, old.estimate, new.side, old.side, new.cohen_band, "
        "old.cohen_band, is_side_changed, is_significance_changed, is_band_changed "
        "from fct_fragility as new inner join fct_pooled_effects as old "
        "using (analysis_id, policy_id) where old.scale = 'smd'"
    ).fetchall()
    assert len(rows) > 1000
    for new, old, side, before, band, banded, is_side_changed, significance, size in rows:
        signs = [None if value is None else math.copysign(1, value) for value in (new, old)]
        assert is_side_changed == (signs[0] != signs[1])
        assert significance == (side != before)
        assert size == (band != banded)


def test_every_member_can_be_left_out_and_turned_round(shipped):
    """And a result left without one of two or more meta-analyses is that of leave one out."""
    missing = shipped.execute(
        "select members.analysis_id, members.effect_id from fct_analysis_members as members "
        "inner join dim_analyses using (analysis_id) left join fct_fragility as decisions "
        "on members.analysis_id = decisions.analysis_id "
        "and members.policy_id = decisions.policy_id "
        "and members.effect_id = decisions.effect_id "
        "and decisions.changed_field = 'favourable_direction' "
        "where members.is_member and members.policy_id in ('recommended', 'seed_paper') "
        "and unit = 'meta_analysis' and scale != 'logit' and selection_rule = 'all' "
        "and decisions.effect_id is null"
    ).fetchall()
    assert missing == []
    differing = shipped.execute(
        "select count(*), count_if(omitted.estimate is distinct from decisions.estimate) "
        "from fct_leave_one_out as omitted inner join fct_fragility as decisions "
        "on omitted.analysis_id = decisions.analysis_id "
        "and omitted.policy_id = decisions.policy_id "
        "and omitted.omitted_effect_id = decisions.effect_id "
        "where decisions.change_kind = 'meta_analysis'"
    ).fetchone()
    assert differing[0] > 100
    assert differing[1] == 0


def test_a_row_turned_round_pools_its_negative(shipped):
    """By the conventional method, whose members are independent: pooled again from the members."""
    rows = shipped.execute(
        "with turned as (select decisions.fragility_id, decisions.estimate, "
        "list(if(members.effect_id = own.effect_id, -members.yi, members.yi) "
        "order by members.effect_id) "
        "as yis, list(members.vi order by members.effect_id) as vis "
        "from fct_fragility as decisions inner join fct_analysis_members as members "
        "on decisions.analysis_id = members.analysis_id "
        "and decisions.policy_id = members.policy_id and members.is_member "
        "inner join fct_analysis_members as own on decisions.analysis_id = own.analysis_id "
        "and decisions.policy_id = own.policy_id and decisions.effect_id = own.effect_id "
        "and own.is_member where decisions.policy_id = 'seed_paper' "
        "and decisions.changed_field = 'favourable_direction' "
        "and decisions.alternative != 'unclear' "
        "group by decisions.fragility_id, decisions.estimate) "
        "select estimate, yis, vis from turned"
    ).fetchall()
    assert len(rows) > 100
    for estimate, yis, vis in rows:
        assert estimate == pytest.approx(dersimonian_laird(yis, vis), abs=1e-9)


def dersimonian_laird(yis: list[float], vis: list[float]) -> float:
    weights = [1 / v for v in vis]
    total = sum(weights)
    mean = sum(w * y for w, y in zip(weights, yis, strict=True)) / total
    q = sum(w * (y - mean) ** 2 for w, y in zip(weights, yis, strict=True))
    scale = total - sum(w * w for w in weights) / total
    tau2 = max(0.0, (q - len(yis) + 1) / scale) if len(yis) > 1 else 0.0
    weights = [1 / (v + tau2) for v in vis]
    return sum(w * y for w, y in zip(weights, yis, strict=True)) / sum(weights)


def test_ranks_put_what_matters_first(shipped):
    rows = shipped.execute(
        "select analysis_id, policy_id, is_side_changed, is_significance_changed, "
        "is_band_changed, abs(change) from fct_fragility "
        "order by analysis_id, policy_id, fragility_rank"
    ).fetchall()
    for one, other in pairwise(rows):
        if one[:2] == other[:2] and one[5] is not None and other[5] is not None:
            assert one[2:] >= other[2:]


def test_the_page_of_a_condition_names_what_its_result_hangs_on(shipped):
    """Every disputed decision and every meta-analysis that changes side or significance, up to
    three of a kind, with the result then."""
    rows = shipped.execute(
        "select label, result_text, conclusions.fragility_text, conclusions.summary_text, "
        "has_verdict, row_number() over "
        "(partition by analysis_id, decision_kind order by row_order) as place "
        "from reports.rpt_fragility inner join reports.rpt_conclusions as conclusions "
        "using (analysis_id) inner join fct_pooled_effects using (analysis_id, policy_id) "
        "where is_recommended and (is_side_changed or is_significance_changed) "
        "and decision_kind != 'coding'"
    ).fetchall()
    assert len(rows) > 1
    for label, result, text, summary, has_verdict, place in rows:
        if place <= 3:
            assert label in text
            assert result in text
        assert ("one decision" in summary) == has_verdict
    silent = shipped.execute(
        "select summary_text from reports.rpt_conclusions "
        "inner join reports.rpt_fragility_texts using (analysis_id) "
        "where n_decisive = 0"
    ).fetchall()
    assert len(silent) > 1
    assert all("one decision" not in summary for (summary,) in silent)


def test_words_of_decisions_hold_no_codes(shipped):
    codes = shipped.execute(
        "select decisions from reports.rpt_fragility "
        "where regexp_matches(decisions, '[a-z]_[a-z]') "
        "union all select fragility_text from reports.rpt_conclusions "
        "where regexp_matches(fragility_text, '[a-z]_[a-z]')"
    ).fetchall()
    assert codes == []


def test_one_sign_decides_about_suicidal_ideation(shipped):
    """Weisel 2019: which way its sign points was settled between two readers."""
    found = shipped.execute(
        "select old.side, new.side, new.change_kind, new.is_significance_changed "
        "from fct_fragility as new inner join fct_pooled_effects as old "
        "using (analysis_id, policy_id) where analysis_id = 'suicidal_ideation' "
        "and policy_id = 'recommended' and effect_id = 'Weisel2019_08' "
        "and changed_field = 'favourable_direction'"
    ).fetchall()
    assert found == [("neither", "above", "adjudication", True)]
