"""What other programs need for the same fits, one after the other; None where not installed.

Each function takes pairs of lists (yi, vi), fits REML with a Hartung-Knapp interval (where the
program has them) to every pair, and returns the Timing of that, start-up left out.
"""

import csv
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np

from benchmarks.timing import Timing, one_after_the_other

METAFOR = """
suppressMessages(library(metafor))
data <- split(read.csv(commandArgs(TRUE)[1]), ~ id)
fit <- function(d) predict(rma(yi, vi, data = d, method = "REML", test = "knha"))
invisible(fit(data[[1]]))
time <- system.time(for (d in data) try(fit(d), silent = TRUE))
cat(time[["elapsed"]], time[["user.self"]] + time[["sys.self"]])
"""


GOSH = """
suppressMessages(library(metafor))
fit <- rma(yi, vi, data = read.csv(commandArgs(TRUE)[1]), method = "REML")
subsets <- as.integer(commandArgs(TRUE)[2])
time <- system.time(suppressWarnings(gosh(fit, subsets = subsets, progbar = FALSE)))
cat(time[["elapsed"]], time[["user.self"]] + time[["sys.self"]])
"""


def metafor(groups):
    """A loop over metafor's rma() and predict(), in one R process."""
    return _run_r(METAFOR, groups)


def metafor_gosh(studies, subsets: int):
    """metafor's gosh() on that many random subsets of one list of studies."""
    return _run_r(GOSH, [studies], str(subsets))


def _run_r(text, groups, *arguments):
    """The Timing that an R script prints, given the studies of all groups as a file."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder) / "studies.csv", Path(folder) / "fit.R"
        script.write_text(text)
        with data.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "yi", "vi"])
            for number, (yi, vi) in enumerate(groups):
                rows.writerows([number, y, v] for y, v in zip(yi, vi, strict=True))
        command = ["Rscript", str(script), str(data), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    return Timing(*map(float, run.stdout.split())) if run.returncode == 0 else None


def pymare(groups):
    """PyMARE's REML estimator."""
    try:
        from pymare import Dataset
        from pymare.estimators import VarianceBasedLikelihoodEstimator
    except ImportError:
        return None

    def fit(yi, vi):
        data = Dataset(y=np.array(yi), v=np.array(vi))
        return VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data).summary()

    return _time(fit, groups)


def statsmodels(groups):
    """statsmodels' combine_effects, which has no REML: Paule-Mandel with its HK interval."""
    try:
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        return None

    def fit(yi, vi):
        return combine_effects(np.array(yi), np.array(vi), method_re="iterated", use_t=True)

    return _time(fit, groups)


def _time(fit, groups):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return one_after_the_other(fit, groups)


PEERS = {"metafor rma + predict (REML, knha)": metafor, "PyMARE (REML)": pymare,
         "statsmodels combine_effects (PM, HK)": statsmodels}  # fmt: skip
