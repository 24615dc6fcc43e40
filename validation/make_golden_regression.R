# Makes the golden values of the regression functions in tests/data/regression.
#
#   Rscript validation/make_golden_regression.R [output folder]
#
# Needs metafor, metadat, clubSandwich and jsonlite. Data sets come from metadat.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))
suppressMessages({
  library(metadat)
  library(clubSandwich)
})

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else file.path("tests", "data", "regression")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

write <- function(value, name) {
  text <- toJSON(value, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
  writeLines(text, file.path(folder, paste0(name, ".json")))
}
numbers <- function(x) I(as.numeric(x)) # always a list, also of one

# ---- meta_regression --------------------------------------------------------------------------

ESTIMATORS <- c("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")

regression_sets <- function() {
  bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  tobacco <- escalc(measure = "OR", ai = xTi, n1i = nTi, ci = xCi, n2i = nCi, add = 1 / 2,
                    to = "all", data = dat.viechtbauer2021)
  writing <- subset(dat.bangertdrowns2004, !is.na(length) & !is.na(wic) & !is.na(feedback))
  interviews <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.mcdaniel1994)
  interviews <- subset(interviews, !is.na(struct))[1:40, ]
  set <- function(data, x, intercept = TRUE) {
    list(yi = as.numeric(data$yi), vi = as.numeric(data$vi), x = as.matrix(x),
         intercept = intercept)
  }
  allocation <- with(bcg, cbind(alternate = alloc == "alternate", random = alloc == "random",
                                systematic = alloc == "systematic")) + 0
  list(
    bcg_latitude = set(bcg, bcg$ablat),
    bcg_latitude_year = set(bcg, cbind(bcg$ablat, bcg$year)),
    bcg_latitude_allocation = set(bcg, cbind(bcg$ablat, allocation[, 2:3])),
    bcg_allocation_no_intercept = set(bcg, allocation, FALSE),
    bcg_five_studies = set(bcg[1:5, ], cbind(bcg$ablat, bcg$year)[1:5, ]),
    raudenbush_weeks = set(dat.raudenbush1985, dat.raudenbush1985$weeks),
    hackshaw_year = set(dat.hackshaw1998, dat.hackshaw1998$year),
    bangertdrowns_three = set(writing, with(writing, cbind(length, wic, feedback))),
    mcdaniel_structured = set(interviews, interviews$struct == "s"),
    viechtbauer_dose = set(tobacco, tobacco$dose))
}

# The tightest threshold that converges, from several first values for the two likelihoods, of which
# the highest is kept: metafor climbs to the maximum near its first value.
fit_regression <- function(data, method, test) {
  starts <- if (method %in% c("ML", "REML")) c(NA, 0, var(data$yi), 10 * var(data$yi)) else NA
  fit_once <- function(start) {
    for (threshold in THRESHOLDS) {
      control <- list(threshold = threshold, tol = 1e-14, maxiter = 20000, ll0check = FALSE)
      if (!is.na(start)) control$tau2.init <- start
      fit <- tryCatch(
        withCallingHandlers(
          rma(yi = data$yi, vi = data$vi, mods = data$x, intercept = data$intercept,
              method = method, test = test, control = control),
          warning = function(w) {
            if (grepl("Knapp & Hartung", conditionMessage(w))) invokeRestart("muffleWarning")
          }),
        error = function(e) NULL)
      if (!is.null(fit)) return(c(fit, list(threshold = threshold)))
    }
    stop("no threshold converges for ", method)
  }
  fits <- lapply(starts, fit_once)
  if (length(fits) == 1) return(fits[[1]])
  likelihood <- sapply(fits, function(f) f$fit.stats["ll", method])
  fits[[which(likelihood >= max(likelihood) - 1e-12)[1]]]
}

test_cell <- function(fit) {
  list(se = numbers(fit$se), ci.lb = numbers(fit$ci.lb),
       p = numbers(fit$pval), QM = number(fit$QM), QMp = number(fit$QMp))
}

golden_regression <- function(data) {
  fits <- lapply(setNames(ESTIMATORS, ESTIMATORS), function(method) {
    by_test <- lapply(TESTS, function(test) fit_regression(data, method, test))
    fit <- by_test[["z"]]
    list(b = numbers(fit$beta), tau2 = number(fit$tau2), I2 = number(fit$I2), H2 = number(fit$H2),
         R2 = number(fit$R2), threshold = fit$threshold, tests = lapply(by_test, test_cell))
  })
  any_fit <- rma(yi = data$yi, vi = data$vi, mods = data$x, intercept = data$intercept)
  limits <- suppressMessages(confint(
    any_fit, control = list(tau2.max = 1e6 * max(data$vi), tol = 1e-15, maxiter = 10000)))
  list(yi = data$yi, vi = data$vi, x = lapply(seq_len(ncol(data$x)), function(j) data$x[, j]),
       intercept = data$intercept, k = any_fit$k, p = any_fit$p, QE = any_fit$QE,
       QEp = any_fit$QEp,
       tau2_q_profile = as.numeric(limits$random["tau^2", c("ci.lb", "ci.ub")]), fits = fits)
}

write(lapply(regression_sets(), golden_regression), "meta_regression")

package_version <- function(name) as.character(packageVersion(name))
write(list(R = R.version.string, metafor = package_version("metafor"),
           metadat = package_version("metadat"), clubSandwich = package_version("clubSandwich"),
           jsonlite = package_version("jsonlite")), "versions")
