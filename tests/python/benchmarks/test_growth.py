"""What the benchmark of growth prints of a build; the builds take too long for a test."""

import duckdb

from benchmarks.growth import Build, report


def test_a_build_is_told_in_times_the_first_with_its_slowest_steps(tmp_path, capsys):
    database = tmp_path / "built.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema build")
        connection.execute(
            "create table build.steps as select 'model.project.step_' || i as step, "
            "cast(i as double) as seconds from range(9) as numbers (i)"
        )
    first = Build(wall=10.0, cpu=20.0, memory=10**9, exit_code=0, output="")
    report(10, Build(30.0, 50.0, 3 * 10**9, 0, ""), first, database)
    line, *steps = capsys.readouterr().out.splitlines()
    assert " ".join(line.split()) == "size 10 30.0 s 50.0 s cpu 2.5x cpu 3.00 GB"
    assert [step.split()[0] for step in steps] == [f"step_{i}" for i in (8, 7, 6, 5, 4)]


def test_a_build_that_failed_says_why(tmp_path, capsys):
    first = Build(10.0, 20.0, 10**9, 0, "")
    said = "Checking\nmodel big failed\n  too many cells\n" + "  rejected row\n" * 40
    failed = Build(1.0, 2.0, 10**9, 1, said)
    report(100, failed, first, tmp_path / "none.duckdb")
    assert "too many cells" in capsys.readouterr().out
