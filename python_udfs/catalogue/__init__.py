"""The list of all functions: the one source of registration, wrapper macros, docs and tests.

An entry names the function, its arguments and the fields it returns, with SQL types, units and
meaning, the source of the formula, and the kernel that computes it. One file per topic.
"""

from python_udfs.catalogue.bias import BIAS
from python_udfs.catalogue.entry import Argument, Field, Udf
from python_udfs.catalogue.pooling import POOLING
from python_udfs.catalogue.proportions import PROPORTIONS
from python_udfs.catalogue.recovery import RECOVERY
from python_udfs.catalogue.regression import REGRESSION
from python_udfs.catalogue.smd import SMD
from python_udfs.catalogue.tails import TAILS

__all__ = ["CATALOGUE", "Argument", "Field", "Udf", "as_arrow"]

CATALOGUE: tuple[Udf, ...] = (
    *POOLING,
    *RECOVERY,
    *SMD,
    *PROPORTIONS,
    *TAILS,
    *REGRESSION,
    *BIAS,
)


def as_arrow():
    """The catalogue as a table: udf_name, arguments, returns, unit, description, source.

    ``arguments`` and ``returns`` are written as SQL types; ``unit`` lists "field: unit".
    """
    import pyarrow as pa

    rows = [
        {
            "udf_name": udf.name,
            "arguments": ", ".join(f"{a.name} {a.type}" for a in udf.arguments),
            "returns": udf.sql_return_type,
            "unit": ", ".join(f"{f.name or 'result'}: {f.unit}" for f in udf.returns),
            "description": udf.description,
            "source": udf.source,
        }
        for udf in CATALOGUE
    ]
    return pa.Table.from_pylist(rows)
