"""`umbrella udfs`: the functions that SQL can call in the warehouse."""

import difflib
from typing import Annotated, Any

import typer
from rich.table import Table

from umbrella import console
from umbrella.errors import UmbrellaError


def command(
    name: Annotated[
        str | None, typer.Argument(help="Show this function with its arguments and results.")
    ] = None,
) -> None:
    """List the functions that SQL can call in the warehouse, or explain one of them.

    They are at hand in `umbrella sql` and in Python through `python_udfs.connect()`.
    """
    from python_udfs.catalogue import CATALOGUE, TOPICS

    if name is None:
        _show_all(TOPICS)
        return
    found = {udf.name: udf for udf in CATALOGUE}
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Functions are {', '.join(found)}."
        raise UmbrellaError(f"No function {name}. {hint}")
    _show_one(found[name])


def _show_all(topics: dict[str, Any]) -> None:
    table = Table("function", "what it computes")
    for topic, udfs in topics.items():
        table.add_section()
        table.add_row(topic, style="bold")
        for udf in udfs:
            table.add_row(udf.signature, udf.description)
    console.out.print(table)
    console.line("Arguments and results of one: umbrella udfs NAME", style="dim")


def _show_one(udf: Any) -> None:
    console.line(udf.signature, style="bold")
    console.line(udf.description)
    if udf.same_as:
        console.line(f"The same as {udf.same_as}")
    arguments = Table("argument", "type", "meaning", title="Takes", title_justify="left")
    for argument in udf.arguments:
        arguments.add_row(argument.name, argument.type, argument.description)
    results = Table("result", "type", "unit", "meaning", title="Returns", title_justify="left")
    for field in udf.returns:
        results.add_row(field.name or "(value)", field.type, field.unit, field.description)
    console.out.print(arguments)
    console.out.print(results)
    console.line(f"Source: {udf.source}")
