"""Tables about the functions, which models read as sources."""

import pyarrow as pa

from python_udfs.catalogue import as_arrow
from python_udfs.kernels.fingerprint import fingerprint


def kernel_fingerprint() -> pa.Table:
    """One row with the fingerprint of the kernels."""
    return pa.table({"fingerprint": [fingerprint()]})


TABLES = {"udf_catalogue": as_arrow, "kernel_fingerprint": kernel_fingerprint}
"""Name of a source table to the function that makes it."""
