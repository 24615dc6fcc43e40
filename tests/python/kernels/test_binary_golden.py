"""Effects of tables and rates, Mantel-Haenszel and Peto against metafor; relative 1e-9."""

import pytest

from tests.python.cases import each

MEASURES = ("OR", "RR", "RD", "AS", "PETO")
RULES = ("only0", "none", "all")
COUNTS = ("ai", "n1", "ci", "n2")
TESTED = {
    "k": "k", "estimate": "b", "se": "se", "statistic": "zval", "p_value": "pval",
    "ci_low": "ci.lb", "ci_high": "ci.ub", "q": "QE", "q_p": "QEp", "i2_q": "I2", "h2_q": "H2",
}  # fmt: skip
OF_ODDS = {
    "cmh": "MH", "cmh_p": "MHp", "breslow_day": "BD", "breslow_day_p": "BDp", "tarone": "TA",
    "tarone_p": "TAp",
}  # fmt: skip


def close(expected):
    return pytest.approx(expected, rel=1e-9, abs=1e-15)


def is_number(value):
    return isinstance(value, (int, float))


@each("rule", RULES)
@each("measure", MEASURES)
def test_effect_from_counts(call, binary_golden, table_set, measure, rule):
    data = binary_golden("effects")[table_set]
    counts = [data[key] for key in COUNTS]
    for double_zero in ("keep", "drop") if table_set == "zeros" else ("keep",):
        expected = data["effects"][f"{measure}_{rule}_{double_zero}"]
        options = {"zero_cells": rule, "double_zero": double_zero}
        size = len(data["ai"])
        rows = call("effect_from_counts", *counts, [measure] * size, [options] * size)
        for row, yi, vi in zip(rows, expected["yi"], expected["vi"], strict=True):
            exists = is_number(yi) and is_number(vi) and vi > 0
            assert (row["status"] == "ok") == exists, (row, yi, vi)
            assert row["status"] in ("ok", "zero_cells", "double_zero")
            if exists:
                assert (row["yi"], row["vi"]) == (close(yi), close(vi))
            else:
                assert (row["yi"], row["vi"]) == (None, None)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["dat.nielweise2008", "dat.hart1999", "zeros"])
def test_log_irr_from_counts(call, binary_golden, name, rule):
    data = binary_golden("person_time")[name]
    inputs = [data[key] for key in ("x1", "t1", "x2", "t2")]
    for double_zero in ("keep", "drop"):
        expected = data[f"{rule}_{double_zero}"]
        options = [{"zero_cells": rule, "double_zero": double_zero}] * len(inputs[0])
        rows = call("log_irr_from_counts", *inputs, options)
        for row, yi, vi in zip(rows, expected["yi"], expected["vi"], strict=True):
            exists = is_number(yi) and is_number(vi)
            assert (row["status"] == "ok") == exists
            assert (row["yi"], row["vi"]) == ((close(yi), close(vi)) if exists else (None, None))


def pool_tables(call, name, data, **options):
    return call(name, *[[data[key]] for key in COUNTS], [options])[0]


def differing(row, cell, fields):
    pairs = {field: (row[field], cell[key]) for field, key in fields.items()}
    return {field: pair for field, pair in pairs.items() if pair[0] != close(pair[1])}


@each("correction", ["half", "none"])
@each("measure", ["OR", "RR", "RD"])
def test_mantel_haenszel(call, binary_golden, table_set, measure, correction):
    data = binary_golden("common_effects")[table_set]
    cell = data[f"{measure}_{correction}"]
    row = pool_tables(
        call, "mantel_haenszel", data, measure=measure, cmh_correction=correction, ci_level=0.95
    )
    fields = TESTED | (OF_ODDS if measure == "OR" else {})
    assert differing(row, cell, fields) == {}
    assert row["status"] == "ok"
    assert row["q_df"] == cell["k.yi"] - 1
    assert row["breslow_day_df"] == (cell["k.pos"] - 1 if measure == "OR" else None)
    assert row["weights"] == close(cell["weights"])


def test_peto(call, binary_golden, table_set):
    data = binary_golden("common_effects")[table_set]
    row = pool_tables(call, "peto", data)
    assert differing(row, data["PETO"], TESTED) == {}
    assert row["q_df"] == data["PETO"]["k.yi"] - 1
    assert row["weights"] == close(data["PETO"]["weights"])


def test_level_of_the_interval(call, binary_golden, table_set):
    data = binary_golden("common_effects")[table_set]
    row = pool_tables(call, "mantel_haenszel", data, ci_level=0.9)
    assert (row["ci_low"], row["ci_high"]) == (
        close(data["level90"]["ci.lb"]),
        close(data["level90"]["ci.ub"]),
    )


def test_the_test_of_association_does_not_depend_on_the_measure(call, binary_golden):
    """metafor gives it for the odds ratio only."""
    data = binary_golden("common_effects")["dat.bcg"]
    rows = [pool_tables(call, "mantel_haenszel", data, measure=m) for m in ("OR", "RR", "RD")]
    assert len({row["cmh"] for row in rows}) == 1
    assert [row["breslow_day"] is None for row in rows] == [False, True, True]


def test_quoted_numbers(call, binary_golden):
    """Printed by metafor for the BCG trials and for rare catheter infections."""
    bcg = binary_golden("common_effects")["dat.bcg"]
    expected = {
        "OR": (-0.473410988388585, 0.0410077784042314, 163.942579569193),
        "RR": (-0.453709604683754, 0.0393373668712944, 152.567553586657),
        "RD": (-0.003288181832613, 0.000286656748527374, 386.77594183656),
    }
    for measure, numbers in expected.items():
        row = pool_tables(call, "mantel_haenszel", bcg, measure=measure)
        assert (row["estimate"], row["se"], row["q"]) == close(numbers)
    row = pool_tables(call, "mantel_haenszel", bcg)
    assert (row["cmh"], row["tarone"]) == close((135.688943723906, 171.756672993871))
    rare = binary_golden("common_effects")["dat.nielweise2007"]
    row = pool_tables(call, "mantel_haenszel", rare)
    assert (row["estimate"], row["q"]) == close((-1.20870483273377, 16.8636572911234))
    row = pool_tables(call, "peto", rare)
    assert (row["estimate"], row["q"]) == close((-1.10574494676301, 18.7345092861252))


@pytest.mark.parametrize("name", ["dat.nielweise2008", "dat.hart1999", "zeros"])
def test_incidence_rates_of_one_group(call, binary_golden, name):
    data = binary_golden("incidence_rates")[name]
    counts = data["events"], data["person_time"]
    rows = call("log_rate_from_events", *counts)
    assert [row["yi"] for row in rows] == [close(yi) for yi in data["yi"]]
    assert [row["vi"] for row in rows] == [close(vi) for vi in data["vi"]]
    assert [row["assumption"] is not None for row in rows] == [x == 0 for x in data["events"]]
    exact = call("rate_ci_exact", *counts, data["ci_level"])
    assert [row["ci_low"] for row in exact] == [close(low) for low in data["ci_low"]]
    assert [row["ci_high"] for row in exact] == [close(high) for high in data["ci_high"]]
