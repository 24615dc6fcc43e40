"""Writing one array into another."""

from python_udfs.kernels.jit import jit_numbers


@jit_numbers
def copy_into(target, source):
    """Write every element of ``source`` into ``target``, a vector of the same size.

    As ``target[:] = source``, whose check of the sizes takes Numba three seconds to compile, in
    each process that compiles a kernel.
    """
    for i in range(source.size):
        target[i] = source[i]
