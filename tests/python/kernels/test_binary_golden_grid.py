"""The golden values of binary outcomes are complete: the grid cannot shrink unnoticed."""

import pytest

TABLES = {
    "dat.bcg": 13,
    "dat.collins1985b": 9,
    "dat.hine1989": 6,
    "dat.lee2004": 16,
    "dat.linde2005": 24,
    "dat.nielweise2007": 18,
    "dat.viechtbauer2021": 20,
    "dat.yusuf1985": 21,
    "zeros": 8,
}
MEASURES = ("OR", "RR", "RD", "AS", "PETO")
RULES = ("only0", "none", "all")
POOLED = {
    "k", "b", "se", "zval", "pval", "ci.lb", "ci.ub", "QE", "QEp", "I2", "H2", "k.yi", "MH", "MHp",
    "BD", "BDp", "TA", "TAp", "k.pos", "weights",
}  # fmt: skip
ALWAYS = ("k", "b", "se", "zval", "pval", "ci.lb", "ci.ub", "QE", "QEp", "I2", "H2", "k.yi")
PROPORTIONS = {
    "dat.pritz1997": 14,
    "dat.debruin2009": 13,
    "dat.nielweise2007_control": 18,
    "dat.bcg_control": 13,
    "dat.hine1989_control": 6,
    "dat.lee2004_treated": 16,
    "even": 4,
    "rare": 6,
    "nearly_all": 4,
    "spread": 5,
    "large": 5,
}


def test_every_table_has_every_effect(binary_golden):
    data = binary_golden("effects")
    assert data.keys() == TABLES.keys()
    for name, k in TABLES.items():
        drops = ("keep", "drop") if name == "zeros" else ("keep",)
        cells = {f"{m}_{rule}_{drop}" for m in MEASURES for rule in RULES for drop in drops}
        assert data[name]["effects"].keys() == cells
        for cell in data[name]["effects"].values():
            assert len(cell["yi"]) == len(cell["vi"]) == len(data[name]["ai"]) == k


def test_every_table_is_pooled_by_every_measure(binary_golden):
    data = binary_golden("common_effects")
    assert data.keys() == TABLES.keys()
    for name, k in TABLES.items():
        fits = {f"{m}_{c}" for m in ("OR", "RR", "RD") for c in ("half", "none")}
        fits |= {"PETO", "level90"}
        assert data[name].keys() - {"ai", "n1", "ci", "n2"} == fits
        for fit in fits:
            cell = data[name][fit]
            assert cell.keys() == POOLED
            assert all(isinstance(cell[key], (int, float)) for key in ALWAYS), (name, fit)
            assert len(cell["weights"]) == k
            of_odds = ("MH", "MHp", "BD", "BDp", "TA", "TAp", "k.pos") if fit[:2] == "OR" else ()
            assert all(isinstance(cell[key], (int, float)) for key in of_odds), (name, fit)


def test_every_proportion_has_every_method(binary_golden):
    data = binary_golden("proportions")
    assert data.keys() == PROPORTIONS.keys()
    for name, k in PROPORTIONS.items():
        assert len(data[name]["events"]) == len(data[name]["totals"]) == k
        for scale in ("PLO", "PAS", "PFT"):
            assert data[name][scale].keys() == {"yi", "vi", "DL", "REML"}
            assert data[name][scale]["REML"]["threshold"] <= 1e-9
            for method in ("DL", "REML"):
                assert all(isinstance(v, (int, float)) for v in data[name][scale][method].values())
        for points in (7, 50):
            fit = data[name][f"glmm{points}"]
            assert fit["nAGQ"] == points
            assert fit["tolerance"] <= 1e-6
            assert all(isinstance(value, (int, float)) for value in fit.values())


@pytest.mark.parametrize("name", ["dat.nielweise2008", "dat.hart1999", "zeros"])
def test_person_time_has_every_rule(binary_golden, name):
    cells = {f"{rule}_{drop}" for rule in RULES for drop in ("keep", "drop")}
    assert cells <= binary_golden("person_time")[name].keys()


def test_versions_are_recorded(binary_golden):
    assert binary_golden("versions").keys() == {"R", "metafor", "metadat", "lme4", "jsonlite"}
