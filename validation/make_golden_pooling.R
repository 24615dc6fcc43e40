# Makes the golden values in tests/data/pooling: estimators, intervals and subgroups that
# make_golden.R does not cover, on the data sets that it wrote.
#
#   Rscript validation/make_golden_pooling.R [folder of the data sets] [output folder]
#
# metafor has no Kenward-Roger, no hybrid of Hartung-Knapp and z, and no test-based interval of H:
# those are computed here from its fits, with the formulas of R package meta 8.3. Its degrees of
# freedom by Kenward and Roger are not the published ones: see make_golden_kenward_roger.R.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))

arguments <- commandArgs(trailingOnly = TRUE)
input <- if (length(arguments) > 0) arguments[1] else file.path("tests", "data", "metafor")
folder <- if (length(arguments) > 1) arguments[2] else file.path("tests", "data", "pooling")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

ADDED <- METHODS[c("DL2", "HE", "HS", "HSk", "SJ", "ML", "EB", "PMM")]
MAXITER <- 1000 # a threshold that is not reached by then is never reached
WIDE <- list(tol = 1e-15, maxiter = 10000)

interval <- function(fit) {
  c(se = number(fit$se), ci.lb = fit$ci.lb, ci.ub = fit$ci.ub, p = number(fit$pval))
}

estimator <- function(yi, vi, method) {
  found <- lapply(TESTS[c("z", "HK", "HK_adhoc")], function(test) tight_fit(yi, vi, method, test))
  fit <- found$z$fit
  list(b = number(fit$b), tau2 = number(fit$tau2), I2 = number(fit$I2), H2 = number(fit$H2),
       threshold = found$z$threshold, z = as.list(interval(fit)),
       HK = as.list(interval(found$HK$fit)), HK_adhoc = list(se = number(found$HK_adhoc$fit$se)))
}

# Profile-likelihood limits of tau2, with those of I2 and H2; NULL when metafor finds none.
profile_limits <- function(yi, vi, method) {
  fit <- tight_fit(yi, vi, method, "z")$fit
  control <- c(WIDE, list(tau2.max = 1e4 * (fit$tau2 + max(vi))))
  limits <- suppressWarnings(confint(fit, type = "PL", control = control))$random
  setNames(lapply(c("tau^2", "I^2(%)", "H^2"), function(row) {
    as.numeric(limits[row, c("ci.lb", "ci.ub")])
  }), c("tau2", "I2", "H2"))
}

q_profile_shares <- function(yi, vi) {
  fit <- rma(yi, vi, method = "DL")
  control <- c(WIDE, list(tau2.max = 1e8 * max(vi)))
  limits <- suppressMessages(confint(fit, control = control))$random
  list(I2 = as.numeric(limits["I^2(%)", 2:3]), H2 = as.numeric(limits["H^2", 2:3]))
}

# Test-based limits of I2 and H2 (Higgins & Thompson 2002), as meta's calcH.
test_based <- function(yi, vi) {
  k <- length(yi)
  if (k < 3) return(list(I2 = c(NA, NA), H2 = c(NA, NA)))
  q <- rma(yi, vi, method = "FE")$QE
  h <- sqrt(q / (k - 1))
  se <- if (q > k) {
    .5 * (log(q) - log(k - 1)) / (sqrt(2 * q) - sqrt(2 * k - 3))
  } else {
    sqrt(1 / (2 * (k - 2)) * (1 - 1 / (3 * (k - 2)^2)))
  }
  limits <- pmax(1, exp(log(h) + c(-1, 1) * qnorm(.975) * se))
  list(I2 = 100 * (limits^2 - 1) / limits^2, H2 = limits^2)
}

kenward_roger <- function(fit) {
  w <- 1 / (fit$vi + fit$tau2)
  w1 <- sum(w); w2 <- sum(w^2); w3 <- sum(w^3)
  information <- w2 / 2 - w3 / w1 + (w2 / w1)^2 / 2
  variance <- (1 + 2 * (w3 / w1 - (w2 / w1)^2) / information) / w1
  list(se = sqrt(variance), df = 2 * information / (variance * w2)^2)
}

limits_of <- function(estimate, se, df = Inf) estimate + c(-1, 1) * qt(.975, df) * se

prediction_intervals <- function(yi, vi, method) {
  k <- length(yi)
  classic <- tight_fit(yi, vi, method, "z")$fit
  hk <- tight_fit(yi, vi, method, "knha")$fit
  from <- function(fit, ...) {
    found <- predict(fit, ...)
    c(found$pi.lb, found$pi.ub)
  }
  sd_hk <- sqrt(hk$tau2 + hk$se^2)
  none <- c(NA, NA) # as meta 8.3, which for two studies has z, V and KR
  out <- list(z = from(classic), HK = if (k > 2) from(hk) else none,
              HK_PR = if (k > 2) limits_of(number(hk$b), sd_hk, k - 2) else none)
  if (method == "REML") {
    kr <- kenward_roger(classic)
    sd_kr <- sqrt(classic$tau2 + kr$se^2)
    out$KR_meta <- limits_of(number(classic$b), sd_kr, kr$df)
    out$KR_PR_meta <- if (kr$df > 1) limits_of(number(classic$b), sd_kr, kr$df - 1) else none
  }
  out
}

hybrids <- function(yi, vi, method) {
  k <- length(yi)
  fits <- lapply(TESTS, function(test) tight_fit(yi, vi, method, test)$fit)
  dl <- rma(yi, vi, method = "DL")
  width <- function(fit) fit$ci.ub - fit$ci.lb
  wider <- if (width(fits$HK) < width(fits$z)) fits$z else fits$HK
  iqwig <- if (width(fits$HK) < width(dl)) fits$t else fits$HK
  list(HK_ci = as.list(interval(wider)), HK_iqwig6 = as.list(interval(iqwig)))
}

kr_interval <- function(yi, vi) {
  fit <- tight_fit(yi, vi, "REML", "z")$fit
  kr <- kenward_roger(fit)
  limits <- limits_of(number(fit$b), kr$se, kr$df)
  list(se = kr$se, df = kr$df, ci.lb = limits[1], ci.ub = limits[2],
       p = 2 * pt(-abs(number(fit$b)) / kr$se, kr$df))
}

# Groups a, b, c in turn, uneven: every data set of six or more studies.
groups_of <- function(k) rep(c("a", "b", "a", "c", "b", "a", "c"), length.out = k)

common <- function(yi, vi, groups, method) {
  fit <- NULL
  for (threshold in THRESHOLDS) {
    control <- list(threshold = threshold, tol = 1e-14, maxiter = MAXITER,
                    tau2.max = 100 * (var(yi) + max(vi)))
    if (method == "FE") control <- list()
    fit <- tryCatch(rma(yi, vi, mods = ~ factor(groups) - 1, method = method, control = control),
                    error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(fit)) break
  }
  against <- suppressWarnings(rma(yi, vi, mods = ~ factor(groups), tau2 = fit$tau2))
  list(estimates = as.numeric(fit$b), ses = as.numeric(fit$se), tau2 = number(fit$tau2),
       QM = number(against$QM), QMp = number(against$QMp), QE = number(fit$QE),
       QEp = number(fit$QEp), threshold = threshold)
}

separate <- function(yi, vi, groups, method) {
  fits <- lapply(split(seq_along(yi), groups), function(i) {
    tight_fit(yi[i], vi[i], method, "z")$fit
  })
  estimates <- sapply(fits, function(fit) number(fit$b))
  ses <- sapply(fits, function(fit) number(fit$se))
  between <- rma(estimates, sei = ses, method = "FE")
  list(estimates = as.numeric(estimates), ses = as.numeric(ses),
       tau2 = as.numeric(sapply(fits, function(fit) fit$tau2)), QM = between$QE, QMp = between$QEp)
}

subgroups <- function(yi, vi) {
  groups <- groups_of(length(yi))
  regression <- METHODS[setdiff(names(METHODS), "DL2")]
  list(groups = groups,
       common = lapply(regression, function(method) common(yi, vi, groups, method)),
       separate = lapply(METHODS, function(method) separate(yi, vi, groups, method)))
}

golden <- function(path) {
  data <- fromJSON(path)
  yi <- data$yi
  vi <- data$vi
  list(
    estimators = lapply(ADDED, function(method) estimator(yi, vi, method)),
    tau2_profile = list(REML = profile_limits(yi, vi, "REML"), ML = profile_limits(yi, vi, "ML")),
    q_profile = q_profile_shares(yi, vi), test_based = test_based(yi, vi),
    KR_meta = kr_interval(yi, vi),
    hybrids = list(REML = hybrids(yi, vi, "REML"), DL = hybrids(yi, vi, "DL")),
    prediction = list(REML = prediction_intervals(yi, vi, "REML"),
                      DL = prediction_intervals(yi, vi, "DL")),
    subgroups = if (length(yi) >= 6) subgroups(yi, vi))
}

files <- list.files(input, pattern = "^dat\\..*[.]json$", full.names = TRUE)
for (path in files) {
  text <- toJSON(golden(path), digits = NA, auto_unbox = TRUE, na = "null", null = "null")
  writeLines(text, file.path(folder, basename(path)))
  cat(basename(path), "\n")
}
