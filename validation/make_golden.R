# Makes the golden values in tests/data/metafor from published data sets with metafor.
#
#   Rscript validation/make_golden.R [output folder]
#
# Data sets come from metadat (and one from a book); the threshold of each iterative fit is kept.

# Further estimators and intervals: make_golden_pooling.R.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "metafor_fits.R"))
suppressMessages(library(metadat))

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else file.path("tests", "data", "metafor")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

data_sets <- function() {
  bcg <- function(measure) {
    escalc(measure = measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  }
  strokes <- function(measure, ...) {
    escalc(measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
           n2i = n2i, data = dat.normand1999, ...)
  }
  events <- function(measure, data) {
    escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = data)
  }
  gibson <- subset(dat.gibson2002, !is.na(m1i))
  list(
    dat.bcg_AS = bcg("AS"), dat.bcg_OR = bcg("OR"), dat.bcg_PETO = bcg("PETO"),
    dat.bcg_RD = bcg("RD"), dat.bcg_RR = bcg("RR"),
    dat.bcg_RR_first2 = bcg("RR")[1:2, ], dat.bcg_RR_first3 = bcg("RR")[1:3, ],
    dat.borenstein2009 = data.frame(
      yi = c(.09452, .27736, .36654, .66438, .46181, .18516),
      vi = c(.03295, .03070, .04988, .01051, .04266, .02342)),
    dat.collins1985b_OR = escalc(measure = "OR", ai = pre.xti, n1i = pre.nti, ci = pre.xci,
                                 n2i = pre.nci, data = dat.collins1985b),
    dat.gibson2002_SMD = escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i,
                                sd2i = sd2i, n2i = n2i, data = gibson),
    dat.hackshaw1998 = as.data.frame(dat.hackshaw1998)[, c("yi", "vi")],
    dat.hine1989_RD = events("RD", dat.hine1989),
    dat.lee2004_OR = events("OR", dat.lee2004),
    dat.linde2005_RR = events("RR", dat.linde2005),
    dat.mcdaniel1994_ZCOR = escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.mcdaniel1994),
    dat.normand1999_MD = strokes("MD"), dat.normand1999_ROM = strokes("ROM"),
    dat.normand1999_SMD = strokes("SMD"), dat.normand1999_SMDH = strokes("SMDH"),
    dat.normand1999_SMD_LS2 = strokes("SMD", vtype = "LS2"),
    dat.normand1999_SMD_UB = strokes("SMD", vtype = "UB"),
    dat.pritz1997_PLO = escalc(measure = "PLO", xi = xi, ni = ni, data = dat.pritz1997),
    dat.raudenbush1985 = as.data.frame(dat.raudenbush1985)[, c("yi", "vi")],
    dat.viechtbauer2021_OR = escalc(measure = "OR", ai = xTi, n1i = nTi, ci = xCi, n2i = nCi,
                                    add = 1 / 2, to = "all", data = dat.viechtbauer2021)
  )
}

FIRST <- METHODS[c("CE", "DL", "REML", "PM")]

one_fit <- function(yi, vi, method, test) {
  found <- tight_fit(yi, vi, method, test)
  fit <- found$fit
  list(
    b = number(fit$b), se = number(fit$se), stat = number(fit$zval), df = number(fit$ddf),
    p = number(fit$pval), ci.lb = number(fit$ci.lb), ci.ub = number(fit$ci.ub),
    tau2 = number(fit$tau2), I2 = number(fit$I2), H2 = number(fit$H2),
    QE = number(fit$QE), QEp = number(fit$QEp),
    pi.HTS = prediction(fit, "HTS"), pi.V = prediction(fit, "V"),
    weights = as.numeric(weights(fit)) / 100, threshold = found$threshold)
}

golden <- function(name, data) {
  yi <- as.numeric(data$yi)
  vi <- as.numeric(data$vi)
  complete <- !is.na(yi) & !is.na(vi)
  yi <- yi[complete]
  vi <- vi[complete]
  fits <- lapply(setNames(TESTS, TESTS), function(test) {
    lapply(setNames(FIRST, FIRST), function(method) one_fit(yi, vi, method, test))
  })
  list(dataset = name, k = length(yi), yi = yi, vi = vi, tau2_q_profile = q_profile(yi, vi),
       fits = fits)
}

columns <- function(data) list(yi = as.numeric(data$yi), vi = as.numeric(data$vi))

conversions <- function() {
  m1 <- c(8.5, 12, 30.2, 10); sd1 <- c(5.75, 6.1, 9.9, 2); n1 <- c(159, 24, 10, 30)
  m2 <- c(10.83, 15.4, 24, 8); sd2 <- c(6.21, 7.7, 11.2, 2.5); n2 <- c(154, 26, 9, 32)
  smd <- function(vtype) {
    columns(escalc(measure = "SMD", m1i = m1, sd1i = sd1, n1i = n1, m2i = m2, sd2i = sd2,
                   n2i = n2, vtype = vtype))
  }
  ai <- c(12, 0, 7, 135); bi <- c(38, 20, 2, 15); ci <- c(25, 3, 8, 40); di <- c(23, 19, 1, 10)
  table <- function(measure) {
    columns(escalc(measure = measure, ai = ai, bi = bi, ci = ci, di = di))
  }
  xi <- c(12, 0, 7, 20, 1, 999); ni <- c(50, 21, 9, 20, 1000, 1000)
  exact <- mapply(function(x, n, level) binom.test(x, n, conf.level = level)$conf.int[1:2],
                  rep(xi, 2), rep(ni, 2), rep(c(.95, .99), each = length(xi)))
  list(
    smd = list(m1 = m1, sd1 = sd1, n1 = n1, m2 = m2, sd2 = sd2, n2 = n2,
               LS = smd("LS"), LS2 = smd("LS2"), UB = smd("UB")),
    log_odds = list(OR = table("OR"), hasselblad_hedges = table("OR2DL"), cox = table("OR2DN")),
    logit = c(list(events = xi, total = ni), columns(escalc(measure = "PLO", xi = xi, ni = ni))),
    proportion = list(events = rep(xi, 2), total = rep(ni, 2),
                      ci_level = rep(c(.95, .99), each = length(xi)),
                      ci_low = exact[1, ], ci_high = exact[2, ]))
}

subgroups <- function() {
  data <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  fits <- lapply(split(data, data$alloc), function(d) rma(yi, vi, data = d, method = "DL"))
  estimates <- sapply(fits, function(fit) as.numeric(fit$b))
  ses <- sapply(fits, function(fit) fit$se)
  between <- rma(estimates, sei = ses, method = "FE")
  list(groups = names(fits), estimates = as.numeric(estimates), ses = as.numeric(ses),
       tau2 = as.numeric(sapply(fits, function(fit) fit$tau2)),
       q_between = between$QE, p_value = between$QEp)
}

write <- function(value, name) {
  text <- toJSON(value, digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
  writeLines(text, file.path(folder, paste0(name, ".json")))
}

sets <- data_sets()
for (name in names(sets)) write(golden(name, sets[[name]]), name)
write(conversions(), "conversions")
write(subgroups(), "subgroups")
write(list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
           metadat = as.character(packageVersion("metadat")),
           jsonlite = as.character(packageVersion("jsonlite"))), "versions")
cat(length(sets), "data sets written\n")
