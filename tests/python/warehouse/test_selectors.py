"""Each selector is described and chooses what it says."""

from __future__ import annotations

import pytest

from tests.python.conftest import ROOT
from umbrella.project import read_properties

SELECTORS = {
    selector["name"]: selector["description"]
    for selector in read_properties(ROOT / "selectors.yml")["selectors"]
}
CHOSEN_AND_NOT = {
    "sheets": ("reported_effects", "stg_extraction__reported_effects", "int_effects"),
    "headline": ("reported_effects", "fct_pooled_effects", "fct_leave_one_out"),
    "site": ("rpt_headline", "dim_policies", "dim_figures"),
    "marts_without_multiverse": ("fct_leave_one_out", "fct_effects", "fct_multiverse"),
}


@pytest.fixture(scope="module")
def list_names(tmp_path_factory):
    # Every test process collects this file, and dbt takes a second to load.
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("dbt")
    options = [
        "--project-dir", str(ROOT), "--profiles-dir", str(ROOT), "--quiet",
        "--target-path", str(folder), "--log-level-file", "none",
    ]  # fmt: skip
    manifest = dbtRunner().invoke(["parse", *options]).result

    def names(selector: str) -> set[str]:
        listed = dbtRunner(manifest=manifest).invoke(
            ["list", *options, "--selector", selector, "--output", "name"]
        )
        return set(listed.result)

    return names


def test_each_selector_is_tried_here():
    assert list(SELECTORS) == list(CHOSEN_AND_NOT)


@pytest.mark.parametrize("selector", SELECTORS)
def test_selector_chooses_what_it_says(list_names, selector: str):
    assert SELECTORS[selector].endswith(".")
    *chosen, left_out = CHOSEN_AND_NOT[selector]
    found = list_names(selector)
    assert [name for name in chosen if name not in found] == []
    assert left_out not in found
