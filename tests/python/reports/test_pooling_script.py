"""The arithmetic of the page that pools again, against the functions of the warehouse."""

import itertools
import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from playwright.sync_api import Browser
from scipy import stats

from python_udfs.connect import connect
from reports import explorer, formats, html
from tests.python.reports.browsing import window

RELATIVE = 1e-8
"""What an iterated estimator of the warehouse and one of the page may differ by."""
TAU2_METHODS, CI_METHODS, PI_METHODS = (
    [code for code, _ in options] for _, options, _ in explorer.METHODS.values()
)
LEVELS = (0.95, 0.9)
FIELDS = ("estimate", "se", "ci_low", "ci_high", "df", "p_value", "tau2", "q", "q_df", "pi_low",
          "pi_high")  # fmt: skip
BIAS = ("k", "bias", "bias_se", "df", "p_value", "limit_estimate")


def subsets() -> list[tuple[list[float], list[float]]]:
    """Effects with variances: one to twenty, alike and far apart, from nought and far from it."""
    rng = random.Random(7)
    made = [
        (
            [centre + rng.gauss(0, spread) for _ in range(k)],
            [rng.uniform(0.05, 0.4) ** 2 for _ in range(k)],
        )
        for k in (1, 2, 3, 5, 20)
        for centre, spread in ((0.3, 0.02), (0.4, 0.3), (-5.0, 1.2))
    ]
    return [*made, ([0.2, 0.2, 0.2], [0.01, 0.02, 0.03])]


def in_browser(browser: Browser, expression: str, value: Any) -> Any:
    """What an expression of the script gives for a value."""
    with window(browser) as shown:
        script = html.own_file("numbers.js") + html.own_file("pooling.js")
        return shown.page.evaluate(f"(given) => {{ {script}; return {expression}; }}", value)


def is_close(live: float | None, wanted: float | None, unit: float) -> bool:
    """Equal to within the tolerance, or both without a value."""
    if live is None or wanted is None:
        return live is None and wanted is None
    return abs(live - wanted) <= RELATIVE * max(abs(wanted), unit)


@pytest.mark.browser
def test_every_choice_pools_as_the_warehouse_does(browser: Browser) -> None:
    parts = itertools.product(TAU2_METHODS, CI_METHODS, PI_METHODS)
    choices = [(*part, LEVELS[place % 2]) for place, part in enumerate(parts)]
    data = subsets()
    given = {"data": data, "choices": choices, "fields": FIELDS}
    live = in_browser(
        browser,
        """given.data.map(([yi, vi]) => given.choices.map(
          ([tau2_method, ci_method, pi_method, ci_level]) => {
            const made = pooling.pool(yi, vi, { tau2_method, ci_method, pi_method, ci_level });
            return given.fields.map((name) => made[name]);
          }))""",
        given,
    )
    known = in_browser(browser, "[pooling.TAU2, pooling.CI, pooling.PI].map(Object.keys)", 0)
    wanted_names = (TAU2_METHODS, CI_METHODS, PI_METHODS)
    assert list(map(sorted, known)) == list(map(sorted, wanted_names))
    rows = [(yi, vi, *choice) for yi, vi in data for choice in choices]
    wanted = of_warehouse(rows)
    flat = [found for one in live for found in one]
    wrong = [
        (len(yi), *choice, name, value, row[name])
        for (yi, vi, *choice), found, row in zip(rows, flat, wanted, strict=True)
        for name, value in zip(FIELDS, found, strict=True)
        if not is_close(value, row[name], unit_of(name, vi))
    ]
    assert wrong == []


def of_warehouse(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """What the function pool gives for effects, variances and choices."""
    names = ("yi", "vi", "tau2_method", "ci_method", "pi_method", "ci_level")
    table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    with connect(":memory:") as connection:
        connection.register("given", table)
        pooled = connection.sql(
            "select unnest(pool(yi, vi, {'tau2_method': tau2_method, 'ci_method': ci_method, "
            "'pi_method': pi_method, 'ci_level': ci_level, 'tau2_ci_method': 'none'})) from given"
        )
        names = pooled.columns
        return [dict(zip(names, row, strict=True)) for row in pooled.fetchall()]


def unit_of(name: str, vi: list[float]) -> float:
    """Size below which differences count as absolute ones; probabilities have none."""
    if name == "p_value":
        return 0.0
    return min(vi) if name == "tau2" else min(vi) ** 0.5


@pytest.mark.browser
def test_eggers_test_is_that_of_the_warehouse(browser: Browser) -> None:
    data = [one for one in subsets() if len(one[0]) != 1]
    live = in_browser(browser, "given.map(([yi, vi]) => pooling.egger(yi, vi))", data)
    with connect(":memory:") as connection:
        for (yi, vi), found in zip(data, live, strict=True):
            result = connection.execute("select unnest(egger_test(?, ?))", [yi, vi])
            names = [column[0] for column in result.description]
            row = dict(zip(names, result.fetchall()[0], strict=True))
            if found is None:
                assert len(yi) < 3
                assert row["bias"] is None
                continue
            gaps = {name: (found[name], row[name]) for name in BIAS
                    if not is_close(found[name], row[name], 1e-4)}  # fmt: skip
            assert gaps == {}


@pytest.mark.browser
def test_p_values_are_written_as_on_the_other_pages(browser: Browser) -> None:
    edges = [0.0, 0.001, 0.0995, 0.1, 0.99, 0.995, 1.0, None]
    near = [edge + step for edge in edges[1:-2] for step in (-1e-9, 1e-9)]
    grid = [*edges, *near, *(place / 7919 for place in range(1, 7919))]
    live = in_browser(browser, "given.map((p) => [numbers.pValue(p), numbers.pNumber(p)])", grid)
    wrong = [(p, *found) for p, found in zip(grid, live, strict=True)
             if found != [formats.p_value(p), formats.p_number(p)]]  # fmt: skip
    assert wrong == []


@pytest.mark.browser
def test_tails_and_quantiles_hold_ten_digits(browser: Browser) -> None:
    df = (1, 2, 3, 4.5, 7, 30, 250)
    t = (0.0, 1e-3, 0.4, 1.0, 1.96, 2.9, 3.1, 8.0, 35.0)
    level = (0.5, 0.8, 0.95, 0.99, 0.999)
    given = {"df": [*df, None], "t": t, "level": level}
    tails, quantiles = in_browser(
        browser,
        """[given.df.map((df) => given.t.map((t) => pooling.tTail(t, df ?? Infinity))),
          given.df.map((df) => given.level.map((p) => pooling.quantile(p, df ?? Infinity)))]""",
        given,
    )
    known = [*(stats.t(one) for one in df), stats.norm()]
    assert np.allclose(tails, [one.sf(t) for one in known], rtol=1e-10, atol=1e-300)
    upper = (1 - np.array(level)) / 2
    assert np.allclose(quantiles, [one.isf(upper) for one in known], rtol=1e-10, atol=0)


@pytest.mark.browser
def test_leaving_one_out_pools_the_others(browser: Browser) -> None:
    [(yi, vi)] = [one for one in subsets() if len(one[0]) == 5][:1]
    choice = ("REML", "HK_adhoc", "V", 0.95)
    left = in_browser(
        browser,
        """pooling.leaveOneOut(given.yi, given.vi, { tau2_method: "REML", ci_method: "HK_adhoc",
          pi_method: "V", ci_level: 0.95 }).map((one) => one.estimate)""",
        {"yi": yi, "vi": vi},
    )
    rows = [(yi[:i] + yi[i + 1 :], vi[:i] + vi[i + 1 :], *choice) for i in range(5)]
    assert left == pytest.approx([row["estimate"] for row in of_warehouse(rows)], rel=RELATIVE)
