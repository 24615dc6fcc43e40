"""Amounts of exposures and of person-time have one spelling, and other texts stay."""

import pytest

from umbrella.sheets.units import one_spelling, person_time_in

PER_10_G = (
    "10 g/day", "10g/d", "10 g per day", "10 grams per day", "per 10 g/day", "per 10 g/d increase",
    "each 10 g daily", "10-g/day increment", "an increase of 10 g per day", "10.0 g/day",
)  # fmt: skip
PER_1000_YEARS = (
    "per 1000 person-years", "1,000 PY", "per 1 000 patient years", "/1000 person years at risk",
    "per 1000 p-y",
)  # fmt: skip


@pytest.mark.parametrize("text", PER_10_G)
def test_an_amount_of_an_exposure(text):
    assert one_spelling(text) == "per 10 g/day"


@pytest.mark.parametrize("text", PER_1000_YEARS)
def test_an_amount_of_person_time(text):
    assert one_spelling(text) == "per 1000 person-years"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("5 g/d", "per 5 g/day"), ("per 1 SD increase", "per 1 SD"), ("per cup", "per 1 cup"),
        ("2 cups/day", "per 2 cups/day"), ("5 kg/m\u00b2 increment in BMI", "per 5 kg/m2"),
        ("10 \u03bcg/m3", "per 10 \u00b5g/m3"), ("100 patient-months", "per 100 person-months"),
        ("person-years", "per 1 person-year"), ("0,5 mmol/L", "per 0.5 mmol/l"),
    ],
)  # fmt: skip
def test_other_amounts(text, spelled):
    assert one_spelling(text) == spelled
    assert one_spelling(spelled) == spelled


@pytest.mark.parametrize(
    "text",
    ["", "mmHg", "BDI-II", "6MWT", "6 minute walk", "%", "kg", "n/a", "3 to 5 cups per day",
     "per 1000 catheter-days", "per 1000 inhabitants", "highest vs lowest"],
)  # fmt: skip
def test_what_is_no_amount_stays(text):
    assert one_spelling(text) == text


def test_person_time_within_a_text():
    assert person_time_in("1.2 (1.0 to 1.4) per 100 PY") == (
        "per 100 person-years", "1.2 (1.0 to 1.4)",
    )  # fmt: skip
    assert person_time_in("OR (95% CI)") == ("", "OR (95% CI)")
