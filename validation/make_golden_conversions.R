# Makes the golden values in tests/data/conversions_continuous with metafor and base R.
#
#   Rscript validation/make_golden_conversions.R [output folder]
#
# Data sets come from metadat and base R. metafor needs the package gsl for its measure UCOR.

suppressMessages({
  library(metafor)
  library(metadat)
  library(jsonlite)
})

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else file.path("tests", "data",
                                                             "conversions_continuous")
dir.create(folder, recursive = TRUE, showWarnings = FALSE)

columns <- function(data) list(yi = as.numeric(data$yi), vi = as.numeric(data$vi))

# Groups of each data set: means, SDs and sizes of two groups.
two_group_sets <- function() {
  names <- c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
  made <- data.frame(
    m1i = c(8.5, 12, 30.2, 10, 0.5, 101), sd1i = c(5.75, 6.1, 9.9, 2, 0.4, 15),
    n1i = c(159, 24, 10, 30, 2, 1200), m2i = c(10.83, 15.4, 24, 8, 0.3, 100),
    sd2i = c(6.21, 7.7, 11.2, 2.5, 0.1, 12), n2i = c(154, 26, 9, 32, 3, 900))
  gibson <- subset(dat.gibson2002, !is.na(m1i) & !is.na(sd1i))
  list(made = made, dat.normand1999 = dat.normand1999[, names], dat.gibson2002 = gibson[, names],
       dat.curtis1998 = dat.curtis1998[seq(1, 102, by = 5), names])
}

two_groups <- function(data) {
  fit <- function(measure, ...) {
    columns(escalc(measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i,
                   n2i = n2i, data = data, ...))
  }
  forms <- c("LS", "LS2", "UB", "AV")
  g <- fit("SMD")$yi
  size <- data$n1i + data$n2i
  list(inputs = as.list(data), mean_g = sum(size * g) / sum(size),
       SMD = sapply(forms, function(vtype) fit("SMD", vtype = vtype), simplify = FALSE),
       SMDH = list(LS = fit("SMDH")),
       MD = list(unequal = fit("MD", vtype = "LS"), equal = fit("MD", vtype = "HO")),
       ROM = list(unequal = fit("ROM", vtype = "LS"), equal = fit("ROM", vtype = "HO")),
       RPB = list(LS = fit("RPB", vtype = "ST"), CS = fit("RPB", vtype = "CS")))
}

correlations <- function(r, n) {
  fit <- function(measure, ...) columns(escalc(measure = measure, ri = r, ni = n, ...))
  list(inputs = list(r = r, n = n),
       COR = list(LS = fit("COR")), ZCOR = list(LS = fit("ZCOR")),
       UCOR = list(LS = fit("UCOR", vtype = "LS"), UB = fit("UCOR", vtype = "UB")))
}

# Morris 2008, table 1: two arms before and after; the last row is made up.
arms <- list(
  treatment = data.frame(
    m_pre = c(30.6, 23.5, 0.5, 53.4, 35.6, 100), m_post = c(38.5, 26.8, 0.7, 75.9, 36.0, 80),
    sd_pre = c(15.0, 3.1, 0.1, 14.5, 4.7, 12), sd_post = c(11.6, 4.1, 0.1, 4.4, 4.6, 15),
    n = c(20, 50, 9, 10, 14, 300), r = c(.47, .64, .77, .89, .44, -.1)),
  control = data.frame(
    m_pre = c(23.1, 24.9, 0.6, 55.7, 34.8, 101), m_post = c(19.7, 25.3, 0.6, 60.7, 33.4, 95),
    sd_pre = c(13.8, 4.1, 0.2, 17.3, 3.1, 13), sd_post = c(14.8, 3.3, 0.2, 17.9, 6.9, 12),
    n = c(20, 42, 9, 11, 14, 280), r = c(.47, .64, .77, .89, .44, .2)))

changes <- function(data) {
  fit <- function(measure, ...) {
    columns(escalc(measure = measure, m1i = m_post, m2i = m_pre, sd1i = sd_post, sd2i = sd_pre,
                   ni = n, ri = r, data = data, ...))
  }
  raw <- function(...) { # standardised by the SD before, which metafor calls sd1i
    columns(escalc(measure = "SMCR", m1i = m_post, m2i = m_pre, sd1i = sd_pre, ni = n, ri = r,
                   data = data, ...))
  }
  list(inputs = as.list(data), MC = list(LS = fit("MC")),
       SMCC = list(LS = fit("SMCC"), LS2 = fit("SMCC", vtype = "LS2")),
       SMCR = list(LS = raw(), LS2 = raw(vtype = "LS2")))
}

# The same comparison of real people by every test that a paper may print.
tests <- function() {
  grow <- ToothGrowth
  oj <- grow$len[grow$supp == "OJ"]
  vc <- grow$len[grow$supp == "VC"][1:24]
  y <- c(oj, vc)
  group <- rep(1:0, c(length(oj), length(vc)))
  student <- t.test(oj, vc, var.equal = TRUE)
  table <- anova(lm(y ~ group))
  paired <- t.test(sleep$extra[sleep$group == 2], sleep$extra[sleep$group == 1], paired = TRUE)
  before <- sleep$extra[sleep$group == 1]
  after <- sleep$extra[sleep$group == 2]
  dose <- c(grow$dose[grow$supp == "OJ"], grow$dose[grow$supp == "VC"][1:24])
  adjusted <- lm(y ~ group + dose)
  sums <- anova(lm(y ~ group), adjusted)
  list(
    two = list(m1 = mean(oj), sd1 = sd(oj), n1 = length(oj), m2 = mean(vc), sd2 = sd(vc),
               n2 = length(vc), t = student$statistic[[1]], p = student$p.value,
               ci = as.numeric(student$conf.int), se = student$stderr, df = student$parameter[[1]],
               f = table$F[1], eta2 = table$"Sum Sq"[1] / sum(table$"Sum Sq"), r = cor(y, group),
               mean_ci = as.numeric(t.test(oj)$conf.int)),
    pooled = list(n = length(y), mean = mean(y), sd = sd(y)),
    paired = list(m_pre = mean(before), sd_pre = sd(before), m_post = mean(after),
                  sd_post = sd(after), n = length(after), r = cor(before, after),
                  sd_change = sd(after - before), t = paired$statistic[[1]],
                  change = mean(after - before), se = paired$stderr),
    ancova = list(t = summary(adjusted)$coefficients["group", "t value"],
                  difference = coef(adjusted)[["group"]], sd_adjusted = sigma(adjusted),
                  r = sqrt(1 - sums$RSS[2] / sums$RSS[1])))
}

combined_arms <- function() {
  split_data <- split(ToothGrowth$len, ToothGrowth$dose)
  list(n = as.numeric(lengths(split_data)), mean = as.numeric(sapply(split_data, mean)),
       sd = as.numeric(sapply(split_data, sd)),
       all = list(n = nrow(ToothGrowth), mean = mean(ToothGrowth$len), sd = sd(ToothGrowth$len)))
}

quantiles <- function() {
  p <- c(1e-20, 1e-4, .001, .01, .049, .05, .3, .9)
  df <- c(3, 10, 58, 400)
  grid <- expand.grid(p = p, df = df)
  list(p = grid$p, df = grid$df, t = qt(grid$p / 2, grid$df, lower.tail = FALSE),
       z = qnorm(grid$p / 2, lower.tail = FALSE))
}

aggregated <- function() {
  sets <- list(
    dat.konstantopoulos2011 = dat.konstantopoulos2011[, c("district", "yi", "vi")],
    dat.berkey1998 = dat.berkey1998[, c("trial", "yi", "vi")],
    dat.assink2016 = dat.assink2016[, c("study", "yi", "vi")])
  one <- function(data) {
    names(data)[1] <- "cluster"
    data <- escalc(measure = "GEN", yi = as.numeric(yi), vi = as.numeric(vi), data = data)
    cell <- function(rho, weighted) {
      columns(aggregate(data, cluster = cluster, rho = rho, weighted = weighted))
    }
    rhos <- c(0, .3, .5, .9, .999)
    fits <- lapply(rhos, function(rho) {
      list(rho = rho, equal = cell(rho, FALSE), gls = cell(rho, TRUE))
    })
    groups <- unique(data$cluster)
    list(yi = lapply(groups, function(g) I(as.numeric(data$yi[data$cluster == g]))),
         vi = lapply(groups, function(g) I(as.numeric(data$vi[data$cluster == g]))), fits = fits)
  }
  lapply(sets, one)
}

# What the logarithm of a mean is expected to be, and the variance of the logarithm corrected by half
# its c = (sd / mean)^2 / n, by integration over the distribution of the mean. metafor 3.8 has no
# correction of ROM.
log_ratios <- function() {
  data <- data.frame(m1 = c(10, 3, 50, 2), sd1 = c(2, 1, 20, .8), n1 = c(30, 12, 15, 40),
                     m2 = c(8, 2, 40, 5), sd2 = c(2.5, .9, 25, 1), n2 = c(32, 10, 20, 60))
  moment <- function(m, sd, n, f) {
    se <- sd / sqrt(n)
    integrate(function(x) f(x) * dnorm(x, m, se), m - 6 * se, m + 6 * se, rel.tol = 1e-12)$value
  }
  group <- function(m, sd, n) {
    corrected <- function(x) log(x) + (sd / x)^2 / n / 2
    mean <- moment(m, sd, n, corrected)
    squares <- function(x) (corrected(x) - mean)^2
    list(log = moment(m, sd, n, log), variance = moment(m, sd, n, squares))
  }
  one <- Map(group, data$m1, data$sd1, data$n1)
  two <- Map(group, data$m2, data$sd2, data$n2)
  take <- function(groups, name) sapply(groups, `[[`, name)
  list(inputs = as.list(data), expected = take(one, "log") - take(two, "log"),
       variance = take(one, "variance") + take(two, "variance"))
}

write <- function(value, name) {
  text <- toJSON(value, digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
  writeLines(text, file.path(folder, paste0(name, ".json")))
}

write(lapply(two_group_sets(), two_groups), "two_groups")
hiring <- dat.mcdaniel1994[seq(1, 160, by = 8), ]
write(list(made = correlations(c(.3, -.2, .85, 0, .05, -.999), c(50, 120, 12, 30, 5, 1000)),
           dat.mcdaniel1994 = correlations(hiring$ri, hiring$ni),
           dat.molloy2014 = correlations(dat.molloy2014$ri, dat.molloy2014$ni)), "correlations")
write(lapply(arms, changes), "changes")
write(tests(), "tests")
write(combined_arms(), "arms")
write(quantiles(), "quantiles")
write(aggregated(), "aggregated")
write(log_ratios(), "log_ratios")
write(list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
           metadat = as.character(packageVersion("metadat")),
           gsl = as.character(packageVersion("gsl")),
           jsonlite = as.character(packageVersion("jsonlite"))), "versions")
cat("golden values of the conversions written\n")
