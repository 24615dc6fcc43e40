"""A kept plan is used for the sources that it was made of, and for no others."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import pytest

from umbrella.building import compilation
from umbrella.building.compilation import plan_of
from umbrella.building.plan import Plan, Step, keep_plan, read_plan, sources_key
from umbrella.errors import UmbrellaError

PLAN = Plan(
    "key", {}, {"an": "option"}, True, ("a statement",),
    (Step("model.a", "a", "model", "marts", "a.sql", inputs=("b",), hooks=("select 1",)),),
)  # fmt: skip


def test_a_kept_plan_is_read_as_it_was_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "target" / "plan.json"
    keep_plan(PLAN, path)
    assert read_plan(path, "key") == PLAN
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "[]", "null", '"key"', "{}", '{"key": "other"}', "\0\xff"])
def test_a_damaged_plan_is_none(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="latin-1")
    assert read_plan(path, "key") is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_off_plan_is_none(tmp_path, share):
    path = tmp_path / "plan.json"
    keep_plan(PLAN, path)
    text = path.read_text()
    path.write_text(text[: int(len(text) * share)])
    assert read_plan(path, "key") is None


def test_a_plan_of_another_environment_is_none(tmp_path, monkeypatch):
    path = tmp_path / "plan.json"
    keep_plan(dataclasses.replace(PLAN, environment={"A_SETTING": None}), path)
    assert read_plan(path, "key") is not None
    monkeypatch.setenv("A_SETTING", "on")
    assert read_plan(path, "key") is None


@pytest.mark.parametrize(
    "name",
    [
        ".dbtignore",
        "dbt_project.yml",
        "profiles.yml",
        "macros/deep/er/a.sql",
        "models/marts/a.yml",
        "tests/anywhere/a.sql",
        "seeds/a.yml",
        "python_udfs/kernels/a.py",
        "umbrella/building/a.py",
    ],
)
def test_every_source_counts(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = [sources_key(tmp_path, {})]
    for text in ("a", "b"):
        path.write_text(text)
        keys.append(sources_key(tmp_path, {}))
    assert len(set(keys)) == 3
    assert sources_key(tmp_path, {"duckdb": "other"}) not in keys


def test_of_a_sheet_only_the_name_counts(tmp_path):
    sheet = tmp_path / "seeds" / "a.csv"
    sheet.parent.mkdir()
    sheet.write_text("a")
    key = sources_key(tmp_path, {})
    sheet.write_text("b")
    assert sources_key(tmp_path, {}) == key
    sheet.rename(sheet.with_name("b.csv"))
    assert sources_key(tmp_path, {}) != key


def test_a_plan_that_cannot_be_kept_is_used_and_the_reason_said(tmp_path, monkeypatch, capsys):
    (tmp_path / "cache").write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(compilation, "_compile", lambda _project, _key: PLAN)
    assert plan_of(tmp_path) == PLAN
    assert "cannot be kept" in capsys.readouterr().err


def test_sources_that_change_while_they_are_compiled_are_not_kept(tmp_path, monkeypatch):
    def compile_slowly(project: Path, _key: str) -> Plan:
        (project / "profiles.yml").write_text("changed")
        return PLAN

    monkeypatch.setattr(compilation, "_compile", compile_slowly)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(UmbrellaError, match="run the command again"):
        plan_of(tmp_path)
    assert not [*tmp_path.rglob(compilation.PLAN_FILE)]


@pytest.mark.parametrize(
    ("kind", "options", "unknown"),
    [
        ("model", {"materialized": "view"}, "view"),
        ("model", {"language": "python"}, "python"),
        ("model", {"pre_hook": ["select 1"]}, "pre_hook"),
        ("test", {"limit": 5}, "limit"),
        ("test", {"fail_calc": "max(n)"}, "fail_calc"),
        ("operation", {"tags": ["on-run-end"]}, "on-run-end"),
        ("snapshot", {}, "snapshot"),
    ],
)
def test_what_a_plan_cannot_say_stops_the_compilation(kind, options, unknown):
    known = compilation.KNOWN.get(kind, {})

    def manifest(options):
        node = {"resource_type": kind, "name": "a", "original_file_path": "a.sql", "raw_code": ""}
        return SimpleNamespace(nodes={"a": SimpleNamespace(**node, **{**known, **options})})

    if known:
        compilation._require_known(manifest({}))
    with pytest.raises(UmbrellaError, match=unknown):
        compilation._require_known(manifest(options))
