"""What one entry of the catalogue holds, and short ways to write its parts."""

from dataclasses import dataclass
from importlib import import_module

from python_udfs.kernels.labels import STATUSES
from python_udfs.kernels.options import Choice


@dataclass(frozen=True)
class Argument:
    """One argument. ``choice`` closes the list of texts; ``options`` are the keys of a STRUCT."""

    name: str
    type: str
    description: str
    choice: Choice | None = None
    options: tuple = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Field:
    """One returned field; unnamed when the function returns a plain number."""

    name: str
    type: str
    unit: str
    description: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Udf:
    """One SQL function. ``kernel`` is ``module:function`` inside python_udfs.kernels.

    ``same_as`` is the call of another function that gives the same numbers: a formula has a second
    name only where the catalogue says so.
    """

    name: str
    arguments: tuple[Argument, ...]
    returns: tuple[Field, ...]
    description: str
    source: str
    kernel: str
    same_as: str | None = None

    def load_kernel(self):
        """The kernel function (imports Numba and SciPy)."""
        module, function = self.kernel.split(":")
        return getattr(import_module(f"python_udfs.kernels.{module}"), function)

    @property
    def signature(self) -> str:
        """The call as a reader would write it: ``pool(yi, vi [, options])``."""
        required = [a.name for a in self.arguments if not a.is_optional]
        optional = [f" [, {a.name}]" for a in self.arguments if a.is_optional]
        return f"{self.name}({', '.join(required)}{''.join(optional)})"

    @property
    def sql_parameters(self) -> list[str] | None:
        """DuckDB parameter types; None (any number of any type) where an argument is optional."""
        if any(argument.is_optional for argument in self.arguments):
            return None
        return [argument.type for argument in self.arguments]

    @property
    def sql_return_type(self) -> str:
        """DuckDB return type: a plain type or a STRUCT of the fields."""
        if not self.returns[0].name:
            return self.returns[0].type
        return f"STRUCT({', '.join(f'{field.name} {field.type}' for field in self.returns)})"


def status(*names: str, partial: tuple[str, ...] = ()) -> Field:
    """Status codes without a result, and the ``partial`` ones, which come with an estimate."""
    text = f"ok, or why there is no result: {', '.join(names)}"
    if partial:
        text += f"; with an estimate, to be read with care: {', '.join(partial)}"
    return Field("status", "VARCHAR", "code", text, STATUSES)


FAULT_AT = "fault_at"
UNEQUAL_OR_WRONG = ("lengths_differ", "out_of_range")


def row_status(
    *names: str,
    partial: tuple[str, ...] = (),
    faults: tuple[str, ...] = UNEQUAL_OR_WRONG,
    at: str = "position in the lists",
) -> tuple[Field, Field]:
    """The status of a function of lists, with the ``faults`` that its data can have, and where."""
    place = f"{at}, from 1, of the first fault ({', '.join(faults)}); NULL where there is none"
    return (
        status(*dict.fromkeys((*names, *faults)), partial=partial),
        Field(FAULT_AT, "INTEGER", "position", place),
    )


def assumption(labels: tuple[str, ...]) -> Field:
    return Field("assumption", "VARCHAR", "text", "what had to be assumed; NULL if nothing", labels)


def doubles(unit: str, **descriptions: str) -> tuple[Field, ...]:
    return tuple(Field(name, "DOUBLE", unit, text) for name, text in descriptions.items())


def number(name: str, description: str) -> Argument:
    return Argument(name, "DOUBLE", description)


CI_LEVEL = number("ci_level", "probability of the interval, between 0 and 1, such as 0.95")
EVENTS = (number("events", "people with the event"), number("total", "people observed"))
MISSING = ("missing_input", "out_of_range")


def plain(unit: str, description: str) -> tuple[Field, ...]:
    return (Field("", "DOUBLE", unit, description),)
