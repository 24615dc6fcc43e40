"""Classes and grades of metaumbrella on its own data; properties of the rules of every scheme."""

from __future__ import annotations

import itertools

import pytest

import python_udfs
from tests.python.warehouse import grading_inputs as gi

pytestmark = pytest.mark.build

CLASS, GRADE = "ioannidis_metaumbrella", "grade_metaumbrella"
WORDS = {"High": "high", "Moderate": "moderate", "Weak": "low", "Very weak": "very_low"}
VARIANTS = (("no", 0), ("serious", 1))


@pytest.fixture
def engine(shipped_database):
    with python_udfs.connect(shipped_database) as connection:
        yield connection


def kind(dataset: str) -> str:
    return "continuous" if dataset in gi.CONTINUOUS else "ratio"


def assert_equal_to_peer(connection, dataset: str, results: dict[str, dict]) -> None:
    found = gi.grades(connection, results, kind(dataset))
    low_rob = {"low_rob_share": 100.0, "low_reporting_bias_share": 100.0}
    variants = {
        word: gi.grades(
            connection,
            {factor: given | low_rob | {"indirectness": level} for factor, given in results.items()},
            kind(dataset),
        )
        for word, level in VARIANTS
    }
    for factor, expected in gi.EXPECTED[dataset].items():
        assert found[factor, CLASS] == expected["class_ioannidis"], factor
        if expected["class_grade"] in WORDS:
            assert found[factor, GRADE] == WORDS[expected["class_grade"]], factor
        for word, _ in VARIANTS:
            if f"class_grade_low_rob_{word}" in expected:
                peer = WORDS[expected[f"class_grade_low_rob_{word}"]]
                assert variants[word][factor, GRADE] == peer, (factor, word)


@pytest.mark.parametrize("dataset", gi.SETS)
def test_rules_give_metaumbrellas_grades_from_its_own_numbers(engine, dataset):
    results = {f: gi.inputs_of_peer(expected) for f, expected in gi.EXPECTED[dataset].items()}
    assert_equal_to_peer(engine, dataset, results)


@pytest.mark.parametrize("dataset", gi.SETS)
def test_engine_and_rules_give_metaumbrellas_grades_from_the_studies(engine, dataset):
    gi.load_studies(engine, dataset)
    fits, shares = gi.fits(engine), gi.contradicting(engine)
    results = {
        factor: gi.inputs_of_engine(fits[factor], shares[factor], expected)
        for factor, expected in gi.EXPECTED[dataset].items()
    }
    for factor, expected in gi.EXPECTED[dataset].items():
        peer, ours = gi.inputs_of_peer(expected), results[factor]
        for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "p_value", "i2"):
            assert ours[name] == pytest.approx(peer[name], rel=2e-4, abs=2e-6), (factor, name)
        for name in ("egger_p", "contradicting_share", "k", "largest_low", "largest_high"):
            assert ours[name] == pytest.approx(peer[name], rel=1e-8), (factor, name)
    assert_equal_to_peer(engine, dataset, results)
