"""Numbers as a BMJ title prints them."""

import math

import pytest

from reports import formats
from tests.python.cases import each


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.5, "0.50"),
        (-0.166, "−0.17"),
        (-0.001, "0.00"),
        (0.0, "0.00"),
        (12.345, "12.35"),
        (999.99, "999.99"),
        (1234.5, "1234"),
        (12345.6, "12\u2009346"),
        (-12345.6, "−12\u2009346"),
        (5e6, ">1\u2009000\u2009000"),
        (-math.inf, "<−1\u2009000\u2009000"),
        (None, "NR"),
        (math.nan, "NR"),
    ],
)
def test_number(value: float | None, printed: str) -> None:
    assert formats.number(value) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0, "0"), (9999, "9999"), (10000, "10\u2009000"), (295589, "295\u2009589"), (None, "NR")],
)
def test_count(value: int | None, printed: str) -> None:
    assert formats.count(value) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.0, "P<0.001"),
        (0.000999, "P<0.001"),
        (0.001, "P=0.001"),
        (0.0049, "P=0.005"),
        (0.0496, "P=0.050"),
        (0.051, "P=0.051"),
        (0.32, "P=0.32"),
        (0.995, "P>0.99"),
        (1.0, "P>0.99"),
        (None, "P=NR"),
    ],
)
def test_p_value(value: float | None, printed: str) -> None:
    assert formats.p_value(value) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(0.0, "τ²=0"), (0.0004, "τ²<0.001"), (0.0351, "τ²=0.035")]
)
def test_variance(value: float, printed: str) -> None:
    assert formats.variance(value) == printed


def test_estimate_with_interval() -> None:
    assert formats.estimate(0.53, 0.44, 0.62) == "0.53 (0.44 to 0.62)"
    assert formats.estimate(0.06, -0.16, 0.29) == "0.06 (−0.16 to 0.29)"
    assert formats.estimate(0.4, None, None) == "0.40 (NR)"
    assert formats.estimate(None, None, None) == "NR"


def test_heterogeneity_names_what_it_has() -> None:
    row = {"q": 77.11, "q_df": 16.0, "q_p": 0.0001, "i2_percent": 79.2, "tau2": 0.0351}
    assert formats.heterogeneity(row) == "Q=77.1, df=16, P<0.001; I²=79%; τ²=0.035"
    assert formats.heterogeneity({"q": None}) == "not estimable"


@pytest.mark.parametrize(
    ("words", "one"),
    [("levels", "level"), ("studies", "study"), ("people", "person"), ("percent", "percent"),
     ("large effects", "large effect"), ("%", "%"), ("", "")],
)  # fmt: skip
def test_units_of_one(words, one):
    assert formats.singular(words) == one


@each(
    "parts, said",
    [
        (("as reported: OR", "it is normal."), "As reported: OR. It is normal."),
        (("\u03c4\u00b2=0.03", "no more"), "\u03c4\u00b2=0.03. No more"),
        (("https://a.org/b c", None, "p=0.3 of two"), "https://a.org/b c. p=0.3 of two"),
    ],
)
def test_sentences_begin_with_capitals_and_numbers_with_their_names(parts, said):
    assert formats.sentences(*parts) == said
