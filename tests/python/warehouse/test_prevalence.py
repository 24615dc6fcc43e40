"""A review of rates alone: how common depression is, from six meta-analyses without an effect."""

from __future__ import annotations

import html
import re

import duckdb
import pytest

from reports.site import build_site
from tests.python.conftest import ROOT, append, build_warehouse
from umbrella.commands.new import make_folder

pytestmark = pytest.mark.build

RATES = {
    "Rotenstein2016": ("27.2", "24.7", "29.9"),
    "Puthran2016": ("28.0", "24.2", "32.1"),
    "Akhtar2020": ("24.4", "19.2", "30.5"),
    "Tung2018": ("34.0", "27.0", "41.0"),
    "Sarokhani2013": ("33.0", "32.0", "34.0"),
    "Mirza2021": ("33.8", "29.2", "38.7"),
}
DERSIMONIAN_LAIRD = (30.083, 27.011, 33.346)
"""By hand: logits, variances from widths of intervals, the moment estimator, normal limits."""

META_ANALYSIS = {
    "first_author": "A", "title": "T", "delivery": "unclear", "eligibility": "included",
    "source_kind": "abstract",
}  # fmt: skip
RATE = {
    "condition": "depression", "outcome": "prevalence", "definition": "a score above a cut-off",
    "arm": "all", "guidance": "unclear", "interval_kind": "ci95", "n_studies": "20",
    "comparator": "unclear", "source_locator": "abstract",
}  # fmt: skip
ANALYSIS = {
    "analysis_id": "prevalence", "label": "Depression", "analysis_group": "secondary",
    "condition": "depression", "outcome": "prevalence", "unit": "meta_analysis", "scale": "logit",
    "required_scope": "any", "selection_rule": "all", "sort_order": "10",
}  # fmt: skip
FIGURE = {
    "figure_id": "prevalence", "figure_kind": "dropout", "title": "How common it is",
    "subtitle": "Percentage of students", "measure": "percent", "sort_order": "10",
}  # fmt: skip
REVIEW = {
    "review_id": "prev", "title": "Depression in students", "question": "How common is it?",
    "search_date": "2025-01-01", "data_note": "none", "review_kind": "prevalence",
}  # fmt: skip


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prevalence") / "sheets"
    make_folder(folder, ROOT, "prevalence")
    review = folder / "protocol/review.csv"
    review.write_text(review.read_text().splitlines()[0] + "\n")
    append(review, REVIEW)
    append(folder / "vocabulary/conditions.csv", {"code": "depression", "label": "Depression"})
    for year, name in enumerate(RATES, start=2013):
        row = META_ANALYSIS | {"meta_analysis_id": name, "year": str(year)}
        append(folder / "extraction/meta_analyses.csv", row)
        cells = dict(zip(("percent", "percent_low", "percent_high"), RATES[name], strict=True))
        row = RATE | cells | {"rate_id": f"{name}_1", "meta_analysis_id": name}
        append(folder / "extraction/reported_rates.csv", row)
    append(folder / "protocol/analyses.csv", ANALYSIS)
    append(folder / "protocol/figures.csv", FIGURE)
    return folder


@pytest.fixture(scope="module")
def database(sheets):
    return build_warehouse(sheets.parent, sheets, runs_data_tests=True)


@pytest.fixture(scope="module")
def first_page(database, tmp_path_factory, common_parts):
    site = build_site(database, tmp_path_factory.mktemp("site"), ("svg",), cache=common_parts)
    return site.index.read_text(encoding="utf-8")


def test_no_row_is_rejected(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select * from fct_rejected_rows").fetchall() == []


def test_rates_of_everyone_are_pooled(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        [found] = connection.execute(
            "select k, pooled_rate, ci_low_rate, ci_high_rate from fct_pooled_rates "
            "where policy_id = 'seed_paper'"
        ).fetchall()
    assert found == pytest.approx((6, *DERSIMONIAN_LAIRD), abs=0.001)


def test_the_first_page_leads_with_the_prevalence(first_page):
    body = first_page[first_page.index("<main") :]
    words = html.unescape(re.sub(r"<[^>]+>|\s+", " ", body))
    sentence = words.index("Prevalence of about 30 in 100 (95% interval 26 to 34)")
    assert sentence < words.index("About the review")
    assert 'id="figure-prevalence"' in body
    assert "Standardised mean difference" not in words


def test_no_page_speaks_of_an_intervention(database, first_page):
    assert "ntervention" not in first_page
    assert "Published review" not in first_page
