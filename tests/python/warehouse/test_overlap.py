"""Overlap against R's ccaR and metaumbrella, and exact covariances, in a warehouse of them."""

from __future__ import annotations

import csv
import math
import re
import shutil

import duckdb
import numpy as np
import pytest

from tests.python.conftest import ROOT, build_warehouse
from umbrella.building.compilation import plan_of

pytestmark = pytest.mark.build

DATA = ROOT / "tests" / "data" / "overlap"
SETS = {"plain": "miyazaki2017CCA.csv", "test2": "test2.csv"}
TABLES = {"plain": "ccaR_miyazaki2017CCA_table.csv", "test2": "ccaR_test2_table.csv"}
CONDITIONS = {"plain": "depression", "test2": "anxiety", "doc": "ptsd", "toy": "stress"}

# two meta-analyses of three trials each, two of them shared: (trial, year, g, se)
TRIALS = {
    "toy_A": [("Ada", 2001, 0.2, 0.1), ("Bob", 2002, 0.5, 0.2), ("Cy", 2003, 0.9, 0.15)],
    "toy_B": [("Bob", 2002, 0.5, 0.2), ("Cy", 2003, 0.9, 0.15), ("Dee", 2004, 0.1, 0.3)],
}


def read(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def memberships():
    """(condition, review, study) of every set; toy reviews are lists of trials."""
    for name, file in SETS.items():
        for row in read(file):
            for review, cell in row.items():
                if cell == "1" and review != "Primary_study":
                    yield name, f"{name}_{review}", row["Primary_study"]
    for review, studies in (("Pharmacological", range(21)), ("Surgical", range(10, 22))):
        for study in studies:
            yield "doc", f"doc_{review}", f"Trial{study}"
    for review, trials in TRIALS.items():
        for trial, year, *_ in trials:
            yield "toy", review, f"{trial}{year}"


def write(path, rows):
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def overlap(tmp_path_factory, shipped_sheets):
    folder = tmp_path_factory.mktemp("overlap")
    sheets = folder / "sheets"
    shutil.copytree(shipped_sheets, sheets)
    for path in [*sheets.glob("extraction/*.csv"), *sheets.glob("published/*.csv")]:
        write(path, [])
    for path in (sheets / "protocol/analyses.csv", sheets / "protocol/contrasts.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            kept = [
                {
                    name: "" if name in ("claim_id", "count_id") else cell
                    for name, cell in row.items()
                }
                for row in csv.DictReader(file)
            ]
        write(path, kept)
    pairs = list(dict.fromkeys((name, review) for name, review, _ in memberships()))
    write(
        sheets / "extraction/meta_analyses.csv",
        [
            {"meta_analysis_id": review, "first_author": "T", "year": 2030, "delivery": "website",
             "eligibility": "included", "source_kind": "full_text"}
            for _, review in pairs
        ],
    )  # fmt: skip
    write(
        sheets / "extraction/reported_effects.csv",
        [
            {"effect_id": f"{review}_1", "meta_analysis_id": review,
             "condition": CONDITIONS[name], "outcome": "symptom", "timepoint": "post",
             "measure": "hedges_g", "estimate": 0.4, "ci_low": 0.2, "ci_high": 0.6,
             "ci_level": 0.95, "comparator": "waitlist", "guidance": "guided", "therapy": "cbt",
             "analysis_set": "itt", "favourable_direction": "positive", "synthesis_model": "random",
             "scope": "overall", "source_locator": "Table 1",
             "n_comparisons": 3 if name == "toy" else ""}
            for name, review in pairs
        ],
    )  # fmt: skip
    write(
        sheets / "extraction/study_inclusion.csv",
        [
            {"meta_analysis_id": review, "study_label": study, "study_id": f"{study}-{name}",
             "list_status": "complete"}
            for name, review, study in memberships()
        ],
    )  # fmt: skip
    write(
        sheets / "extraction/primary_studies.csv",
        [
            {"comparison_id": f"{review}_{trial}", "dataset": review, "study": f"{trial} et al",
             "study_id": f"{trial}{year}-toy",
             "year": year, "condition": "stress", "outcome": "symptom", "comparator": "waitlist",
             "guidance": "guided", "therapy": "cbt", "delivery": "website", "reported_g": g,
             "reported_se": se, "favourable_direction": "positive", "source": review,
             "randomised_intervention": 50, "randomised_control": 50 if trial != "Bob" else 350,
             "risk_of_bias": "unclear", "locator": "Table 1"}
            for review, trials in TRIALS.items()
            for trial, year, g, se in trials
        ],
    )  # fmt: skip
    selection = "fct_overlap fct_overlap_pairs int_member_correlations fct_pooled_effects"
    database = build_warehouse(folder, sheets, selection=f"{selection} fct_rejected_rows")
    with duckdb.connect(str(database), read_only=True) as connection:
        rejected = connection.execute("select * from fct_rejected_rows").fetchall()
        assert rejected == []
        yield connection


@pytest.mark.parametrize("name", SETS)
def test_pairs_and_overall_equal_those_of_ccaR(overlap, name):
    expected = read(TABLES[name])
    assert len(expected) == 16
    prefix = f"{name}_"
    found = {
        frozenset((a.removeprefix(prefix), b.removeprefix(prefix))): numbers
        for a, b, *numbers in overlap.execute(
            "select meta_analysis_id_a, meta_analysis_id_b, n_shared, n_a + n_b, r, cca / 100 "
            "from fct_overlap_pairs where alias_handling = 'decided' "
            "and starts_with(meta_analysis_id_a, ?) and starts_with(meta_analysis_id_b, ?)",
            [prefix, prefix],
        ).fetchall()
    }
    assert len(found) == 15
    for row in expected[:-1]:
        # ccaR puts an X before names that begin with a digit
        names = [part.removeprefix("X") for part in row["reviews"].split(" vs. ")]
        numbers = [float(row[c]) for c in ("overlap_counts", "N", "r", "CCA_Proportion")]
        assert found[frozenset(names)] == pytest.approx(numbers, rel=1e-13)
    whole = overlap.execute(
        "select n, r, c, cca / 100, status, band from fct_overlap where scope_kind = 'condition' "
        "and scope_id = ? and alias_handling = 'decided' and weighting = 'none' "
        "and structural_zeros = 'possible'",
        [CONDITIONS[name]],
    ).fetchone()
    numbers = [float(expected[-1][c]) for c in ("N", "r", "c", "CCA_Proportion")]
    assert whole[:4] == pytest.approx(numbers, rel=1e-13)
    assert whole[4:] == ("ok", "very_high")


def test_directional_shares_equal_those_of_metaumbrella(overlap):
    pharmacological, surgical = read("metaumbrella_overlap_doc_example_pct.csv")[:2]
    shares = overlap.execute(
        "select percent_of_a / 100, percent_of_b / 100 from fct_overlap_pairs "
        "where alias_handling = 'decided' "
        "and meta_analysis_id_a = 'doc_Pharmacological' and meta_analysis_id_b = 'doc_Surgical'"
    ).fetchone()
    printed = [float(pharmacological["Surgical"]), float(surgical["Pharmacological"])]
    assert shares == pytest.approx(printed, abs=5.1e-4)


def test_weighted_area_counts_trials_by_the_root_of_their_participants(overlap):
    n, r_weighted, status, cca = overlap.execute(
        "select n, r_weighted, status, cca from fct_overlap where scope_id = 'stress' "
        "and scope_kind = 'condition' and alias_handling = 'decided' and weighting = 'sqrt_n' "
        "and structural_zeros = 'possible'"
    ).fetchone()
    assert (n, r_weighted, status) == (6, 4, "ok")
    # Ada 100, Bob 400, Cy 100, Dee 100; Bob and Cy are in both
    assert cca == pytest.approx(100 * (20 + 10) / (10 + 20 + 10 + 10), rel=1e-13)


def reml(y, v):
    """tau2 by a fine search of the restricted likelihood."""

    def criterion(tau2):
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum()

    low, high = 0.0, 2.0
    for _ in range(12):
        grid = np.linspace(low, high, 401)
        best = grid[np.argmin([criterion(x) for x in grid])]
        step = grid[1] - grid[0]
        low, high = max(0.0, best - step), best + step
    return best


def test_known_trial_weights_give_the_exact_covariance(overlap):
    parts = {}
    for review, trials in TRIALS.items():
        y, v = np.array([t[2] for t in trials]), np.array([t[3] ** 2 for t in trials])
        tau2 = reml(y, v)
        w = 1 / (v + tau2)
        parts[review] = {
            trial[0]: (weight, variance + tau2)
            for trial, weight, variance in zip(trials, w / w.sum(), v, strict=True)
        }
    a, b = parts["toy_A"], parts["toy_B"]
    cov = sum(a[t][0] * b[t][0] * (a[t][1] + b[t][1]) / 2 for t in ("Bob", "Cy"))
    se = [math.sqrt(sum(w * w * v for w, v in part.values())) for part in (a, b)]
    row = overlap.execute(
        "select correlation_source, n_shared, correlation "
        "from intermediate.int_overlap_correlations "
        "where effect_id = 'toy_A_1' and other_effect_id = 'toy_B_1'"
    ).fetchone()
    assert row[:2] == ("trial_weights", 2)
    assert row[2] == pytest.approx(cov / (se[0] * se[1]), rel=1e-6)


def test_policies_use_what_is_known(overlap):
    rows = dict(
        overlap.execute(
            "select policy_id, [n_pairs, n_pairs_known, n_pairs_sharing] from fct_pooled_effects "
            "where analysis_id = 'depression'"
        ).fetchall()
    )
    assert rows["recommended"] == [15, 15, 10]
    assert rows["independent"] == [15, None, None]


def year_of(*cells):
    """A trial's year, and whether both searches (of 2010) ended before: where ccaR has NA."""
    return (2020, True) if "NA" in cells else (2010, False)


def test_impossible_cells_are_counted_as_ccaR_does():
    """Each pair of ccaR's matrix alone: no rule by years gives the cells of all columns at once."""
    table = read("ccaR_structural_missing_table.csv")
    matrix = read("miyazaki_with_structural_missing.csv")
    pairs = [row["reviews"].split(" vs. ") for row in table[:-1]]
    inclusions = [
        (f"{number} {name}", f"{number} {row['Primary_study']}", *year_of(row[first], row[second]))
        for number, (first, second) in enumerate(pairs)
        for row in matrix
        for name in (first, second)
        if row[name] == "1"
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_trial_inclusions (meta_analysis_id varchar, "
            "trial_id varchar, trial_year integer, is_after_last_year boolean, "
            "alias_handling varchar default 'decided')"
        )
        connection.executemany(
            "insert into intermediate.int_trial_inclusions values (?, ?, ?, ?, default)",
            inclusions,
        )
        connection.execute(
            "create table intermediate.int_trial_lists as select distinct meta_analysis_id, "
            "'complete' as list_status, true as is_usable, 1 as n_reported, 2010 as last_year "
            "from intermediate.int_trial_inclusions"
        )
        connection.execute(f"create table pairs as {compiled_sql('int_overlap_pairs')}")
        found = {
            frozenset((a, b)): (n, x, (n - r) / (2 * r - r - x))
            for a, b, n, r, x in connection.execute(
                "select meta_analysis_id_a, meta_analysis_id_b, n_a + n_b, r, x from pairs"
            ).fetchall()
        }
    for number, row in enumerate(table[:-1]):
        n, x, cca = found[frozenset(f"{number} {name}" for name in pairs[number])]
        assert (n, x) == (int(row["N"]), int(row["Structural_missingness"]))
        assert cca == pytest.approx(float(row["CCA_Proportion_adjusted"]), rel=1e-13)


def test_a_matrix_of_too_many_cells_is_kept_without_zeros_and_the_build_warns():
    """Two lists and three trials are six cells, two of them inclusions."""
    matrix = compiled_sql("fct_trial_inclusion")
    warning = compiled_sql("citation_matrix_has_its_zeros")
    limit = "1000000"
    assert limit in matrix
    assert limit in warning
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_trial_lists as select unnest(['A', 'B']) as "
            "meta_analysis_id, 'complete' as list_status, true as is_usable, 2020 as last_year, "
            "'end of search' as last_year_source"
        )
        connection.execute(
            "create table intermediate.int_trial_years as select 'decided' as alias_handling, "
            "unnest(['x', 'y', 'z']) as trial_id, 2010 as trial_year"
        )
        connection.execute(
            "create table intermediate.dim_trials as from intermediate.int_trial_years"
        )
        connection.execute(
            "create table intermediate.int_trial_inclusions as select 'decided' as "
            "alias_handling, unnest(['A', 'B']) as meta_analysis_id, unnest(['x', 'y']) as "
            "trial_id, true as is_usable, 2010 as trial_year, false as is_after_last_year, "
            "['X'] as study_labels, '' as source_locator"
        )

        def cells_and_warning(largest):
            connection.execute(
                "create or replace table intermediate.fct_trial_inclusion as "
                f"{matrix.replace(limit, largest)}"
            )
            cells = connection.execute(
                "select meta_analysis_id, trial_id, is_included "
                "from intermediate.fct_trial_inclusion"
            ).fetchall()
            return cells, connection.execute(warning.replace(limit, largest)).fetchall()

        cells, warnings = cells_and_warning("6")
        assert (len(cells), warnings) == (6, [])
        inclusions = [cell for cell in cells if cell[2]]
        assert cells_and_warning("5") == (inclusions, [(2, 3, 2, 5)])


def compiled_sql(name):
    """The SQL of a model or test, its tables in one schema."""
    [query] = [step.query for step in plan_of(ROOT).steps if step.name == name]
    return re.sub(r'"\w+"\."\w+"\."(\w+)"', r"intermediate.\1", query)
