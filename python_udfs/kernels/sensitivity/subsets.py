"""Subsets of studies by number: all of them in binary order, or drawn at random from a seed."""

import numpy as np

from python_udfs.kernels.jit import jit

WORD = 64
GOLDEN_RATIO = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT_1, SHIFT_2, SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


@jit
def mixed(word):
    """splitmix64 (Steele, Lea & Flood 2014): a well mixed 64-bit number from a counter."""
    word += GOLDEN_RATIO
    word = (word ^ (word >> SHIFT_1)) * MIX_1
    word = (word ^ (word >> SHIFT_2)) * MIX_2
    return word ^ (word >> SHIFT_3)


@jit
def numbered(number, is_member):
    """Subset ``number`` (from 1) in binary order: study i belongs to it when bit i is set."""
    for i in range(is_member.size):
        is_member[i] = (number >> i) & 1


@jit
def drawn(number, seed, is_member):
    """Random subset ``number``: each study with probability 1/2; an empty one is drawn again."""
    state = mixed(np.uint64(seed)) ^ np.uint64(number)
    members = 0
    while members == 0:
        for i in range(is_member.size):
            if i % WORD == 0:
                state = mixed(state)
                word = state
            is_member[i] = word & np.uint64(1)
            word >>= np.uint64(1)
            members += is_member[i]


@jit
def subset_lists(y, v, first, last, is_sampled, seed):
    """Subsets number first to last - 1. Returns flat y, v, offsets, and who belongs to each."""
    rows = last - first
    is_member = np.zeros((rows, y.size), np.uint8)
    offsets = np.zeros(rows + 1, np.int64)
    for row in range(rows):
        if is_sampled:
            drawn(first + row, seed, is_member[row])
        else:
            numbered(first + row, is_member[row])
        offsets[row + 1] = offsets[row] + is_member[row].sum()
    out_y, out_v = np.empty(offsets[rows]), np.empty(offsets[rows])
    n = 0
    for row in range(rows):
        for i in range(y.size):
            if is_member[row, i]:
                out_y[n], out_v[n] = y[i], v[i]
                n += 1
    return out_y, out_v, offsets, is_member
