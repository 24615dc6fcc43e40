"""The one way loops are compiled here: Numba, without the GIL, cached on disk."""

from numba import njit

from python_udfs.fingerprint import fingerprint

_STAMP = fingerprint()


def jit(function):
    """Compile ``function`` with ``nogil`` and a disk cache that follows every kernel file.

    Division by zero gives infinity or NaN, as in NumPy, and costs no check in the loops.

    Numba renews a cached function when its own file changes, but not when a function it calls in
    another file does: results of old code could then survive an edit. The cache is therefore
    stamped with the fingerprint of all kernel files.
    """
    compiled = njit(nogil=True, cache=True, error_model="numpy")(function)
    if compiled is not function:  # the same object when NUMBA_DISABLE_JIT is set
        compiled._cache._cache_file._source_stamp = _STAMP
    return compiled
