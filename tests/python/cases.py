"""Many small cases in one test: a test of its own costs more than most calls of a function do."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

SHOWN = 10
"""Failed cases of which a test tells what was wrong; it names all."""

LONGEST = 200
"""Characters of a value that names a case."""


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable], Callable]:
    """Give a test every case, as `pytest.mark.parametrize` does, but within one test.

    All cases are tried; those that failed are named. Fixtures are made once for all.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
    rows = [dict(zip(arguments, _values(case, len(arguments)), strict=True)) for case in cases]

    def decorate(test: Callable) -> Callable:
        @functools.wraps(test)
        def of_all(**fixtures: Any) -> None:
            __tracebackhide__ = True
            assert rows, "a test without a case tests nothing"
            failed = []
            for row in rows:
                try:
                    test(**fixtures, **row)
                except (Exception, pytest.fail.Exception) as error:
                    failed.append((row, error))
            if failed:
                raise AssertionError(_told(failed, len(rows))) from failed[0][1]

        signature = inspect.signature(test)
        left = [p for name, p in signature.parameters.items() if name not in arguments]
        of_all.__signature__ = signature.replace(parameters=left)
        return of_all

    return decorate


def _values(case: Any, count: int) -> Iterable[Any]:
    if isinstance(case, type(pytest.param())):
        return case.values
    return case if count > 1 else (case,)


def _told(failed: list[tuple[dict[str, Any], BaseException]], count: int) -> str:
    lines = [f"{len(failed)} of {count} cases failed:"]
    for number, (row, error) in enumerate(failed):
        lines.append(", ".join(f"{name}={repr(value)[:LONGEST]}" for name, value in row.items()))
        if number < SHOWN:
            lines.append(f"    {type(error).__name__}: {error}".replace("\n", "\n    "))
    return "\n".join(lines)
