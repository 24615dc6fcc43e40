"""Grades of analyses of trials against those that metaumbrella gives the same studies."""

from __future__ import annotations

import csv

import duckdb
import pytest
from typer.testing import CliRunner

from tests.python.conftest import build_warehouse
from tests.python.warehouse import grading_inputs as gi
from umbrella.app import app

pytestmark = pytest.mark.build

MEASURES = {"md": "G", "g": "G", "fisher_z": "Z"}
"""Measures after metaumbrella's formatting, in which mean differences are standardised."""
FACTORS = [(dataset, factor) for dataset in gi.SETS for factor in gi.EXPECTED[dataset]]
INPUTS = {
    "p_value": 3e-4, "i2": 1e-6, "egger_p": 1e-6, "excess_p_tess_psst": 1e-3, "n_cases": 1e-12,
}  # fmt: skip
"""Inputs of the classes, with the relative difference from metaumbrella that iterating leaves."""


STANDARDISED = ("df.SMD", "df.MD")
"""Sets whose excess significance metaumbrella computes from d and its variance under no effect, as
docs/grading.md says: not compared."""


def code(dataset: str, factor: str) -> str:
    return f"{dataset} {factor}".lower().replace(".", "_").replace(" ", "_")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The example studies of metaumbrella, imported and pooled as it pools them."""
    folder = tmp_path_factory.mktemp("trials")
    table, sheets = folder / "studies.csv", folder / "sheets"
    rows = []
    for dataset in gi.SETS:
        with (gi.DATA / f"{dataset}_studies.csv").open(encoding="utf-8", newline="") as file:
            rows += [
                row
                | {"meta_review": dataset, "factor": f"{dataset} {row['factor']}"}
                | {"measure": MEASURES.get(row["measure"], row["measure"])}
                for row in csv.DictReader(file)
            ]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    done = CliRunner().invoke(app, ["import", "metaumbrella", str(table), str(sheets)])
    assert done.exit_code == 0, done.stderr
    policies = sheets / "protocol" / "policies.csv"
    text = policies.read_text(encoding="utf-8")
    assert text.count("REML,HK_adhoc,V,QP,0.95,hasselblad_hedges,shared_trials,,,2") == 1
    policies.write_text(
        text.replace("REML,HK_adhoc,V,QP,0.95,hasselblad_hedges,shared_trials,,,2",
                     "REML,z,V,QP,0.95,hasselblad_hedges,none,,,2"),
        encoding="utf-8",
    )  # fmt: skip
    database = build_warehouse(folder, sheets, selection="fct_evidence_grades fct_grade_criteria")
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(("dataset", "factor"), FACTORS)
def test_a_pool_of_trials_has_metaumbrellas_class(graded, dataset, factor):
    [(grade, reasons)] = graded.execute(
        "select grade, reasons from fct_evidence_grades "
        "where graded_id = ? and scheme = 'ioannidis_metaumbrella'",
        [f"{code(dataset, factor)}:recommended"],
    ).fetchall()
    assert grade == gi.EXPECTED[dataset][factor]["class_ioannidis"], reasons


@pytest.mark.parametrize(
    ("name", "dataset", "factor"),
    [
        (name, *pair)
        for name in INPUTS
        for pair in FACTORS
        if name != "excess_p_tess_psst" or pair[0] not in STANDARDISED
    ],
)
def test_its_class_rests_on_metaumbrellas_numbers(graded, dataset, factor, name):
    expected = gi.inputs_of_peer(gi.EXPECTED[dataset][factor])[name]
    [(value,)] = graded.execute(
        "select distinct value from fct_grade_criteria "
        "where graded_id = ? and scheme = 'ioannidis_metaumbrella' and input = ?",
        [f"{code(dataset, factor)}:recommended", name],
    ).fetchall()
    assert value == (None if expected is None else pytest.approx(expected, rel=INPUTS[name]))
