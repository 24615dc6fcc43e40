"""The dbt plugin registers the functions and serves their catalogue as a source."""

import duckdb
import pytest

from python_udfs import CATALOGUE
from python_udfs.kernels.fingerprint import fingerprint


@pytest.fixture
def plugin():
    # Here and below: every test process collects this file, and dbt takes a second to load.
    from python_udfs.dbt_plugin import Plugin

    return Plugin(name="python_udfs", plugin_config={})


def source(table):
    from dbt.adapters.duckdb.utils import SourceConfig

    return SourceConfig(
        name="python_udfs", identifier=table, schema="raw", database=None, meta={}, tags=[]
    )


def test_connection_gets_every_function(plugin):
    with duckdb.connect() as con:
        plugin.configure_connection(con)
        functions = con.execute("select function_name from duckdb_functions()").fetchall()
        assert {udf.name for udf in CATALOGUE} <= {name for (name,) in functions}


def test_catalogue_is_a_source(plugin):
    with duckdb.connect() as con:
        con.register("udf_catalogue", plugin.load(source("udf_catalogue")))
        count = con.execute("select count(distinct udf_name) from udf_catalogue").fetchall()
        assert count == [(len(CATALOGUE),)]


def test_fingerprint_of_the_kernels_is_a_source(plugin):
    assert plugin.load(source("kernel_fingerprint")).to_pylist() == [{"fingerprint": fingerprint()}]


def test_unknown_source_table_lists_the_valid_ones(plugin):
    valid = "udf_catalogue, kernel_fingerprint"
    with pytest.raises(ValueError, match=f"unknown source table 'udfs'; valid: {valid}"):
        plugin.load(source("udfs"))
