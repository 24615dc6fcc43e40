# Recomputes every pooled result with the R package metafor, from the members in this folder.
#
#   Rscript recompute.R [tolerance]        (run it in any folder; default tolerance 1e-5)
#
# results.csv       a line for each analysis and policy: how it was pooled, and what came out
# members.csv       the effects that each of them pools, with their sampling variances
# correlations.csv  pairs whose sampling errors are correlated; all other pairs of a result have its
#                   other_correlation
#
# Prints the largest difference of each quantity and where it is. A difference is relative to
# metafor's value, or to the standard error (its square, for tau2) where that is larger. Exit code 0
# when all lie within the tolerance, 1 when not. Results that metafor cannot recompute are listed
# with the reason. Writes recomputed.csv.
#
# Independent effects are pooled by rma(), those with correlated errors by rma.mv() with their
# covariance matrix V. That has neither the estimators of tau2 of DerSimonian and Laird and of Paule
# and Mandel nor the interval of Hartung and Knapp: these follow from V by their formulas below, and
# the rest from rma.mv() at that tau2.

suppressMessages(library(metafor))

TAU2 <- c(CE = "FE", DL = "DL", REML = "REML", PM = "PM", HE = "HE", HS = "HS", HSk = "HSk",
          SJ = "SJ", ML = "ML", EB = "EB", PMM = "PMM")
TESTS <- c(z = "z", t = "t", HK = "knha", HK_adhoc = "adhoc")
PREDICTION_DF <- c(HTS = 2, V = 1)
QUANTITIES <- c("k", "estimate", "se", "ci_low", "ci_high", "tau2", "pi_low", "pi_high")
NO_CORRELATION <- 1e-12
ALONE <- "one member, shown as it reports: nothing is pooled"
OF_CORRELATED <- c("CE", "DL", "PM", "REML", "ML")

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
given <- commandArgs(trailingOnly = TRUE)
tolerance <- if (length(given)) as.numeric(given[1]) else 1e-5
if (is.na(tolerance)) stop("The tolerance is a number, such as 1e-5.")

texts <- c("analysis_id", "policy_id", "effect_id", "other_effect_id", "member_id", "label",
           "status", "tau2_method", "ci_method", "pi_method")
read <- function(name) {
  path <- file.path(here, name)
  header <- names(read.csv(path, nrows = 1, check.names = FALSE))
  classes <- ifelse(header %in% texts, "character", "numeric")
  read.csv(path, colClasses = setNames(classes, header), na.strings = "", encoding = "UTF-8")
}

# One fit at the tightest threshold that converges; start is the first value of tau2.
fit_from <- function(y, v, method, test, level, start = NULL) {
  for (threshold in 10^-(15:9)) {
    control <- list(threshold = threshold, tol = 1e-14, maxiter = 20000)
    if (!is.null(start)) control$tau2.init <- start
    fit <- tryCatch(rma(y, v, method = method, test = test, level = 100 * level, control = control),
                    error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(fit)) return(fit)
  }
  NULL
}

likeliest <- function(fits) {
  fits <- Filter(Negate(is.null), fits)
  if (!length(fits)) return(NULL)
  likelihood <- sapply(fits, function(fit) as.numeric(logLik(fit)))
  fits[[which(likelihood >= max(likelihood) - 1e-12)[1]]]
}

# metafor may stop at the lower of two maxima: REML and ML are started from several values.
independent_fit <- function(y, v, method, test, level) {
  if (method == "FE") {
    return(suppressWarnings(rma(y, v, method = "FE", test = test, level = 100 * level)))
  }
  first <- fit_from(y, v, method, test, level)
  if (!method %in% c("REML", "ML")) return(first)
  starts <- c(0, var(y), 10 * var(y))
  likeliest(c(list(first), lapply(starts, function(s) fit_from(y, v, method, test, level, s))))
}

# Q of generalised least squares at a tau2.
q_at <- function(y, v, tau2) {
  m <- solve(v + diag(tau2, length(y)))
  mean <- sum(m %*% y) / sum(m)
  as.numeric(crossprod(y - mean, m %*% (y - mean)))
}

tau2_by_moments <- function(y, v, method) {
  df <- length(y) - 1
  if (q_at(y, v, 0) <= df) return(0)
  if (method == "DL") {
    w <- solve(v)
    p <- w - tcrossprod(rowSums(w)) / sum(w)
    return((q_at(y, v, 0) - df) / sum(diag(p)))
  }
  high <- var(y)
  while (q_at(y, v, high) > df) high <- 2 * high
  uniroot(function(tau2) q_at(y, v, tau2) - df, c(0, high), tol = 1e-16, maxiter = 10000)$root
}

mv_fit <- function(y, v, method, tau2 = NULL) {
  id <- seq_along(y)
  if (method == "FE") return(rma.mv(y, v, method = "FE"))
  if (!is.null(tau2)) return(rma.mv(y, v, random = ~ 1 | id, sigma2 = tau2))
  controls <- c(
    lapply(c(1e-15, 1e-12, 1e-9), function(tolerance) {
      list(optimizer = "nlminb", rel.tol = tolerance, iter.max = 10000, eval.max = 20000)
    }),
    list(list(optimizer = "BFGS", reltol = 1e-15, maxit = 10000)))
  likeliest(lapply(controls, function(control) {
    tryCatch(rma.mv(y, v, random = ~ 1 | id, method = method, control = control),
             error = function(e) NULL, warning = function(w) NULL)
  }))
}

# What rma() gives, of effects whose errors have the covariance matrix v.
correlated_fit <- function(y, v, method, test, level) {
  tau2 <- if (method %in% c("DL", "PM")) tau2_by_moments(y, v, method)
  fit <- mv_fit(y, v, method, tau2)
  if (is.null(fit)) return(NULL)
  tau2 <- if (method == "FE") 0 else fit$sigma2
  df <- length(y) - 1
  factor <- switch(test, z = 1, t = 1, q_at(y, v, tau2) / df)
  if (test == "adhoc") factor <- max(1, factor)
  se <- fit$se * sqrt(factor)
  at <- 1 - (1 - level) / 2
  half <- se * if (test == "z") qnorm(at) else qt(at, df)
  b <- as.numeric(fit$b)
  list(method = method, b = b, se = se, ci.lb = b - half, ci.ub = b + half, tau2 = tau2,
       classic = fit$se^2)
}

correlation_matrix <- function(members, pairs, result) {
  k <- nrow(members)
  r <- matrix(result$other_correlation, k, k)
  at <- cbind(match(pairs$effect_id, members$effect_id),
              match(pairs$other_effect_id, members$effect_id))
  r[at] <- pairs$correlation
  r[at[, 2:1, drop = FALSE]] <- pairs$correlation
  diag(r) <- 1 / (1 - result$shrinkage) # all others shrink, the diagonal does not
  (1 - result$shrinkage) * r
}

fit_of <- function(result, members, pairs) {
  y <- members$yi
  method <- TAU2[[result$tau2_method]]
  test <- TESTS[[result$ci_method]]
  r <- correlation_matrix(members, pairs, result)
  if (is_diagonal(r)) {
    fit <- independent_fit(y, members$vi, method, test, result$ci_level)
    if (is.null(fit)) return(NULL)
    return(c(fit[c("method", "b", "se", "ci.lb", "ci.ub", "tau2")],
             classic = 1 / sum(1 / (members$vi + fit$tau2))))
  }
  correlated_fit(y, r * tcrossprod(sqrt(members$vi)), method, test, result$ci_level)
}

is_diagonal <- function(r) all(abs(r[upper.tri(r)]) < NO_CORRELATION)

reason_not <- function(result, members, pairs) {
  if (is.na(result$estimate)) return(paste("not pooled:", gsub("_", " ", result$status)))
  if (nrow(members) == 1) return(ALONE)
  if (!result$tau2_method %in% names(TAU2)) {
    return(paste("metafor has no estimator of tau2 called", result$tau2_method))
  }
  if (!result$ci_method %in% names(TESTS)) {
    return(paste("metafor has no interval called", result$ci_method))
  }
  if (!result$tau2_method %in% OF_CORRELATED &&
        !is_diagonal(correlation_matrix(members, pairs, result))) {
    return(paste("not done here for correlated effects:", result$tau2_method))
  }
  NA
}

recomputed <- function(result, members, pairs) {
  fit <- fit_of(result, members, pairs)
  if (is.null(fit)) return(NULL)
  limits <- c(NA, NA)
  df <- nrow(members) - PREDICTION_DF[result$pi_method]
  if (fit$method != "FE" && !is.na(df) && df >= 1) {
    half <- qt(1 - (1 - result$ci_level) / 2, df) * sqrt(fit$tau2 + fit$classic)
    limits <- as.numeric(fit$b) + c(-1, 1) * half
  }
  c(k = nrow(members), estimate = as.numeric(fit$b), se = fit$se, ci_low = fit$ci.lb,
    ci_high = fit$ci.ub, tau2 = fit$tau2, pi_low = limits[1], pi_high = limits[2])
}

# What a quantity has no value of on one side, it must have none of on the other.
differences <- function(ours, theirs, members) {
  se <- max(theirs[["se"]], sqrt(1 / sum(1 / members$vi))) # equal effects may have none
  floor <- setNames(rep(se, length(QUANTITIES)), QUANTITIES)
  floor[["tau2"]] <- se^2
  sapply(QUANTITIES, function(name) {
    if (is.na(ours[[name]]) && is.na(theirs[[name]])) return(NA)
    if (is.na(ours[[name]]) || is.na(theirs[[name]])) return(Inf)
    if (ours[[name]] == theirs[[name]]) return(0)
    abs(ours[[name]] - theirs[[name]]) / max(abs(theirs[[name]]), floor[[name]])
  })
}

results <- read("results.csv")
key <- function(rows) paste(rows$analysis_id, rows$policy_id, sep = "\r")
members <- split(read("members.csv"), f = ~ analysis_id + policy_id, sep = "\r", drop = TRUE)
all_pairs <- read("correlations.csv")
pairs <- split(all_pairs, key(all_pairs))

compared <- list()
left <- list()
for (row in seq_len(nrow(results))) {
  result <- results[row, ]
  own <- members[[key(result)]]
  if (is.null(own)) own <- data.frame()
  between <- pairs[[key(result)]]
  if (is.null(between)) between <- all_pairs[0, ]
  name <- paste(result$analysis_id, result$policy_id, sep = " / ")
  reason <- reason_not(result, own, between)
  theirs <- if (is.na(reason)) recomputed(result, own, between) else NULL
  if (is.na(reason) && is.null(theirs)) reason <- "metafor does not converge"
  if (!is.na(reason)) {
    left[[name]] <- reason
    next
  }
  compared[[name]] <- list(theirs = theirs, size = differences(result, theirs, own))
}

version <- paste0("R ", getRversion(), ", metafor ", packageVersion("metafor"))
cat(length(compared), " of ", nrow(results), " pooled results recomputed by ", version, "\n", sep = "")
sizes <- do.call(rbind, lapply(compared, function(one) one$size))
largest <- if (length(compared)) max(sizes, na.rm = TRUE) else 0
for (name in if (length(compared)) QUANTITIES) {
  column <- sizes[, name]
  if (all(is.na(column))) next
  cat(sprintf("%-9s %5d compared, largest difference %.1e at %s\n", name, sum(!is.na(column)),
              max(column, na.rm = TRUE), names(compared)[which.max(column)]))
}
reasons <- unlist(left)
for (reason in unique(reasons)) {
  names <- names(reasons)[reasons == reason]
  cat("Not recomputed, ", reason, ": ", length(names), "\n", sep = "")
  if (reason != ALONE) cat(paste0("  ", names, "\n"), sep = "")
}
numbers <- lapply(compared, function(one) one$theirs)
nothing <- setNames(rep(NA, length(QUANTITIES)), QUANTITIES)
out <- data.frame(result = c(names(compared), names(left)),
                  do.call(rbind, c(numbers, lapply(left, function(reason) nothing))),
                  not_recomputed = c(rep(NA, length(compared)), reasons))
out[QUANTITIES] <- lapply(out[QUANTITIES], function(x) ifelse(is.na(x), NA, sprintf("%.17g", x)))
write.csv(out, file.path(here, "recomputed.csv"), row.names = FALSE, na = "")
is_within <- largest <= tolerance
cat(sprintf("Largest difference %.1e, tolerance %g: %s\n", largest, tolerance,
            if (is_within) "all agree" else "NOT ALL AGREE"))
quit(status = if (is_within) 0 else 1)
