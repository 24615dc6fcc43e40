"""A formula has one function, or its second name says so in `udf_catalogue.same_as`.

Functions are compared on random rows: with every order of their arguments, and under each of their
choices. One gives the same as another when all their numbers are equal; a function that returns a
plain number also when that is the first of the other's.
"""

import itertools
import re

import numpy as np
import pyarrow as pa
import pytest

import python_udfs
from python_udfs import CATALOGUE

pytestmark = pytest.mark.build

ROWS = 12
MOST_ORDERS = 120
KINDS = {
    "size": re.compile(r"n|n\d|n_\w+|total|df|cluster_size|comparisons|covariates|t1|t2"),
    "count": re.compile(r"events|events_control|ai|ci|x1|x2|count"),
    "share": re.compile(r"\w+"),
}
"""What an argument is by its name: one of ``n``, a count of events, or any other number."""
FIXED = {"ci_level": "0.95"}
TEXTS = {"display_ci", "cohen_band"}
"""Return text."""
WITHOUT_RESULT = {"counts_from_or"}
"""Has none on these rows: no table has such an odds ratio."""
NUMBERS = {field.name for udf in CATALOGUE for field in udf.returns if field.type == "DOUBLE"}


@pytest.fixture(scope="module")
def con(shipped_database):
    """The warehouse with a table of random rows, the columns of a kind in rising order."""
    random = np.random.default_rng(20241129)
    samples = {
        "size": random.integers(20, 60, (ROWS, 4)),
        "count": random.integers(2, 18, (ROWS, 2)),
        "share": random.uniform(0.5, 0.95, (ROWS, 10)),
    }
    with python_udfs.connect(shipped_database) as connection:
        columns = {
            f"{kind}{i}": column.astype(float)
            for kind, values in samples.items()
            for i, column in enumerate(np.sort(values, axis=1).T)
        }
        connection.register("samples", pa.table(columns))
        yield connection


def listed(con):
    """Name, argument names and call that gives the same, of every function that returns numbers."""
    rows = con.execute("select udf_name, arguments, same_as from udf_catalogue").fetchall()
    return [
        (name, [part.split()[0] for part in arguments.split(", ")], same_as)
        for name, arguments, same_as in rows
        if name not in TEXTS
    ]


def scalars(con):
    """Name, arguments as SQL with a placeholder for each number, of every variant."""
    by_name = {udf.name: udf for udf in CATALOGUE}
    for name, arguments, _ in listed(con):
        if name not in by_name:
            yield name, arguments, [None] * len(arguments)
            continue
        required = [a for a in by_name[name].arguments if not a.is_optional]
        if any(argument.type.endswith("[]") for argument in required):
            continue
        choices = [
            [f"'{text}'" for text in a.choice.names] if a.choice else [FIXED.get(a.name)]
            for a in required
        ]
        for variant in itertools.product(*choices):
            yield name, [argument.name for argument in required], variant


def orders(arguments, variant):
    """Each way to hand the columns of the samples to the numbers among the arguments."""
    names = [name for name, text in zip(arguments, variant, strict=True) if text is None]
    kinds = [next(kind for kind, word in KINDS.items() if word.fullmatch(name)) for name in names]
    columns = [[f"{kind}{i}" for i in range(kinds.count(kind))] for kind in KINDS]
    ways = itertools.product(*map(itertools.permutations, columns))
    for way in itertools.islice(ways, MOST_ORDERS):
        given = dict(zip(KINDS, map(iter, way), strict=True))
        numbers = iter([next(given[kind]) for kind in kinds])
        yield [text or next(numbers) for text in variant]


def numbers(result):
    """The numbers of one result, in the order of its fields."""
    if not isinstance(result, dict):
        return [result]
    return [result[key] for key in result if key in NUMBERS]


def results(con, name, arguments, variant):
    """The numbers of all rows under each order: an array of rows by fields.

    Rows that all give one number, such as a bound, do not tell functions apart.
    """
    calls = [f"{name}({', '.join(values)})" for values in orders(arguments, variant)]
    rows = con.execute(f"select {', '.join(calls)} from samples").fetchall()
    for column in zip(*rows, strict=True):
        found = [numbers(result) for result in column]
        fields = min(map(len, found))
        values = np.array([row[:fields] for row in found], float)
        if np.isfinite(values).all() and fields and np.ptp(values[:, 0]) > 0.0:
            yield values


def rounded(values):
    return tuple(float(f"{value:.9e}") for value in values.ravel())


def test_no_formula_has_a_second_name_that_does_not_say_so(con):
    names, first_names = {}, {}
    for name, arguments, variant in scalars(con):
        for values in results(con, name, arguments, variant):
            names.setdefault(rounded(values), set()).add(name)
            first_names.setdefault(rounded(values[:, :1]), set()).add(name)

    compared = set().union(*names.values())
    assert {name for name, *_ in scalars(con)} - compared == WITHOUT_RESULT

    plain = {name for name, *_ in listed(con)} - {u.name for u in CATALOGUE if u.returns[0].name}
    found = {
        tuple(sorted((one, other)))
        for key, ones in names.items()
        for one in ones
        for other in ones | (first_names[key] if one in plain else set())
        if one != other
    }
    declared = {
        tuple(sorted((name, same_as.split("(")[0]))) for name, _, same_as in listed(con) if same_as
    }
    of_lists = {("combine_arms", "combine_two_arms")}
    assert found == declared - of_lists


def test_second_names_give_the_same(con):
    """Where both have a result: a second name may refuse other rows, such as reversed limits."""
    pairs = [row for row in listed(con) if row[2]]
    assert len(pairs) > 5
    for name, arguments, same_as in pairs:
        compared = 0
        for values in orders(arguments, [None] * len(arguments)):
            inputs = ", ".join(f"{v} as {a}" for v, a in zip(values, arguments, strict=True))
            calls = f"{name}({', '.join(arguments)}), {same_as}"
            rows = con.execute(f"select {calls} from (select {inputs} from samples)").fetchall()
            for one, other in (map(numbers, row) for row in rows):
                if None not in (*one, *other):
                    assert one == pytest.approx(other, rel=1e-12, abs=0), name
                    compared += 1
        assert compared >= ROWS, name
