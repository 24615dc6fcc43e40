"""The grid of golden values is complete: it cannot shrink without a failing test."""

DATA_SETS = {
    "dat.bcg_AS",
    "dat.bcg_OR",
    "dat.bcg_PETO",
    "dat.bcg_RD",
    "dat.bcg_RR",
    "dat.bcg_RR_first2",
    "dat.bcg_RR_first3",
    "dat.borenstein2009",
    "dat.collins1985b_OR",
    "dat.gibson2002_SMD",
    "dat.hackshaw1998",
    "dat.hine1989_RD",
    "dat.lee2004_OR",
    "dat.linde2005_RR",
    "dat.mcdaniel1994_ZCOR",
    "dat.normand1999_MD",
    "dat.normand1999_ROM",
    "dat.normand1999_SMD",
    "dat.normand1999_SMDH",
    "dat.normand1999_SMD_LS2",
    "dat.normand1999_SMD_UB",
    "dat.pritz1997_PLO",
    "dat.raudenbush1985",
    "dat.viechtbauer2021_OR",
}
METHODS = {"FE", "DL", "REML", "PM"}
TESTS = {"z", "t", "knha", "adhoc"}
CELL = {
    "b", "se", "stat", "df", "p", "ci.lb", "ci.ub", "tau2", "I2", "H2", "QE", "QEp", "pi.HTS",
    "pi.V", "weights", "threshold",
}  # fmt: skip
ALWAYS_A_NUMBER = CELL - {"df", "pi.HTS", "pi.V", "weights", "threshold"}


def test_every_cell_of_the_grid_is_there(golden, dataset):
    data = golden(dataset)
    assert data["fits"].keys() == TESTS
    for test in TESTS:
        assert data["fits"][test].keys() == METHODS
        for method in METHODS:
            cell = data["fits"][test][method]
            assert cell.keys() == CELL
            missing = [key for key in ALWAYS_A_NUMBER if not isinstance(cell[key], (int, float))]
            assert missing == [], (dataset, test, method)
            assert len(cell["weights"]) == data["k"]
    assert all(isinstance(limit, (int, float)) for limit in data["tau2_q_profile"])


def test_every_data_set_is_there(data_sets):
    assert set(data_sets) == DATA_SETS


def test_iterative_fits_used_a_tight_threshold(golden, dataset):
    data = golden(dataset)
    for test in TESTS:
        for method in METHODS - {"FE"}:
            assert data["fits"][test][method]["threshold"] <= 1e-9


def test_versions_are_recorded(golden):
    assert golden("versions").keys() == {"R", "metafor", "metadat", "jsonlite"}
