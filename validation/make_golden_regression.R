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

# ---- pool_gls ---------------------------------------------------------------------------------

gls_sets <- function() {
  estimate <- c(.50, .35, .67, .28)
  se <- (c(.64, .49, .83, .46) - c(.36, .21, .51, .10)) / (2 * qnorm(.975))
  k <- c(20, 12, 35, 8)
  shared <- matrix(c(20, 4, 15, 2, 4, 12, 6, 1, 15, 6, 35, 5, 2, 1, 5, 8), 4)
  berkey <- dat.berkey1998
  blocks <- lapply(split(berkey[, c("v1i", "v2i")], berkey$trial), as.matrix)
  assink <- dat.assink2016[1:14, ]
  list(
    overlapping_reviews = list(yi = estimate, V = shared / sqrt(outer(k, k)) * outer(se, se)),
    berkey1998 = list(yi = as.numeric(berkey$yi), V = unname(as.matrix(bldiag(blocks)))),
    assink_first14 = list(yi = as.numeric(assink$yi), V = unname(vcalc(
      vi, cluster = study, obs = esid, data = assink, rho = .5))))
}

golden_gls <- function(set) {
  data <- data.frame(id = seq_along(set$yi))
  free <- lapply(c(REML = "REML", ML = "ML"), function(method) {
    fit <- tight_mv(set$yi, set$V, ~ 1 | id, data, method)
    list(b = number(fit$beta), se = fit$se, tau2 = fit$sigma2, ll = number(logLik(fit)))
  })
  fixed <- rma.mv(set$yi, set$V, test = "t")
  c(set, free, list(CE = list(b = number(fixed$beta), se = fixed$se, ci.lb = fixed$ci.lb,
                              p = fixed$pval, QE = fixed$QE, QEp = fixed$QEp)))
}

write(lapply(gls_sets(), golden_gls), "pool_gls")

# ---- pool_three_level, pool_correlated ---------------------------------------------------------

nested_sets <- function() {
  set <- function(data, cluster) {
    data.frame(yi = as.numeric(data$yi), vi = as.numeric(data$vi), cluster = as.character(cluster))
  }
  grants <- escalc(measure = "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal,
                   data = dat.bornmann2007)
  list(
    konstantopoulos2011 = set(dat.konstantopoulos2011, dat.konstantopoulos2011$district),
    assink2016 = set(dat.assink2016, dat.assink2016$study),
    bornmann2007 = set(grants, grants$study),
    # clusters that mean nothing: the variance between them is 0
    shuffled = set(dat.konstantopoulos2011, (7 * seq_len(56)) %% 9))
}

nested_fit <- function(data, covariance, random, method) {
  data$esid <- seq_along(data$yi)
  fit <- tight_mv(data$yi, covariance, random, data, method, test = "t")
  robust <- conf_int(fit, vcov = "CR2", cluster = data$cluster, p_values = TRUE)
  list(b = number(fit$beta), se = fit$se, ci.lb = fit$ci.lb, p = fit$pval, sigma2 = fit$sigma2,
       ll = number(logLik(fit)), QE = fit$QE, cr2 = list(
         se = robust$SE, df = robust$df, ci.lb = robust$CI_L, p = robust$p_val))
}

golden_nested <- function(data) {
  both <- ~ 1 | cluster / esid
  covariance <- function(rho) {
    data$esid <- seq_along(data$yi)
    vcalc(vi, cluster = cluster, obs = esid, data = data, rho = rho)
  }
  list(
    yi = data$yi, vi = data$vi, cluster = data$cluster,
    three_level = lapply(c(REML = "REML", ML = "ML"), function(method) {
      nested_fit(data, data$vi, both, method)
    }),
    correlated = lapply(c(`0.3` = .3, `0.6` = .6, `0.8` = .8), function(rho) {
      list(CHE = nested_fit(data, covariance(rho), both, "REML"),
           CE = nested_fit(data, covariance(rho), ~ 1 | cluster, "REML"))
    }))
}

write(lapply(nested_sets(), golden_nested), "nested")

package_version <- function(name) as.character(packageVersion(name))
write(list(R = R.version.string, metafor = package_version("metafor"),
           metadat = package_version("metadat"), clubSandwich = package_version("clubSandwich"),
           jsonlite = package_version("jsonlite")), "versions")
