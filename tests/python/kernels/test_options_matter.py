"""No option is accepted and ignored: every name and number of every one changes a result.

Any two names of an option, the rest being equal, differ in a returned field on one of the rows
below, and so do a number and its default. pimeta took methods that it did not use; metaumbrella
took arguments that it did not read.
"""

from itertools import combinations

import pytest

from python_udfs import CATALOGUE
from python_udfs.kernels.options import Choice

YI = [0.1, 0.8, -0.3, 0.5, 1.2, 0.45, 0.9, 0.2]
VI = [0.02, 0.05, 0.04, 0.01, 0.2, 0.03, 0.06, 0.015]
EVEN = [0.30, 0.35, 0.28, 0.33, 0.4, 0.31, 0.36, 0.32]
BACK = [-y for y in YI]
# Hartung-Knapp's interval just wider than z, and wider than t, where tau2 is 0
NEAR, FAR = (
    [0.3 + c * y for y in (0, 0.05, -0.35, 0.03, 0.1, 0.01, 0.06, 0.02)] for c in (1.3, 1.5)
)
ROWS = [YI, EVEN, BACK, NEAR, FAR]
N = [40.0, 25.0, 30.0, 90.0, 8.0, 35.0, 20.0, 60.0]
EFFECTS = (ROWS, [VI] * 5)
CLUSTERS = [["a", "a", "a", "b", "b", "c", "c", "d"]] * 5
TABLES = [[[3, 9, 7, 2]], [[20, 55, 40, 10]], [[5, 2, 9, 1]], [[21, 50, 44, 12]]]
COVARIANCE = [
    [VI[i] if i == j else 0.3 * (VI[i] * VI[j]) ** 0.5 for j in range(8)] for i in range(8)
]
PAIRS = [[1, 2, 0.3], [3, 5, 0.2], [4, 8, 0.4]]
X = [[1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0]]
COLUMNS = {
    "pool_subgroups": (*EFFECTS, CLUSTERS),
    "meta_regression": (*EFFECTS, [X] * 5),
    "pool_gls": (ROWS, [COVARIANCE] * 5),
    "pool_gls_pairs": (*EFFECTS, [PAIRS] * 5),
    "leave_one_out_gls": (*EFFECTS, [PAIRS] * 5),
    "correlation_shrinkage_pairs": ([3.0], [[[1, 2, 0.97], [1, 3, 0.5]]]),
    "correlation_shrinkage": ([[[1.0, 0.97], [0.97, 1.0]]],),
    "pool_three_level": (*EFFECTS, CLUSTERS),
    "pool_correlated": (*EFFECTS, CLUSTERS),
    "egger_test_smd": (*EFFECTS, [N] * 5, [list(reversed(N))] * 5),
    "harbord_test": TABLES,
    "peters_test": TABLES,
    "credibility_ceiling": (*EFFECTS, [[0.0, 0.1]] * 5),
}
TOPICS = ("pooling.", "regression.", "bias.", "sensitivity.")
NUMBERS = {
    "ci_level": 0.8, "pet_alpha": 0.9999, "step": 0.2, "alpha": 0.2, "rho": 0.1, "scale": 0.05,
    "orwin_target": 0.03, "max_subsets": 40, "seed": 7, "mean": 0.2, "mean_sd": 0.3,
    "smallest_eigenvalue": 0.2, "default_correlation": 0.1, "credibility": 0.5,
}  # fmt: skip
# what has to be given beside a name, or beside an option
WITH_NAME = {
    ("ci_method", "KR"): {"tau2_method": "REML"},
    ("ci_method", "PL"): {"tau2_method": "ML"},
    ("pi_method", "KR"): {"tau2_method": "REML"},
    ("pi_method", "KR_PR"): {"tau2_method": "REML"},
    ("ci_method", "KR_meta"): {"tau2_method": "REML"},
    ("pi_method", "KR_meta"): {"tau2_method": "REML"},
    ("pi_method", "KR_PR_meta"): {"tau2_method": "REML"},
    ("tau2_ci_method", "PL"): {"tau2_method": "REML"},
    ("tau2_across", "pooled"): {"tau2_method": "DL"},
    ("mean_prior", "normal"): {"mean": 0.1, "mean_sd": 0.5},
}
WITH_OPTION = {
    ("trim_and_fill", "tau2_method"): {"side": "left"},
    ("gosh", "seed"): {"max_subsets": 40},
    ("pool_bayes", "mean"): {"mean_prior": "normal", "mean": 0.1, "mean_sd": 0.5},
    ("pool_bayes", "mean_sd"): {"mean_prior": "normal", "mean": 0.1, "mean_sd": 0.5},
}
# by definition: the same root; with DL, the only one that pooled takes, the same estimator
SAME = [{"EB", "PM"}, {"pooled", "common"}]
APART = [{"KR", "PL"}, {"KR_meta", "PL"}]  # no estimator has both


def every_option():
    return [
        pytest.param(udf, option, id=f"{udf.name}-{option.key}")
        for udf in CATALOGUE
        if udf.kernel.startswith(TOPICS)
        for option in udf.arguments[-1].options
    ]


def results(call, udf, options):
    columns = COLUMNS.get(udf.name, EFFECTS)
    return call(udf.name, *columns, [options] * len(columns[0]))


def context(key, name, other):
    """What two names can both be given with; for mean_prior each has its own."""
    needed, also = WITH_NAME.get((key, name), {}), WITH_NAME.get((key, other), {})
    if key == "mean_prior":
        return needed, also
    together = {**needed, **also}
    return together, together


@pytest.mark.parametrize(("udf", "option"), every_option())
def test_every_name_changes_a_result(call, udf, option):
    always = WITH_OPTION.get((udf.name, option.key), {})
    if not isinstance(option, Choice):
        changed = {**always, option.key: NUMBERS[option.key]}
        assert results(call, udf, changed) != results(call, udf, always)
        return
    for name, other in combinations(option.names, 2):
        if {name, other} in SAME or {name, other} in APART:
            continue
        beside, also = context(option.key, name, other)
        given = results(call, udf, {**always, **beside, option.key: name})
        against = results(call, udf, {**always, **also, option.key: other})
        assert given != against, f"{name} gives what {other} gives"


def test_every_number_is_tried():
    numbers = {
        parameter.values[1].key
        for parameter in every_option()
        if not isinstance(parameter.values[1], Choice)
    }
    assert numbers == set(NUMBERS)
