"""Binary outcomes at the edges: zero cells, missing and impossible counts, one study, none."""

import math

import pytest

from tests.python.cases import each

NAN, INF = math.nan, math.inf
MEASURES = ("OR", "RR", "RD", "AS", "PETO")
TABLE = (12, 50, 25, 48)
EMPTY = (0, 100, 0, 50)  # no events in either arm


def effect(call, table, measure="OR", **options):
    columns = [[value] for value in table]
    return call("effect_from_counts", *columns, [measure], [options or None])[0]


def check(row, status, *fields):
    assert row["status"] == status
    assert {row[field] is None for field in fields or ("yi", "vi")} == {status != "ok"}


@each("measure", MEASURES)
@each(
    ("table", "status"),
    [
        (TABLE, "ok"),
        ((2.5, 50, 3.25, 48.5), "ok"),
        ((None, 50, 25, 48), "missing_input"),
        ((12, None, 25, 48), "missing_input"),
        ((12, 50, NAN, 48), "missing_input"),
        ((12, 50, 25, None), "missing_input"),
        ((-1, 50, 25, 48), "out_of_range"),
        ((51, 50, 25, 48), "out_of_range"),
        ((12, 50, 49, 48), "out_of_range"),
        ((0, 0, 25, 48), "out_of_range"),
        ((12, INF, 25, 48), "out_of_range"),
        ((INF, INF, 25, 48), "out_of_range"),
    ],
)
def test_counts(call, measure, table, status):
    check(effect(call, table, measure), status)


def test_measure_is_needed(call):
    check(effect(call, TABLE, None), "missing_input")


@pytest.mark.parametrize("zero_cells", ["only0", "tacc"])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_table_without_zeros_is_left_alone(call, measure, zero_cells):
    plain = effect(call, TABLE, measure, zero_cells="none")
    assert effect(call, TABLE, measure, zero_cells=zero_cells) == plain
    assert plain["assumption"] is None


@pytest.mark.parametrize(
    ("table", "defined"),
    [
        ((0, 20, 3, 22), {"RD", "AS", "PETO"}),
        ((20, 20, 3, 22), {"RR", "RD", "AS", "PETO"}),
        ((3, 20, 0, 22), {"RD", "AS", "PETO"}),
        ((3, 20, 22, 22), {"RR", "RD", "AS", "PETO"}),
        ((0, 20, 22, 22), {"AS", "PETO"}),
        (EMPTY, {"AS"}),
        ((20, 20, 22, 22), {"AS"}),
    ],
)
def test_zeros_without_correction(call, table, defined):
    """No infinite effect and no variance of 0 gets through."""
    for measure in MEASURES:
        row = effect(call, table, measure, zero_cells="none")
        check(row, "ok" if measure in defined else "zero_cells")


@each("zero_cells", ["only0", "all", "tacc"])
@each("measure", MEASURES)
@each("table", [(0, 20, 3, 22), (20, 20, 0, 22), EMPTY, (20, 20, 22, 22)])
def test_zeros_with_correction(call, table, measure, zero_cells):
    row = effect(call, table, measure, zero_cells=zero_cells)
    check(row, "ok")
    is_empty = table in (EMPTY, (20, 20, 22, 22))
    if measure == "AS" and zero_cells == "only0":
        expected = "no or only events in both arms" if is_empty else None
        assert row["assumption"] == expected
    else:
        assert ("rests on the correction" in row["assumption"]) == is_empty


@each("measure", MEASURES)
@each("zero_cells", ["only0", "none", "all", "tacc"])
def test_double_zero_can_be_dropped(call, measure, zero_cells):
    for table in (EMPTY, (20, 20, 22, 22)):
        row = effect(call, table, measure, zero_cells=zero_cells, double_zero="drop")
        check(row, "double_zero")
        assert row["assumption"] is None
    kept = effect(call, (0, 20, 3, 22), measure, zero_cells=zero_cells)
    dropped = effect(call, (0, 20, 3, 22), measure, zero_cells=zero_cells, double_zero="drop")
    assert kept == dropped


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"zero_cells": "half"}, "unknown zero_cells 'half'; valid: only0, none, all, tacc"),
        ({"double_zero": "yes"}, "unknown double_zero 'yes'; valid: keep, drop"),
        ({"add": 0.5}, "unknown option 'add'; valid: zero_cells, double_zero"),
    ],
)
def test_unknown_options_of_a_table(call, options, message):
    with pytest.raises(ValueError, match=f"^effect_from_counts: {message}$"):
        effect(call, TABLE, "OR", **options)


def test_unknown_measure(call):
    with pytest.raises(ValueError, match="unknown measure 'or'; valid: OR, RR, RD, AS, PETO"):
        effect(call, TABLE, "or")


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ((3, 100, 5, 90), "ok"),
        ((0, 100, 5, 90), "ok"),
        ((0, 100, 0, 90), "ok"),
        ((None, 100, 5, 90), "missing_input"),
        ((3, None, 5, 90), "missing_input"),
        ((-1, 100, 5, 90), "out_of_range"),
        ((3, 0, 5, 90), "out_of_range"),
        ((3, 100, 5, INF), "out_of_range"),
    ],
)
def test_person_time(call, inputs, status):
    row = call("log_irr_from_counts", *[[value] for value in inputs])[0]
    check(row, status)
    if inputs == (0, 100, 0, 90):
        assert "rests on the correction" in row["assumption"]


def test_person_time_without_correction(call):
    columns = [[3, 0, 0], [100.0] * 3, [5, 4, 0], [90.0] * 3]
    rows = call("log_irr_from_counts", *columns, [{"zero_cells": "none"}] * 3)
    assert [row["status"] for row in rows] == ["ok", "zero_cells", "zero_cells"]
    with pytest.raises(ValueError, match="unknown zero_cells 'tacc'; valid: only0, none, all"):
        call("log_irr_from_counts", *columns, [{"zero_cells": "tacc"}] * 3)


def pooled(call, name, tables, **options):
    columns = [[list(count)] for count in zip(*tables, strict=True)]
    return call(name, *columns, [options or None])[0]


COUNTS = [(12, 50, 25, 48), (3, 20, 6, 22), (7, 30, 9, 31)]
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value")
POOLS = ("mantel_haenszel", "peto")


@pytest.mark.parametrize("name", POOLS)
def test_no_tables(call, name):
    for columns in ([[]] * 4, [None] * 4, [[1.0], None, [1.0], [2.0]], [[None], [9], [1], [9]]):
        row = call(name, *[[column] for column in columns])[0]
        assert (row["k"], row["status"]) == (0, "no_data")
        assert {row[field] for field in NUMBERS} == {None}
        assert row["weights"] is None


@pytest.mark.parametrize("name", POOLS)
def test_one_table(call, name):
    row = pooled(call, name, COUNTS[:1])
    alone = effect(call, COUNTS[0], "OR" if name == "mantel_haenszel" else "PETO")
    assert (row["k"], row["status"], row["weights"]) == (1, "single_study", [1.0])
    assert row["estimate"] == pytest.approx(alone["yi"], rel=1e-12)
    assert row["se"] == pytest.approx(math.sqrt(alone["vi"]), rel=1e-12)
    assert {row[field] for field in ("q", "q_df", "q_p", "i2_q", "h2_q")} == {None}


@pytest.mark.parametrize("measure", ["RR", "RD"])
def test_one_table_of_other_measures(call, measure):
    row = pooled(call, "mantel_haenszel", COUNTS[:1], measure=measure)
    assert row["estimate"] == pytest.approx(effect(call, COUNTS[0], measure)["yi"], rel=1e-12)


@pytest.mark.parametrize("name", POOLS)
def test_a_dropped_table_changes_nothing_else(call, name):
    gaps = [COUNTS[0], (None, 20, 3, 20), COUNTS[1], (3, INF, 3, 20), COUNTS[2]]
    one, other = pooled(call, name, COUNTS), pooled(call, name, gaps)
    a, b, c = one.pop("weights")
    assert other.pop("weights") == [a, None, b, None, c]
    assert other == one


@pytest.mark.parametrize(
    ("tables", "undefined"),
    [
        ([(0, 20, 3, 20), (0, 30, 4, 30)], {"OR", "RR"}),
        ([(3, 20, 0, 20), (4, 30, 0, 30)], {"OR", "RR"}),
        ([(20, 20, 3, 20), (30, 30, 4, 30)], {"OR"}),
        ([(0, 20, 0, 20), (0, 30, 0, 30)], {"OR", "RR", "RD", "PETO"}),
        ([(20, 20, 20, 20), (30, 30, 30, 30)], {"OR", "RR", "RD", "PETO"}),
    ],
)
def test_arms_without_events(call, tables, undefined):
    for measure in ("OR", "RR", "RD"):
        row = pooled(call, "mantel_haenszel", tables, measure=measure)
        check(row, "zero_cells" if measure in undefined else "ok", *NUMBERS)
        assert (row["weights"] is None) == (measure in undefined)
    check(pooled(call, "peto", tables), "zero_cells" if "PETO" in undefined else "ok", *NUMBERS)


@pytest.mark.parametrize("name", POOLS)
def test_impossible_counts_are_named(call, name):
    for table in ((-1, 20, 3, 20), (3, 20, 21, 20), (0, 0, 3, 20)):
        row = pooled(call, name, [COUNTS[0], table])
        assert (row["status"], row["fault_at"], row["k"]) == ("out_of_range", 2, 0)
    row = call(name, [[1]], [[2]], [[1]], [[2, 3]])[0]
    assert (row["status"], row["fault_at"]) == ("lengths_differ", 2)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mantel_haenszel", {"measure": "AS"}, "unknown measure 'AS'; valid: OR, RR, RD"),
        ("mantel_haenszel", {"cmh_correction": "x"}, "unknown cmh_correction 'x'; valid: half"),
        ("mantel_haenszel", {"ci_level": 95}, "ci_level must lie between 0 and 1; got 95"),
        ("peto", {"measure": "OR"}, "unknown option 'measure'; valid: ci_level"),
    ],
)
def test_unknown_options_of_pooling(call, name, options, message):
    with pytest.raises(ValueError, match=f"^{name}: {message}"):
        pooled(call, name, COUNTS, **options)


def test_continuity_correction_never_exceeds_the_difference(call):
    """metafor squares |0.2| - 0.5; mantelhaen.test of R leaves the correction out here."""
    tables = [(5, 20, 5, 20), (6, 21, 6, 20)]
    assert pooled(call, "mantel_haenszel", tables)["cmh"] == 0
    assert pooled(call, "mantel_haenszel", tables)["cmh_p"] == 1
    assert pooled(call, "mantel_haenszel", tables, cmh_correction="none")["cmh"] > 0


@pytest.mark.parametrize("factor", [1e-6, 1e9])
def test_tiny_and_huge_counts(call, factor):
    tables = [tuple(value * factor for value in table) for table in COUNTS]
    plain = pooled(call, "mantel_haenszel", COUNTS)
    scaled = pooled(call, "mantel_haenszel", tables)
    assert scaled["estimate"] == pytest.approx(plain["estimate"], rel=1e-12)
    assert scaled["se"] * math.sqrt(factor) == pytest.approx(plain["se"], rel=1e-12)
