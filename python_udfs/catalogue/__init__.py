"""The list of all functions: the one source of registration, docs and tests.

An entry names the function, its arguments and the fields it returns, with SQL types, units and
meaning, the source of the formula, and the kernel that computes it. One file per topic.
"""

from python_udfs.catalogue.agreement import AGREEMENT
from python_udfs.catalogue.bias import BIAS
from python_udfs.catalogue.binary import BINARY
from python_udfs.catalogue.correlations import CORRELATIONS
from python_udfs.catalogue.designs import DESIGNS
from python_udfs.catalogue.entry import FAULT_AT, Argument, Field, Udf
from python_udfs.catalogue.means import MEANS
from python_udfs.catalogue.pooling import POOLING
from python_udfs.catalogue.proportions import PROPORTIONS
from python_udfs.catalogue.recovery import RECOVERY
from python_udfs.catalogue.regression import REGRESSION
from python_udfs.catalogue.sensitivity import SENSITIVITY
from python_udfs.catalogue.smd import SMD
from python_udfs.catalogue.spread import SPREAD
from python_udfs.catalogue.tails import TAILS
from python_udfs.catalogue.translations import TRANSLATIONS

__all__ = ["CATALOGUE", "FAULT_AT", "TOPICS", "Argument", "Field", "Udf", "as_arrow"]

TOPICS: dict[str, tuple[Udf, ...]] = {
    "pooling": POOLING,
    "regression and dependence": REGRESSION,
    "small-study effects": BIAS,
    "sensitivity": SENSITIVITY,
    "standard errors": RECOVERY,
    "means and their spread": SPREAD,
    "standardised mean differences": SMD,
    "mean differences and change": MEANS,
    "correlations": CORRELATIONS,
    "designs": DESIGNS,
    "binary outcomes": BINARY,
    "proportions": PROPORTIONS,
    "an SMD on other scales": TRANSLATIONS,
    "agreement": AGREEMENT,
    "tails": TAILS,
}

CATALOGUE: tuple[Udf, ...] = tuple(udf for topic in TOPICS.values() for udf in topic)


def as_arrow():
    """The catalogue as a table: udf_name, topic, arguments, returns, unit, description, source and
    same_as.

    ``arguments`` and ``returns`` are written as SQL types; ``unit`` lists "field: unit".
    """
    import pyarrow as pa

    rows = [
        {
            "udf_name": udf.name,
            "topic": topic,
            "arguments": ", ".join(f"{a.name} {a.type}" for a in udf.arguments),
            "returns": udf.sql_return_type,
            "unit": ", ".join(f"{f.name or 'result'}: {f.unit}" for f in udf.returns),
            "description": udf.description,
            "source": udf.source,
            "same_as": udf.same_as,
        }
        for topic, udfs in TOPICS.items()
        for udf in udfs
    ]
    return pa.Table.from_pylist(rows)
