"""Models read their own layer or a lower one: from the sheets to staging, marts and reports."""

from __future__ import annotations

import re

import pytest

from tests.python.conftest import ROOT

LAYERS = ("staging", "intermediate", "marts", "reports")
MODELS = {path.stem: path for path in (ROOT / "models").rglob("*.sql")}


def layer(model: str) -> str:
    return MODELS[model].relative_to(ROOT / "models").parts[0]


def parents(model: str) -> set[str]:
    """Models that a model names; sheets are none."""
    text = MODELS[model].read_text(encoding="utf-8")
    return {name for name in re.findall(r"ref\('(\w+)'\)", text) if name in MODELS}


READS = [(model, parent) for model in MODELS for parent in sorted(parents(model))]


def test_models_are_found():
    assert {layer(model) for model in MODELS} == set(LAYERS)
    assert len(READS) > len(MODELS)


@pytest.mark.parametrize("lower", range(len(LAYERS)), ids=LAYERS)
def test_no_model_reads_a_higher_layer(lower):
    upwards = [
        (model, parent)
        for model, parent in READS
        if layer(model) == LAYERS[lower] and LAYERS.index(layer(parent)) > lower
    ]
    assert upwards == []


def test_reports_read_marts():
    """And a sheet as staged, where no mart is that sheet: a copy of it would say nothing more."""
    dimensions = {name.removeprefix("dim_") for name in MODELS if name.startswith("dim_")}
    past_a_mart = [
        (model, parent)
        for model, parent in READS
        if layer(model) == "reports"
        and (
            layer(parent) == "intermediate"
            or (layer(parent) == "staging" and parent.split("__")[-1] in dimensions)
        )
    ]
    assert past_a_mart == []
