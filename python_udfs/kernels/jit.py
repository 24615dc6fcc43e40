"""The one way loops are compiled here: Numba, without the GIL, cached on disk."""

import contextlib
import hashlib
from pathlib import Path
from pickle import UnpicklingError

import numba
from numba import config, njit
from numba.core.caching import IndexDataCacheFile
from numba.core.types import unliteral

from python_udfs.kept import kept_folder
from python_udfs.kernels.fingerprint import fingerprint

_STAMP = fingerprint()


def compiled_folder() -> Path | None:
    """The folder of all installations with these kernels and this Numba; None where none can be.

    Of two versions of Numba each would take the other's index for old, and begin it anew.
    """
    return kept_folder("kernels", f"{_STAMP}-{numba.__version__}")


_COMPILED = None if config.CACHE_DIR else compiled_folder()


def jit(function):
    """Compile ``function`` with ``nogil`` and a disk cache that follows the code of all kernels.

    Division by zero gives infinity or NaN, as in NumPy, and costs no check in the loops.

    Numba alone renews a cached function when its own file was written, be it a word of a docstring,
    but not when a function it calls in another file was: results of old code could then survive an
    edit. The cache is therefore stamped with the fingerprint of the kernels, and kept for all
    installations with the same kernels (beside the sources where the user has no cache, and where
    ``NUMBA_CACHE_DIR`` says). Its entries also name the processor and the types.
    """
    return _compile(function)


def jit_numbers(function):
    """As ``jit``, for the inner loops: from arrays to numbers, without making an array.

    Arrays are passed without counting references to them (``_nrt``, Numba's word for what counts),
    which takes longer than the sums over a few studies do.
    """
    return _compile(function, _nrt=False)


def jit_inline(function):
    """As ``jit_numbers``, written out where it is called: a call takes as long as the sums."""
    return _compile(function, _nrt=False, inline="always")


def _compile(function, **options):
    # no_cfunc_wrapper: nobody calls from C.
    compiled = njit(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True, **options)(
        function
    )
    if compiled is not function:  # the same object when NUMBA_DISABLE_JIT is set
        compiled._cache._cache_file = _cache_file_of(function, compiled._cache)
        _compile_once_for_constants(compiled)
    return compiled


def _cache_file_of(function, cache):
    name = f"{function.__module__}.{cache._impl.filename_base}"
    return _CacheFile(str(_COMPILED or cache.cache_path), name, _STAMP)


class _CacheFile(IndexDataCacheFile):
    """A cache that many processes use, and that may be emptied or spoilt while they run.

    Numba numbers the compiled versions of a function in the order in which they come: of two that
    two processes compile at once, one would be loaded in place of the other. Here each is named
    after its types and processor. What cannot be read is compiled, what cannot be written is lost.
    """

    def load(self, key):
        with contextlib.suppress(OSError, EOFError, UnpicklingError):
            return super().load(key)

    def save(self, key, data):
        name = self._data_name_pattern.format(number=_number_of(key))
        with contextlib.suppress(OSError):
            Path(self._cache_path).mkdir(parents=True, exist_ok=True)
            self._save_data(name, data)
            self._save_index(self._load_index() | {key: name})

    def _load_index(self):
        try:
            return super()._load_index()
        except (OSError, EOFError, UnpicklingError):
            return {}


def _number_of(key) -> int:
    return int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:8], "big")


def _compile_once_for_constants(compiled):
    """Let one version of a function serve calls with any constant, as it serves variables.

    Numba alone compiles a version for each constant that compiled code calls the function with: a
    tenth of all compiling.
    """
    template_of = compiled.get_call_template
    compiled.get_call_template = lambda arguments, named: template_of(
        [unliteral(kind) for kind in arguments],
        {name: unliteral(kind) for name, kind in named.items()},
    )
