# Makes tests/data/sensitivity: leave-one-out, cumulative, influence, Baujat and GOSH by metafor.
#
#   Rscript validation/make_golden_sensitivity.R
#
# Data are those of tests/data/metafor. Iterative fits use the tightest threshold at which every
# refit converges; it is kept.

suppressMessages({
  library(metafor)
  library(jsonlite)
})

METHODS <- c(CE = "FE", DL = "DL", REML = "REML", PM = "PM")
NAMES <- c("dat.bcg_RR", "dat.bcg_RR_first3", "dat.borenstein2009", "dat.hine1989_RD",
           "dat.linde2005_RR", "dat.normand1999_SMD", "dat.raudenbush1985")
THRESHOLDS <- 10^-(15:10)
SUBSETS_OF <- 6

read <- function(name) {
  data <- fromJSON(file.path("tests", "data", "metafor", paste0(name, ".json")))
  data.frame(yi = data$yi, vi = data$vi)
}

# Everything for one data set and estimator; NULL when a refit does not converge.
diagnose <- function(data, method, threshold) {
  fit <- rma(yi, vi, data = data, method = method,
             control = list(threshold = threshold, tol = 1e-14, maxiter = 20000))
  without <- leave1out(fit)
  upto <- cumul(fit)
  cases <- influence(fit)$inf
  flagged <- influence(fit)$is.infl
  pdf(NULL)
  coordinates <- baujat(fit)
  dev.off()
  first <- head(data, SUBSETS_OF)
  part <- rma(yi, vi, data = first, method = method, control = fit$control)
  subsets <- suppressWarnings(gosh(part, progbar = FALSE))
  refits <- function(r) list(estimate = r$estimate, se = r$se, ci_low = r$ci.lb, ci_high = r$ci.ub,
                             statistic = r$zval, p_value = r$pval, tau2 = r$tau2, q = r$Q,
                             q_p = r$Qp)
  list(
    threshold = threshold, leave_one_out = refits(without), cumulative = refits(upto),
    influence = list(rstudent = cases$rstudent, dffits = cases$dffits, cook_d = cases$cook.d,
                     cov_ratio = cases$cov.r, tau2_deleted = cases$tau2.del,
                     q_deleted = cases$QE.del, hat = cases$hat,
                     dfbetas = influence(fit)$dfbs$intrcpt, is_influential = as.integer(flagged)),
    baujat = list(heterogeneity = coordinates$x, influence = coordinates$y),
    gosh = list(members = apply(1 * subsets$incl, 1, paste, collapse = ""),
                estimate = subsets$res[, ncol(subsets$res)], q = subsets$res$QE,
                tau2 = subsets$res$tau2, subset_k = subsets$res$k))
}

tightest <- function(data, method) {
  for (threshold in THRESHOLDS) {
    found <- tryCatch(diagnose(data, method, threshold), error = function(e) NULL)
    if (!is.null(found) && !anyNA(found$leave_one_out$estimate)) return(found)
  }
  stop("no threshold converges for ", method)
}

dir.create(file.path("tests", "data", "sensitivity"), showWarnings = FALSE)
for (name in NAMES) {
  data <- read(name)
  fits <- lapply(METHODS, function(method) tightest(data, method))
  out <- list(dataset = name, yi = data$yi, vi = data$vi, fits = fits,
              made_by = paste0(R.version.string, ", metafor ", packageVersion("metafor")))
  writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"),
             file.path("tests", "data", "sensitivity", paste0(name, ".json")))
}
