# Pools analysis members with metafor; called by compare_with_r.py.
#
#   Rscript validation/fit_members.R members.csv analyses.csv fits.json
#
# members.csv: analysis_id, policy_id, effect_id, yi, vi
# analyses.csv: analysis_id, policy_id, tau2_method, ci_method, pi_method, ci_level

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))

paths <- commandArgs(trailingOnly = TRUE)
text <- c(analysis_id = "character", policy_id = "character", effect_id = "character",
          tau2_method = "character", ci_method = "character", pi_method = "character")
read <- function(path) {
  header <- names(read.csv(path, nrows = 1))
  read.csv(path, colClasses = text[intersect(header, names(text))], na.strings = "")
}

pooled <- function(data, analysis) {
  level <- analysis$ci_level
  fit <- tight_fit(data$yi, data$vi, METHODS[[analysis$tau2_method]],
                   TESTS[[analysis$ci_method]], level)$fit
  profile <- q_profile(data$yi, data$vi, level)
  limits <- prediction(fit, analysis$pi_method, level)
  q_i2 <- max(0, 100 * (fit$QE - (fit$k - 1)) / fit$QE)
  list(
    k = fit$k, estimate = number(fit$b), se = fit$se, ci_low = fit$ci.lb, ci_high = fit$ci.ub,
    statistic = number(fit$zval), df = number(fit$ddf), p_value = number(fit$pval),
    tau2 = fit$tau2, tau2_ci_low = profile[1], tau2_ci_high = profile[2],
    q = fit$QE, q_df = fit$k - 1, q_p = fit$QEp, i2_q = if (fit$QE > 0) q_i2 else 0,
    i2_tau2 = if (fit$method == "FE") 0 else fit$I2,
    h2_q = fit$QE / (fit$k - 1), h2_tau2 = if (fit$method == "FE") 1 else fit$H2,
    pi_low = limits[1], pi_high = limits[2],
    weights = setNames(as.list(as.numeric(weights(fit)) / 100), data$effect_id))
}

members <- read(paths[1])
analyses <- read(paths[2])
results <- lapply(seq_len(nrow(analyses)), function(row) {
  analysis <- analyses[row, ]
  data <- members[members$analysis_id == analysis$analysis_id &
                    members$policy_id == analysis$policy_id, ]
  c(list(analysis_id = analysis$analysis_id, policy_id = analysis$policy_id),
    pooled(data, analysis))
})
version <- paste0("R ", getRversion(), ", metafor ", packageVersion("metafor"))
writeLines(toJSON(list(version = version, fits = results), digits = NA, auto_unbox = TRUE,
                  na = "null", null = "null"), paths[3])
