"""Sample arguments for any function of the catalogue, made from the names of its arguments."""

import numpy as np
import pyarrow as pa

from python_udfs.kernels.options import Choice

ROWS = 2500
MOST_STUDIES = 6

# from, to; whole numbers where both are whole. Other names: 0.1 to 1.
RANGES = {
    "n": (20, 60), "n1": (20, 60), "n2": (20, 60), "ns": (20, 60), "total": (20, 60),
    "totals": (20, 60), "n_control": (20, 60), "n_total": (100, 200), "events": (0, 12),
    "ai": (0, 12), "ci": (0, 12), "x1": (0, 12), "x2": (0, 12), "events_control": (0, 12),
    "df": (5, 40), "covariates": (0, 3), "count": (0, 60), "comparisons": (1, 4),
    "decimals": (0, 3), "cluster_size": (1, 30), "sign": (-1, 1), "icc": (0.0, 0.1),
    "r": (-0.6, 0.6), "r1": (-0.6, 0.6), "r2": (-0.6, 0.6), "phi": (-0.6, 0.6), "z": (-3.0, 3.0),
    "t": (-3.0, 3.0), "f": (0.0, 9.0), "chi2": (0.0, 9.0), "q": (0.0, 9.0), "eta2": (0.0, 0.5),
    "ci_low": (0.5, 1.05), "ci_high": (1.2, 2.0), "odds_ratio": (1.05, 1.1), "yi": (-0.5, 1.1),
    "risk_ratio": (0.9, 1.1), "hazard_ratio": (0.9, 1.1), "ratio": (0.9, 1.1),
    "estimate": (0.9, 1.1), "baseline_risk": (0.1, 0.3), "control_event_rate": (0.1, 0.7),
    "ci_level": (0.8, 0.99), "minimum": (0.0, 1.0), "q1": (2.0, 3.0), "median": (3.5, 5.0),
    "q3": (6.0, 7.0), "maximum": (8.0, 9.0), "percent": (40.0, 50.0), "percent_low": (20.0, 30.0),
    "percent_high": (60.0, 70.0), "sd_change": (0.3, 0.9), "vi": (0.01, 0.3), "x": (-1.0, 1.0),
    "ceilings": (0.0, 0.3),
}  # fmt: skip
# what a value of an option or choice needs beside it; None stands for any value
COMPANIONS = {
    ("tau2_method", "DL2"): {"side": "left"},
    ("correction", "none"): {"variance_form": "LS"},
    ("correction", "olkin_pratt"): {"variance_form": "LS"},
    ("variance_form", "UB"): {"correction": "olkin_pratt"},
    ("mean_g", None): {"variance_form": "AV"},
    ("variance_form", "AV"): {"mean_g": 0.3},
    ("ci_method", "PL"): {"tau2_method": "ML"},
    ("tau2_across", "pooled"): {"tau2_method": "DL"},
    ("mean_prior", "normal"): {"mean": 0.1, "mean_sd": 1.0},
    ("mean", None): {"mean_prior": "normal", "mean_sd": 1.0},
    ("mean_sd", None): {"mean_prior": "normal", "mean": 0.1},
    ("seed", None): {"max_subsets": 10.0},
    ("orwin_mean", None): {"orwin_target": 0.05},
}


def draw(rng, name, size):
    """Random numbers in the range of the argument's name."""
    low, high = RANGES.get(name, (0.1, 1.0))
    if isinstance(low, int):
        return rng.integers(low, high + 1, size).astype(float)
    return rng.uniform(low, high, size)


def scalars(rng, name, rows):
    """One number per row; every 40th is NULL on average."""
    return pa.array(draw(rng, name, rows), mask=rng.random(rows) < 0.025)


def lists(rng, name, sizes):
    """One list of numbers per row, with a NULL list and a NULL number here and there."""
    values = draw(rng, name, sizes.sum())
    is_null = (rng.random(values.size) < 0.01) & (name != "ceilings")  # there refused
    elements = pa.array(values, mask=is_null)
    return as_lists(elements, sizes, rng.random(sizes.size) < 0.01)


def as_lists(elements, sizes, is_null=None):
    """Lists of these sizes."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    mask = None if is_null is None else pa.array(is_null)
    return pa.ListArray.from_arrays(offsets, elements, mask=mask)


def covariances(rng, sizes):
    """One covariance matrix per row, correlation 0.3."""
    rows = []
    for size in sizes:
        se = np.sqrt(rng.uniform(0.01, 0.3, size))
        rows.append((np.outer(se, se) * (0.3 + 0.7 * np.eye(size))).tolist())
    return pa.array(rows, pa.list_(pa.list_(pa.float64())))


def correlations(sizes):
    """One matrix of equal correlations per row: at -0.3 no such matrix exists for five or six."""
    matrices = [
        (rho + (1.0 - rho) * np.eye(n)).tolist()
        for n, rho in zip(sizes, _turns(sizes), strict=True)
    ]
    return pa.array(matrices, pa.list_(pa.list_(pa.float64())))


def correlated_pairs(rng, sizes):
    """A correlation of the first two effects per row, where there are two."""
    pairs = [[[1.0, 2.0, rng.uniform(0.0, 0.6)]] if size > 1 else [] for size in sizes]
    return pa.array(pairs, pa.list_(pa.list_(pa.float64())))


def _turns(sizes):
    return np.resize([-0.3, 0.3, 0.97], sizes.size)


def column(rng, argument, sizes):
    """A column for one argument, not for options."""
    rows = sizes.size
    if argument.choice:
        return pa.array(rng.choice(argument.choice.names, rows), mask=rng.random(rows) < 0.02)
    if argument.name == "covariance":
        return covariances(rng, sizes)
    if argument.name == "correlations":
        return correlated_pairs(rng, sizes)
    if argument.name == "k":
        return pa.array(sizes.astype(float), mask=rng.random(rows) < 0.02)
    if argument.name == "correlation":
        return correlations(sizes)
    if argument.type == "DOUBLE[][]":
        return as_lists(lists(rng, argument.name, sizes), np.ones(rows, np.int64))
    if argument.type == "DOUBLE[]":
        return lists(rng, argument.name, sizes)
    if argument.type == "VARCHAR[]":
        return as_lists(pa.array(rng.choice(["a", "b", "c"], sizes.sum())), sizes)
    return scalars(rng, argument.name, rows)


def values_of(choice):
    """Every name of a choice; two numbers inside the bounds of a number."""
    if isinstance(choice, Choice):
        return choice.names
    low, high = max(choice.low, -1.0), min(choice.high, 1.0)
    return (7.0, 8.0) if choice.is_whole else (low + 0.6 * (high - low), low + 0.8 * (high - low))


def options_of(udf):
    """The options of a function."""
    return next((argument.options for argument in udf.arguments if argument.options), ())


def companions(udf, key, value):
    """Other arguments and options that this value of ``key`` needs, as far as they exist."""
    choices = {o.key: o for o in options_of(udf)} | {a.name: a.choice for a in udf.arguments}
    found = COMPANIONS.get((key, value)) or COMPANIONS.get((key, None)) or {}
    return {
        name: given
        for name, given in found.items()
        if name in choices and given in getattr(choices[name], "names", (given,))
    }


def sample(udf, rows=None):
    """Columns for every argument but the options, by name."""
    rng = np.random.default_rng(7)
    sizes = rng.integers(0, MOST_STUDIES + 1, rows or ROWS)
    return {a.name: column(rng, a, sizes) for a in udf.arguments if not a.options}


def with_values(udf, columns, given):
    """The columns with the same given values in every row, as arguments or as options."""
    rows = len(next(iter(columns.values())))
    replaced = {name: pa.array([value] * rows) for name, value in given.items() if name in columns}
    options = {key: pa.array([v] * rows) for key, v in given.items() if key not in columns}
    columns = [*(columns | replaced).values()]
    if options:
        columns.append(pa.StructArray.from_arrays([*options.values()], [*options]))
    return columns


def varied_options(udf, rows):
    """A STRUCT column that sets one option in each row, in turn to every value that goes alone."""
    options = options_of(udf)
    pairs = [(o.key, v) for o in options for v in values_of(o) if not companions(udf, o.key, v)]
    turns = [pairs[row % len(pairs)] for row in range(rows)] if pairs else []
    keys = list(dict.fromkeys(key for key, _ in pairs))
    columns = [pa.array([v if k == key else None for k, v in turns]) for key in keys]
    return pa.StructArray.from_arrays(columns, keys)
