# Makes the golden values in tests/data/binary: effects of 2x2 tables and rates, Mantel-Haenszel,
# Peto, and pooled proportions with the binomial-normal model.
#
#   Rscript validation/make_golden_binary.R [output folder]
#
# Data sets come from metadat, and one is made of tables with zeros. Closed forms need no threshold.
# rma.glmm is run with nAGQ = 7 (its default) and 50, the optimiser of lme4 with the tolerances kept
# in the file; inverse-variance fits use DL, which does not iterate, and REML with a tight threshold.

suppressMessages({
  library(metafor)
  library(metadat)
  library(jsonlite)
})

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else file.path("tests", "data", "binary")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

number <- function(x) if (is.null(x) || length(x) == 0) NA else as.numeric(x)
columns <- function(data) list(yi = as.numeric(data$yi), vi = as.numeric(data$vi))
tables <- function(ai, n1, ci, n2) {
  d <- data.frame(ai = ai, n1 = n1, ci = ci, n2 = n2)
  d[complete.cases(d), ]
}

table_sets <- function() {
  list(
    dat.bcg = with(dat.bcg, tables(tpos, tpos + tneg, cpos, cpos + cneg)),
    dat.collins1985b = with(dat.collins1985b, tables(pre.xti, pre.nti, pre.xci, pre.nci)),
    dat.hine1989 = with(dat.hine1989, tables(ai, n1i, ci, n2i)),
    dat.lee2004 = with(dat.lee2004, tables(ai, n1i, ci, n2i)),
    dat.linde2005 = with(dat.linde2005, tables(ai, n1i, ci, n2i)),
    dat.nielweise2007 = with(dat.nielweise2007, tables(ai, n1i, ci, n2i)),
    dat.viechtbauer2021 = with(dat.viechtbauer2021, tables(xTi, nTi, xCi, nCi)),
    dat.yusuf1985 = with(subset(dat.yusuf1985, table == 6), tables(ai, n1i, ci, n2i)),
    zeros = tables(ai = c(0, 3, 0, 12, 25, 20, 0, 7), n1 = c(20, 18, 50, 12, 25, 20, 100, 9),
                   ci = c(3, 0, 0, 9, 30, 8, 0, 8), n2 = c(22, 21, 40, 15, 30, 8, 50, 9)))
}

MEASURES <- c("OR", "RR", "RD", "AS", "PETO")
RULES <- c("only0", "none", "all")

effects <- function(d) {
  out <- list()
  # metafor's drop00 only takes effects away: one data set shows it
  drops <- if (any(d$ai + d$ci == 0 & d$n1 == 100)) c(FALSE, TRUE) else FALSE
  for (measure in MEASURES) for (rule in RULES) for (drop in drops) {
    # metafor does not correct AS by default; `all` asks for it
    add <- if (measure == "AS" && rule == "only0") 0 else 1 / 2
    found <- suppressWarnings(escalc(measure = measure, ai = d$ai, n1i = d$n1, ci = d$ci,
                                     n2i = d$n2, add = add, to = rule, drop00 = drop))
    out[[paste(measure, rule, if (drop) "drop" else "keep", sep = "_")]] <- columns(found)
  }
  out
}

pooled <- function(fit, with_weights = TRUE) {
  out <- list()
  for (key in c("k", "b", "se", "zval", "pval", "ci.lb", "ci.ub", "QE", "QEp", "I2", "H2", "k.yi",
                "MH", "MHp", "BD", "BDp", "TA", "TAp", "k.pos")) out[[key]] <- number(fit[[key]])
  out$weights <- as.numeric(weights(fit)) / 100
  out
}

common_effects <- function(d) {
  out <- list()
  for (measure in c("OR", "RR", "RD")) for (correct in c(TRUE, FALSE)) {
    fit <- suppressWarnings(rma.mh(measure = measure, ai = d$ai, n1i = d$n1, ci = d$ci, n2i = d$n2,
                                   correct = correct))
    out[[paste(measure, if (correct) "half" else "none", sep = "_")]] <- pooled(fit)
  }
  out$PETO <- pooled(suppressWarnings(rma.peto(ai = d$ai, n1i = d$n1, ci = d$ci, n2i = d$n2)))
  out$level90 <- pooled(suppressWarnings(rma.mh(measure = "OR", ai = d$ai, n1i = d$n1, ci = d$ci,
                                                n2i = d$n2, level = 90)))
  out
}

person_time <- function() {
  sets <- list(
    dat.nielweise2008 = with(dat.nielweise2008, list(x1 = x1i, t1 = t1i, x2 = x2i, t2 = t2i)),
    dat.hart1999 = with(dat.hart1999, list(x1 = x1i, t1 = t1i, x2 = x2i, t2 = t2i)),
    zeros = list(x1 = c(0, 3, 0, 2.5), t1 = c(10, 20, 5.5, 7), x2 = c(4, 0, 0, 1),
                 t2 = c(12, 8, 3.25, 2)))
  lapply(sets, function(d) {
    out <- d
    for (rule in RULES) for (drop in c(FALSE, TRUE)) {
      found <- suppressWarnings(escalc(measure = "IRR", x1i = d$x1, t1i = d$t1, x2i = d$x2,
                                       t2i = d$t2, add = 1 / 2, to = rule, drop00 = drop))
      out[[paste(rule, if (drop) "drop" else "keep", sep = "_")]] <- columns(found)
    }
    out
  })
}

proportion_sets <- function() {
  one <- function(x, n) list(events = as.numeric(x), totals = as.numeric(n))
  list(
    dat.pritz1997 = one(dat.pritz1997$xi, dat.pritz1997$ni),
    dat.debruin2009 = one(dat.debruin2009$xi, dat.debruin2009$ni),
    dat.nielweise2007_control = one(dat.nielweise2007$ci, dat.nielweise2007$n2i),
    dat.bcg_control = one(dat.bcg$cpos, dat.bcg$cpos + dat.bcg$cneg),
    dat.hine1989_control = one(dat.hine1989$ci, dat.hine1989$n2i),
    dat.lee2004_treated = one(dat.lee2004$ai, dat.lee2004$n1i),
    even = one(c(10, 11, 9, 10), c(40, 44, 36, 41)), # tau2 = 0
    rare = one(c(0, 1, 0, 2, 0, 5), c(30, 45, 60, 38, 25, 50)),
    nearly_all = one(c(20, 19, 45, 33), c(20, 22, 45, 40)),
    spread = one(c(1, 19, 3, 30, 8), c(20, 20, 35, 33, 16)),
    large = one(c(120, 3400, 90, 510, 77), c(15000, 90000, 4000, 31000, 9500)))
}

inverse_variance <- function(d, measure) {
  data <- escalc(measure = measure, xi = d$events, ni = d$totals)
  back <- function(x) {
    if (measure == "PLO") return(plogis(x))
    if (measure == "PAS") return(transf.iarcsin(x))
    transf.ipft.hm(x, targs = list(ni = d$totals))
  }
  out <- columns(data)
  for (method in c("DL", "REML")) {
    fit <- NULL
    for (threshold in 10^-(15:9)) { # the tightest that converges
      fit <- tryCatch(rma(yi, vi, data = data, method = method,
                          control = list(threshold = threshold, maxiter = 20000)),
                      error = function(e) NULL, warning = function(w) NULL)
      if (!is.null(fit)) break
    }
    out[[method]] <- list(
      threshold = threshold, b = number(fit$b), se = fit$se, tau2 = fit$tau2, QE = fit$QE,
      QEp = fit$QEp, I2 = fit$I2, back = back(number(fit$b)), back.lb = back(fit$ci.lb),
      back.ub = back(fit$ci.ub))
  }
  out
}

glmm <- function(d, points) {
  # the default optimiser of lme4 with the tightest tolerance that converges without complaint
  for (tolerance in 10^-(12:6)) {
    fit <- tryCatch(
      rma.glmm(measure = "PLO", xi = d$events, ni = d$totals, nAGQ = points,
               control = list(optCtrl = list(rhobeg = 0.1, rhoend = tolerance, maxfun = 20000))),
      error = function(e) NULL, warning = function(w) NULL)
    if (!is.null(fit)) break
  }
  if (is.null(fit)) {
    tolerance <- NA
    fit <- suppressWarnings(rma.glmm(measure = "PLO", xi = d$events, ni = d$totals, nAGQ = points))
  }
  # metafor 3.8 takes lme4's conditional deviance for the likelihood: it is asked again here, where
  # logLik() lacks the likelihood of the saturated model
  study <- factor(seq_along(d$events))
  again <- suppressMessages(suppressWarnings(
    lme4::glmer(cbind(d$events, d$totals - d$events) ~ 1 + (1 | study), family = binomial,
                nAGQ = points)))
  saturated <- sum(dbinom(d$events, d$totals, d$events / d$totals, log = TRUE))
  list(nAGQ = points, tolerance = tolerance, ll = saturated + as.numeric(logLik(again)), b = number(fit$b), se = fit$se, tau2 = fit$tau2,
       I2 = fit$I2, ci.lb = fit$ci.lb, ci.ub = fit$ci.ub)
}

single_intervals <- function() {
  xi <- c(0, 3, 17, 40, 20, 1, 199)
  ni <- c(20, 40, 17, 41, 20, 1000, 200)
  wilson <- mapply(function(x, n, level) {
    suppressWarnings(as.numeric(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int))
  }, rep(xi, 2), rep(ni, 2), rep(c(.95, .9), each = length(xi)))
  list(events = rep(xi, 2), total = rep(ni, 2), ci_level = rep(c(.95, .9), each = length(xi)),
       ci_low = wilson[1, ], ci_high = wilson[2, ])
}

smd_to_log_odds <- function() {
  d <- data.frame(m1 = c(8.5, 12, 30.2), sd1 = c(5.75, 6.1, 9.9), n1 = c(159, 24, 10),
                  m2 = c(10.83, 15.4, 24), sd2 = c(6.21, 7.7, 11.2), n2 = c(154, 26, 9))
  one <- function(measure) columns(escalc(measure = measure, m1i = d$m1, sd1i = d$sd1, n1i = d$n1,
                                          m2i = d$m2, sd2i = d$sd2, n2i = d$n2))
  pooled_sd <- with(d, sqrt(((n1 - 1) * sd1^2 + (n2 - 1) * sd2^2) / (n1 + n2 - 2)))
  # what metafor takes: d without small-sample correction, variance 1/n1 + 1/n2 + d^2 / (2 N)
  list(d = (d$m1 - d$m2) / pooled_sd, n1 = d$n1, n2 = d$n2,
       hasselblad_hedges = one("D2ORL"), cox = one("D2ORN"))
}

write <- function(value, name) {
  text <- toJSON(value, digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
  writeLines(text, file.path(folder, paste0(name, ".json")))
}

version_of <- function(package) as.character(packageVersion(package))
made_by <- list(R = R.version.string, metafor = version_of("metafor"),
                metadat = version_of("metadat"), lme4 = version_of("lme4"),
                jsonlite = version_of("jsonlite"))

write(lapply(table_sets(), function(d) c(as.list(d), list(effects = effects(d)))), "effects")
write(lapply(table_sets(), function(d) c(as.list(d), common_effects(d))), "common_effects")
write(person_time(), "person_time")
write(lapply(proportion_sets(), function(d) {
  found <- lapply(c(PLO = "PLO", PAS = "PAS", PFT = "PFT"), function(m) inverse_variance(d, m))
  c(d, found, list(glmm7 = glmm(d, 7), glmm50 = glmm(d, 50)))
}), "proportions")
write(single_intervals(), "wilson")
write(smd_to_log_odds(), "smd_to_log_odds")
write(made_by, "versions")
