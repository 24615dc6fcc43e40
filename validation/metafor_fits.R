# Fits by metafor that make_golden.R and fit_members.R share.

suppressMessages({
  library(metafor)
  library(jsonlite)
})

THRESHOLDS <- 10^-(15:9)
MAXITER <- 20000
TESTS <- c(z = "z", t = "t", HK = "knha", HK_adhoc = "adhoc")
METHODS <- c(CE = "FE", DL = "DL", REML = "REML", PM = "PM", DL2 = "DL2", HE = "HE", HS = "HS",
             HSk = "HSk", SJ = "SJ", ML = "ML", EB = "EB", PMM = "PMM")

# One fit at the tightest threshold that converges; `start` is the first value of tau2.
fit_from <- function(yi, vi, method, test, level, start = NULL) {
  for (threshold in THRESHOLDS) {
    control <- list(threshold = threshold, tol = 1e-14, maxiter = MAXITER)
    if (!is.null(start)) control$tau2.init <- start
    fit <- tryCatch(
      rma(yi, vi, method = method, test = test, level = 100 * level, control = control),
      error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(fit)) return(list(fit = fit, threshold = threshold))
  }
  NULL
}

# metafor's default stops at a change of 1e-5 and may stop at the lower of two maxima: thresholds
# are tight, and REML and ML are started from several values, of which the highest likelihood is
# kept. DL2 is metafor's general method of moments with weights from a first, DL, estimate.
tight_fit <- function(yi, vi, method, test, level = .95) {
  if (method == "FE") { # nothing iterates; metafor warns about Knapp-Hartung here
    fit <- suppressWarnings(rma(yi, vi, method = "FE", test = test, level = 100 * level))
    return(list(fit = fit, threshold = NA))
  }
  if (method == "DL2") {
    weights <- 1 / (vi + rma(yi, vi, method = "DL")$tau2)
    tau2 <- suppressWarnings(rma(yi, vi, weights = weights, method = "GENQ")$tau2)
    fit <- suppressWarnings(rma(yi, vi, tau2 = tau2, test = test, level = 100 * level))
    return(list(fit = fit, threshold = NA))
  }
  found <- list(fit_from(yi, vi, method, test, level))
  if (method %in% c("REML", "ML")) {
    starts <- c(0, var(yi), 10 * var(yi))
    found <- c(found, lapply(starts, function(s) fit_from(yi, vi, method, test, level, s)))
  }
  found <- Filter(Negate(is.null), found)
  if (!length(found)) stop("no threshold converges for ", method)
  if (length(found) == 1) return(found[[1]])
  likelihood <- sapply(found, function(f) f$fit$fit.stats["ll", method])
  found[[which(likelihood >= max(likelihood) - 1e-12)[1]]]
}

classic_se <- function(fit) sqrt(1 / sum(1 / (fit$vi + fit$tau2)))

# t prediction interval with k - 2 (HTS) or k - 1 (V) degrees of freedom, where one is left.
prediction <- function(fit, pi_method, level = .95) {
  if (fit$method == "FE" || pi_method == "none") return(c(NA, NA))
  df <- fit$k - c(HTS = 2, V = 1)[[pi_method]]
  if (df < 1) return(c(NA, NA))
  half <- qt(1 - (1 - level) / 2, df) * sqrt(fit$tau2 + classic_se(fit)^2)
  as.numeric(fit$b) + c(-1, 1) * half
}

# Q-profile limits of tau2, searched far beyond metafor's default upper bound.
q_profile <- function(yi, vi, level = .95) {
  fit <- rma(yi, vi, method = "DL")
  control <- list(tau2.max = 1e8 * max(vi), tol = 1e-15, maxiter = 10000)
  limits <- suppressMessages(confint(fit, level = 100 * level, control = control))
  as.numeric(limits$random["tau^2", c("ci.lb", "ci.ub")])
}

number <- function(x) if (is.null(x) || length(x) == 0 || all(is.na(x))) NA else as.numeric(x)

# rma.mv at the tightest tolerance that converges, by two optimisers; the highest likelihood is kept.
tight_mv <- function(effects, covariance, random, data, method = "REML", test = "z") {
  settings <- c(
    lapply(10^-(15:9), function(tolerance) {
      list(optimizer = "nlminb", rel.tol = tolerance, iter.max = 10000, eval.max = 20000)
    }),
    list(list(optimizer = "BFGS", reltol = 1e-15, maxit = 10000)))
  best <- NULL
  for (control in settings) {
    fit <- tryCatch(
      rma.mv(effects, covariance, random = random, data = data, method = method, test = test,
             control = control),
      error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(fit) && (is.null(best) || logLik(fit) > logLik(best))) best <- fit
  }
  if (is.null(best)) stop("no tolerance converges")
  best
}
