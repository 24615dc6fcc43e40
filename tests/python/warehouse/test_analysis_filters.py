"""Filters of analyses are declared once: adding one to a copy of the project takes five files."""

from __future__ import annotations

import csv
import logging
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.conftest import ROOT
from tests.python.warehouse import independent_pools
from umbrella.building.compilation import plan_of
from umbrella.building.execution import execute
from umbrella.project import read_properties
from umbrella.sheets.checks import check_sheets
from umbrella.sheets.contract import read_contract

ADDED = "synthesis_model"
COPIED = ("models", "macros", "seeds", "tests/singular", "tests/generic", "dbt_project.yml",
          "profiles.yml", "selectors.yml")  # fmt: skip
TEXT = f'      - name: {ADDED}\n        description: "Only this model."\n'
OUTCOME = "      - name: outcome\n"
SHEET = f"""      - &analyses__{ADDED}
        name: {ADDED}
        description: "Only this model of synthesis."
        config:
          meta: {{kind: code, optional: true, allowed: ["random", "unclear"]}}
"""
POOLING, MADE = (
    "models/marts/pooling/_pooling__models.yml",
    "models/intermediate/_intermediate__models.yml",
)
DECLARED = read_properties(ROOT / "dbt_project.yml")["vars"]

# (file, the line before which something is added, where to begin to look for it, what is added)
ADDITIONS = [
    ("dbt_project.yml", "    outcome: ", "  analysis_filters:", f"    {ADDED}: [effects]\n"),
    ("models/sheets/_protocol__sheets.yml", "      - &analyses__outcome\n", "", SHEET),
    ("models/sheets/_protocol__sheets.yml", "      - *analyses__outcome\n", "",
     f"      - *analyses__{ADDED}\n"),
    (POOLING, OUTCOME, "  - name: dim_analyses\n", f"{TEXT}        data_type: varchar\n"),
    (POOLING, OUTCOME, "  - name: fct_pooled_effects\n", f"{TEXT}        data_type: varchar\n"),
    (MADE, OUTCOME, "  - name: int_analyses\n", TEXT),
]  # fmt: skip
MODELS = [
    "dim_analyses", "fct_pooled_effects", "fct_analysis_members", "fct_effects",
    "rpt_explorer_options",
]  # fmt: skip
RANDOM = {
    "analysis_id": "depression_random", "label": "Depression", "analysis_group": "secondary",
    "condition": "depression", "outcome": "symptom", "unit": "meta_analysis", "scale": "smd",
    "required_scope": "any", "selection_rule": "all", "sort_order": "9000", ADDED: "random",
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of what dbt reads, with another filter of analyses and an analysis that sets it."""
    folder = tmp_path_factory.mktemp("filter") / "project"
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for name, mark, beginning, added in ADDITIONS:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        place = text.index(mark, text.index(beginning))
        path.write_text(text[:place] + added + text[place:], encoding="utf-8")
    analyses = independent_pools.rows(folder / "seeds/protocol", "analyses")
    with (folder / "seeds/protocol/analyses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*analyses[0], ADDED], restval="")
        writer.writeheader()
        writer.writerows([*analyses, RANDOM])
    return folder


def test_adding_a_filter_changes_five_files_at_most():
    assert len({name for name, *_ in ADDITIONS} | {"seeds/protocol/analyses.csv"}) <= 5


@pytest.mark.build
def test_an_added_filter_acts_everywhere(project):
    checked = check_sheets(project / "seeds", read_contract(project))
    assert checked.problems == []
    plan = plan_of(project).restricted_to(MODELS)
    database = project.parent / "umbrella.duckdb"
    outcome = execute(plan, checked.by_name(), database, logging.getLogger("tests"))
    assert outcome.is_ok, [node.message for node in outcome.failed]
    with duckdb.connect(str(database), read_only=True) as connection:
        [(k, filter_set)] = connection.execute(
            f"select k, {ADDED} from fct_pooled_effects "
            "where analysis_id = 'depression_random' and policy_id = 'recommended'"
        ).fetchall()
        [(whole,)] = connection.execute(
            "select k from fct_pooled_effects "
            "where analysis_id = 'depression' and policy_id = 'recommended'"
        ).fetchall()
        candidates = connection.execute(
            f"select distinct {ADDED} from fct_effects inner join fct_analysis_members "
            "using (effect_id) where analysis_id = 'depression_random'"
        ).fetchall()
        lines = connection.execute(
            "select subgroup, is_whole_condition from dim_analyses "
            "where analysis_id = 'depression_random'"
        ).fetchall()
        offered = connection.execute(
            "select code_label from reports.rpt_explorer_options "
            f"where filter_name = '{ADDED}' order by code"
        ).fetchall()
    assert ("Random",) in offered
    assert (filter_set, candidates) == ("random", [("random",)])
    assert 0 < k < whole
    assert lines == [("random", False)]


FILTERED = {"effects": "int_effects", "rates": "int_rates", "trials": "int_trial_units"}


def test_what_filters_act_on_has_their_column():
    columns = {
        model["name"]: {column["name"] for column in model["columns"]}
        for path in (ROOT / "models").rglob("*.yml")
        for model in read_properties(path).get("models", [])
        if model["name"] in ("int_analyses", *FILTERED.values())
    }
    for column, acts_on in DECLARED["analysis_filters"].items():
        assert column in columns["int_analyses"]
        assert set(acts_on) <= set(FILTERED)
        assert all(column in columns[FILTERED[rows]] for rows in acts_on)
    assert set(DECLARED["whole_condition_filters"]) <= set(DECLARED["analysis_filters"])


def test_the_docs_name_the_files_and_the_list():
    page = (ROOT / "docs/adding-a-filter.md").read_text(encoding="utf-8")
    assert [name for name, *_ in ADDITIONS if f"`{name}`" not in page] == []
    assert "analysis_filters" in (ROOT / "docs/own-review.md").read_text(encoding="utf-8")
