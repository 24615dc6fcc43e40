"""The project's own rules for dbt-score, beside its generic ones; `make lint` applies both."""

from pathlib import Path

from dbt_score import Model, RuleViolation, rule

LAYERS = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "udf_"),
    "reports": ("rpt_",),
}
"""Folders of models from the lowest layer on, with the prefixes of their names."""


def _layer(model: Model) -> str:
    return model.original_file_path.split("/")[1]


def _has_primary_key(model: Model) -> bool:
    constraints = [*model.constraints, *(c for col in model.columns for c in col.constraints)]
    return any(constraint.type == "primary_key" for constraint in constraints)


@rule
def grain_is_proven(model: Model) -> RuleViolation | None:
    """Something must prove what one row is.

    DuckDB enforces a primary key, dbt tests a unique column, and tests/python/warehouse/test_grain
    proves the columns that `meta.grain` names.
    """
    is_unique = any(test.type == "unique" for column in model.columns for test in column.tests)
    if _has_primary_key(model) or is_unique or model.meta.get("grain"):
        return None
    return RuleViolation("No primary key, unique column or meta.grain says what one row is.")


@rule
def is_short_or_says_why(model: Model, max_lines: int = 200) -> RuleViolation | None:
    """A model that is long says why in `meta.long_because`; one that is not does not."""
    n_lines = len(model.raw_code.splitlines())
    if (n_lines > max_lines) == bool(model.meta.get("long_because")):
        return None
    return RuleViolation(
        f"{n_lines} lines of at most {max_lines}: only a longer model has meta.long_because."
    )


@rule
def is_named_after_its_layer(model: Model) -> RuleViolation | None:
    """The folder of a model and the prefix of its name say the same layer."""
    prefixes = LAYERS[_layer(model)]
    if model.name.startswith(prefixes):
        return None
    return RuleViolation(f"The name of a model of {_layer(model)} begins with {prefixes}.")


@rule
def reads_no_higher_layer(model: Model) -> RuleViolation | None:
    """A model reads its own layer or lower ones; sheets are below all of them."""
    order = list(LAYERS)
    parents = [parent for parent in model.parents if isinstance(parent, Model)]
    higher = [p.name for p in parents if order.index(_layer(p)) > order.index(_layer(model))]
    if not higher:
        return None
    return RuleViolation(f"A model of {_layer(model)} reads {', '.join(higher)}.")


@rule
def report_reads_marts(model: Model) -> RuleViolation | None:
    """A report reads marts, and a staged sheet where no mart is that sheet."""
    if _layer(model) != "reports":
        return None
    sheets = {path.stem.removeprefix("dim_") for path in Path("models/marts").rglob("dim_*.sql")}
    past_a_mart = [
        parent.name
        for parent in model.parents
        if parent.name.startswith(LAYERS["intermediate"])
        or (parent.name.startswith("stg_") and parent.name.split("__")[-1] in sheets)
    ]
    return RuleViolation(f"A report reads {', '.join(past_a_mart)}.") if past_a_mart else None


@rule
def belongs_to_an_area(model: Model) -> RuleViolation | None:
    """Every model is in a group: the areas of the documentation and of the selectors."""
    return None if model.group else RuleViolation("The model is in no group.")
