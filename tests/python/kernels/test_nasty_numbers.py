"""Whatever numbers come: every scalar function answers, completely or with a reason."""

import re

import numpy as np
import pyarrow as pa
import pytest

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function
from python_udfs.kernels.options import Choice

ROWS = 4000
EXTREME = [np.nan, np.inf, -np.inf, -0.0, 1e300, -1e300, 1e-300, -1e-300, 5e-324, 1e16, 1e-16]
EDGES = [0.0, 1.0, -1.0, 1.0 + 1e-15, 1.0 - 1e-16, 0.5, -0.5, 2.0, 2.5, 3.0, 4.0, 0.95, 0.05]
PARTIAL = ("point_only", "interval_through_infinity", "risk_capped")
SCALAR = [
    udf
    for udf in CATALOGUE
    if udf.returns[0].name and all("[]" not in argument.type for argument in udf.arguments)
]

PAIRS = [
    udf
    for udf in CATALOGUE
    if [argument.name for argument in udf.arguments if not argument.is_optional] == ["yi", "vi"]
]


def numbers(rng):
    """Nasty numbers, plausible effects, counts and shares, and all sizes from 1e-300 to 1e300."""
    kinds = [
        rng.choice(EXTREME + EDGES, ROWS),
        rng.normal(0.0, 2.0, ROWS),
        rng.integers(0, 40, ROWS).astype(float),
        rng.random(ROWS),
        10.0 ** rng.uniform(-300, 300, ROWS),
    ]
    values = np.choose(rng.choice(5, ROWS, p=[0.4, 0.2, 0.2, 0.1, 0.1]), kinds)
    return pa.array(values, mask=rng.random(ROWS) < 0.05)


def column(rng, argument):
    """Random numbers, names, or the first name of every choice (a few do not go together)."""
    if argument.choice:
        return pa.array(rng.choice(argument.choice.names, ROWS))
    if argument.options:
        choices = [option for option in argument.options if isinstance(option, Choice)]
        names = [pa.array([option.names[0]] * ROWS) for option in choices]
        return pa.StructArray.from_arrays(names, [option.key for option in choices])
    return numbers(rng)


def declared(udf):
    """The statuses that the catalogue promises for a function: ok and the codes it lists."""
    field = next(field for field in udf.returns if field.name == "status")
    lists = re.sub(r" \(.*?\)", "", field.description).split("; ")
    return {"ok", *(code for text in lists for code in text.split(": ", 1)[1].split(", "))}


@pytest.mark.parametrize("udf", SCALAR, ids=lambda udf: udf.name)
def test_a_result_is_complete_or_has_a_reason(udf):
    rng = np.random.default_rng(20240501)
    columns = [column(rng, argument) for argument in udf.arguments]
    fields = {field.name: field.type for field in udf.returns}
    doubles = [name for name, kind in fields.items() if kind == "DOUBLE"]
    for i, row in enumerate(arrow_function(udf)(*columns).to_pylist()):
        given = [values[i].as_py() for values in columns]
        values = [row[name] for name in doubles]
        if row["status"] == "ok":
            assert None not in values, given
            assert all(row[name] > 0.0 for name in ("vi", "se", "sd") if name in row), given
        elif row["status"] not in PARTIAL:
            assert set(values) == {None}, given
        assert row["status"] in declared(udf), given


@pytest.mark.parametrize("udf", PAIRS, ids=lambda udf: udf.name)
def test_statuses_of_lists_are_the_documented_ones(udf):
    """metaumbrella: labels in the results were not those of the documentation (GRADE classes)."""
    rng = np.random.default_rng(20240502)
    seen = set()
    for i in range(400):
        size = 10.0 ** rng.choice([0, 0, 0, -300, 150, 300])
        k = rng.integers(0, 7)
        yi = rng.choice([0.0, 1.0]) * rng.normal(0.5, 1.0, k) * size + 0.5
        vi = 10.0 ** rng.uniform(-2, rng.choice([0, 2, 90]), k)
        null = i % 40 == 0
        options = (
            [{"ci_method": "HK"}] if i % 2 and "ci_method" in udf.arguments[-1].description else []
        )
        lists = [
            pa.array([None if null else values.tolist()], pa.list_(pa.float64()))
            for values in (yi, vi)
        ]
        row = arrow_function(udf)(*lists, *(pa.array([option]) for option in options)).to_pylist()[
            0
        ]
        seen.add(row["status"])
    assert seen <= declared(udf)
    assert {"ok", "no_data"} <= seen


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("log_ratio_from_se", (1.3, 1e-170, "log")),
        ("log_ratio_from_p", (2.0, 5e-324)),
        ("se_from_p", (1e-323, 1e-9)),
        ("se_from_p_t", (5e-324, 1e-8, 5.0)),
        ("se_from_sd", (1e-300, 1e60)),
        ("smd_from_log_odds", (0.5, 5e-324, "cox")),
        ("r_from_smd", (1.8, 5e-324, None, None)),
    ],
)
def test_what_underflows_has_no_weight_without_bound(call, name, arguments):
    """A variance or standard error of 0 would take all the weight of a meta-analysis."""
    row = call(name, *[[value] for value in arguments])[0]
    assert row["status"] == "out_of_range"
    assert 0.0 not in row.values()


@pytest.mark.parametrize(("events", "total"), [(1e-300, 20.0), (3.0, 1e18), (27.0, 1e300)])
def test_wilson_limits_of_tiny_shares_stay_in_order(call, events, total):
    row = call("proportion_ci_wilson", [events], [total], [0.73])[0]
    assert 0.0 <= row["ci_low"] <= row["estimate"] < row["ci_high"]
    mirrored = call("proportion_ci_wilson", [0.75 * total], [total], [0.9])[0]
    other = call("proportion_ci_wilson", [0.25 * total], [total], [0.9])[0]
    assert mirrored["ci_low"] == pytest.approx(1.0 - other["ci_high"], rel=1e-14)
