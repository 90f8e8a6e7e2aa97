# Answers of R about sampling errors, on the rows of make_rows.py.
#
#   Rscript uncertainty.R            in this folder; writes the CSV files beside itself
#
# What the files and their columns are, and where R departs from the definition: README.md.
suppressMessages({
  library(survey)
  library(laeken)
})
options(digits = 15, stringsAsFactors = FALSE, survey.lonely.psu = "certainty",
  survey.drop.replicates = FALSE) # of strata taken whole: kept, with rscale 0

PROBS <- c(.1, .25, .5, .75, .9)
ALPHA <- .05
TIE <- 1e-12 # shares of the total weight closer than this are one share

write_table <- function(table, name) {
  for (column in names(table)) {
    x <- table[[column]]
    if (is.double(x)) table[[column]] <- ifelse(is.finite(x), formatC(x, digits = 15, format = "g", width = 1), "")
  }
  write.table(table, name, sep = ",", row.names = FALSE, quote = FALSE, na = "")
  cat(name, nrow(table), "rows\n")
}
stack <- function(parts) do.call(rbind, parts)

# ---- the rows -----------------------------------------------------------------------------
rows <- read.csv("rows.csv")
# Rules that interpolate depend, in R, on the order of tied rows: lighter rows come first here.
rows <- rows[order(rows$weight, rows$row), ]
rownames(rows) <- NULL
rows$woman <- as.numeric(rows$sex == "f")
CELLS <- c("all", sort(unique(rows$occupation)))
in_cell <- function(cell, data = rows) cell == "all" | data$occupation == cell
counts <- function(cell, data = rows, strata = data$stratum) {
  keep <- in_cell(cell, data)
  e <- length(unique(data$enterprise[keep]))
  s <- length(unique(strata[keep]))
  list(cell = cell, workers = sum(keep), enterprises = e, strata = s, df = e - s)
}

# ---- quantile rules by their definitions -----------------------------------------------------
# R's own return the second value where the share asked for lies below the first step, and
# compare shares without a tolerance. svyquantile takes a function for `qrule`.
sorted <- function(x, w) {
  x <- x[w > 0]
  w <- w[w > 0]
  o <- order(x)
  list(x = x[o], C = cumsum(w[o]), W = sum(w))
}
step_at <- function(s, p) match(TRUE, s$C >= p * s$W - TIE * s$W, nomatch = length(s$x))
rule_math <- function(x, w, p) {
  if (!any(w > 0) || !is.finite(p)) return(NA_real_)
  s <- sorted(x, w)
  s$x[step_at(s, p)]
}
rule_school <- function(x, w, p) {
  if (!any(w > 0) || !is.finite(p)) return(NA_real_)
  s <- sorted(x, w)
  k <- step_at(s, p)
  hit <- abs(s$C[k] - p * s$W) <= TIE * s$W
  if (hit) (s$x[k] + s$x[min(k + 1, length(s$x))]) / 2 else s$x[k]
}
rule_hf7 <- function(x, w, p) {
  if (!any(w > 0) || !is.finite(p)) return(NA_real_)
  s <- sorted(x, w)
  n <- length(s$x)
  if (n == 1) return(s$x)
  approx(c(0, s$C[-n]) / s$C[n - 1], s$x, p, rule = 2)$y
}
RULES <- list(math = rule_math, school = rule_school, hf7 = rule_hf7)

quantile_rows <- function(design, y, rule, interval, df, own = FALSE) {
  # own: the rule of that name in R itself; otherwise the one by definition
  found <- tryCatch(
    suppressWarnings(suppressMessages(svyquantile(
      as.formula(paste0("~", y)), design,
      quantiles = PROBS, alpha = ALPHA, interval.type = interval, df = df,
      qrule = if (own) rule else RULES[[rule]]
    )[[1]])),
    error = function(e) matrix(NA_real_, length(PROBS), 4)
  )
  found <- unname(as.matrix(found))
  data.frame(p = PROBS, estimate = found[, 1], ci_low = found[, 2], ci_high = found[, 3], se = found[, 4])
}
compare_rules <- function(design, y, rule, interval, df) {
  ours <- quantile_rows(design, y, rule, interval, df)
  theirs <- quantile_rows(design, y, rule, interval, df, own = TRUE)[, -1]
  alike <- rowSums(is.na(theirs) != is.na(ours[, -1]) | abs(theirs - ours[, -1]) > 1e-9 * ours$estimate, na.rm = TRUE) == 0
  theirs[alike, ] <- NA # written only where it differs
  cbind(ours, setNames(theirs, paste0("r_", names(theirs))))
}

# ---- a. means, totals and ratios, linearised -----------------------------------------------------
# The variance by its definition, in base R: every sampled enterprise of the design counts,
# also those in which the domain has nobody.
definition_variance <- function(u, lonely, frame = NULL) {
  enterprise <- factor(rows$enterprise)
  U <- tapply(u, enterprise, sum)
  h <- rows$stratum[match(levels(enterprise), rows$enterprise)]
  n <- table(h)
  grand <- mean(U)
  V <- sapply(names(n), function(s) {
    f <- if (is.null(frame)) 0 else n[[s]] / frame[match(s, rows$stratum)]
    if (n[[s]] == 1) {
      switch(lonely, certainty = 0, average = NA, adjust = (1 - f) * (U[h == s] - grand)^2)
    } else {
      (1 - f) * n[[s]] / (n[[s]] - 1) * sum((U[h == s] - mean(U[h == s]))^2)
    }
  })
  V[is.na(V)] <- mean(V, na.rm = TRUE) # average: as much as the other strata on the average
  sum(V)
}
scores <- function(statistic, cell) {
  d <- in_cell(cell)
  w <- rows$weight * d
  switch(statistic,
    mean = w * (rows$wage - sum(w * rows$wage) / sum(w)) / sum(w),
    total = w * rows$wage,
    ratio = w * (rows$wage - sum(w * rows$wage) / sum(w * rows$hours) * rows$hours) / sum(w * rows$hours)
  )
}
# One enterprise has one score, and it is zero: what rounding leaves of it is written as 0.
no_noise <- function(se, size) ifelse(se < 1e-12 * abs(size), 0, se)
estimate <- function(statistic, design, y = "wage", x = "hours") {
  f <- as.formula(paste0("~", y))
  found <- suppressWarnings(switch(statistic,
    mean = svymean(f, design),
    total = svytotal(f, design),
    ratio = svyratio(f, as.formula(paste0("~", x)), design)
  ))
  known <- as.numeric(coef(found))
  c(known, no_noise(suppressWarnings(as.numeric(SE(found))), known))
}
designs <- list(
  none = svydesign(ids = ~enterprise, strata = ~stratum, weights = ~weight, data = rows),
  enterprises = svydesign(ids = ~enterprise, strata = ~stratum, weights = ~weight, fpc = ~enterprises_in_stratum, data = rows),
  two_stages = svydesign(ids = ~ enterprise + row, strata = ~stratum, weights = ~weight, fpc = ~ enterprises_in_stratum + workers_in_enterprise, data = rows)
)
domain <- function(design, cell) {
  design$variables$.keep <- in_cell(cell, design$variables)
  subset(design, .keep)
}
out <- list()
for (fpc in names(designs)) for (lonely in c("certainty", "average", "adjust")) {
  # With two stages `average` is NaN in R as soon as one enterprise has one sampled worker of several.
  if (fpc == "two_stages" && lonely != "certainty") next
  options(survey.lonely.psu = lonely)
  for (statistic in c("mean", "total", "ratio")) for (cell in CELLS) {
    e <- estimate(statistic, domain(designs[[fpc]], cell))
    defined <- if (fpc == "two_stages") NA else
      sqrt(definition_variance(scores(statistic, cell), lonely, if (fpc == "enterprises") rows$enterprises_in_stratum))
    out[[length(out) + 1]] <- data.frame(fpc = fpc, lonely = lonely, statistic = statistic, counts(cell),
      estimate = e[1], se = e[2], se_by_definition = no_noise(defined, e[1]))
  }
}
options(survey.lonely.psu = "certainty")
write_table(stack(out), "linearised.csv")

# ---- b. quantiles after Woodruff -------------------------------------------------------------------
out <- list()
add <- function(fpc, rule, interval) for (cell in CELLS) {
  k <- counts(cell)
  found <- compare_rules(domain(designs[[fpc]], cell), "wage", rule, interval, k$df)
  out[[length(out) + 1]] <<- data.frame(fpc = fpc, rule = rule, interval = interval, k, found)
}
for (rule in names(RULES)) for (interval in c("mean", "xlogit", "asin", "beta")) add("none", rule, interval)
add("enterprises", "math", "mean")
add("two_stages", "math", "mean")
write_table(stack(out), "woodruff.csv")

# ---- c. calibrated weights -----------------------------------------------------------------------
poststrata <- setNames(read.csv("poststrata.csv"), c("group", "sex", "Freq"))
margins <- read.csv("margins.csv")
margin <- function(v) setNames(margins[margins$variable == v, c("level", "workers")], c(v, "Freq"))
known <- read.csv("regression_totals.csv")
for (column in c("stratum", "sex", "group")) rows[[column]] <- factor(rows[[column]])
base <- svydesign(ids = ~enterprise, strata = ~stratum, weights = ~weight, data = rows)
first <- levels(rows$stratum)[1]
total_of <- function(name) known$total[known$auxiliary == name]
by_stratum <- setNames(margin("stratum")$Freq, paste0("stratum", margin("stratum")$stratum))
women <- total_of("sex f")
workers <- sum(by_stratum)
calibrated <- list(
  poststratified = postStratify(base, ~ group + sex, poststrata),
  raked = calibrate(base, ~ stratum + sex, c(`(Intercept)` = workers, by_stratum[-1], sexm = workers - women),
    calfun = "raking", epsilon = 1e-12, maxit = 200),
  # As many iterations as it wants: its residuals are what differs, see README.md.
  rake = rake(base, list(~stratum, ~sex), list(margin("stratum"), margin("sex")), control = list(maxit = 500, epsilon = 1e-13)),
  linear = calibrate(base, ~ stratum + woman + hours, c(`(Intercept)` = workers, by_stratum[-1], woman = women, hours = total_of("hours")),
    calfun = "linear")
)
weights_of <- data.frame(row = rows$row, lapply(calibrated[names(calibrated) != "rake"], weights))
write_table(weights_of[order(weights_of$row), ], "calibrated_weights.csv")
out <- list()
for (method in names(calibrated)) for (cell in CELLS) {
  d <- domain(calibrated[[method]], cell)
  k <- counts(cell)
  for (statistic in c("mean", "total", "ratio")) {
    e <- estimate(statistic, d)
    out[[length(out) + 1]] <- data.frame(weights = method, statistic = statistic, k, p = NA_real_, estimate = e[1], ci_low = NA_real_, ci_high = NA_real_, se = e[2])
  }
  out[[length(out) + 1]] <- data.frame(weights = method, statistic = "quantile", k, quantile_rows(d, "wage", "math", "mean", k$df))
}
write_table(stack(out), "calibrated.csv")

# ---- d. replicates ----------------------------------------------------------------------------------
rows$stratum <- as.character(rows$stratum)
pairs <- rows[rows$in_pairs == 1, ]
merged <- svydesign(ids = ~enterprise, strata = ~merged_stratum, weights = ~weight, data = rows)
paired <- svydesign(ids = ~enterprise, strata = ~stratum, weights = ~weight, data = pairs)
unstratified <- svydesign(ids = ~enterprise, weights = ~weight, data = rows)
set.seed(20260215)
bootstrap <- as.svrepdesign(merged, type = "subbootstrap", replicates = 60)
sets <- list(
  jkn = list(as.svrepdesign(designs$none, type = "JKn"), rows, rows$stratum),
  jkn_fpc = list(as.svrepdesign(designs$enterprises, type = "JKn"), rows, rows$stratum),
  jk1 = list(as.svrepdesign(unstratified, type = "JK1"), rows, rep("", nrow(rows))),
  brr = list(as.svrepdesign(paired, type = "BRR"), pairs, pairs$stratum),
  fay = list(as.svrepdesign(paired, type = "Fay", fay.rho = .3), pairs, pairs$stratum),
  bootstrap = list(bootstrap, rows, rows$merged_stratum)
)
out <- scales <- list()
for (name in names(sets)) {
  design <- sets[[name]][[1]]
  data <- sets[[name]][[2]]
  strata <- sets[[name]][[3]]
  factors <- as.matrix(design$repweights)
  one_each <- !duplicated(data$enterprise)
  R <- ncol(factors)
  if (!name %in% c("jkn_fpc", "jk1")) { # those of jkn; and n / (n - 1), or 0 for the one left out
    table <- data.frame(enterprise = data$enterprise[one_each], factors[one_each, ])
    names(table) <- c("enterprise", paste0("r", seq_len(R)))
    write_table(table[order(table$enterprise), ], paste0("factors_", name, ".csv"))
  }
  scales[[name]] <- data.frame(set = name, replicate = seq_len(R), scale = design$scale, rscale = rep_len(design$rscales, R))
  for (mse in c(FALSE, TRUE)) for (cell in CELLS) {
    if (!any(in_cell(cell, data))) next
    d <- design
    d$mse <- mse
    d <- domain(d, cell)
    k <- counts(cell, data, strata)
    lost <- sum(colSums(weights(d, "analysis")) == 0)
    add <- function(statistic, interval, found) {
      out[[length(out) + 1]] <<- data.frame(set = name, mse = mse, statistic = statistic, interval = interval, k, replicates_lost = lost, found)
    }
    for (statistic in c("mean", "ratio")) {
      e <- estimate(statistic, d)
      add(statistic, "", data.frame(p = NA_real_, estimate = e[1], ci_low = NA_real_, ci_high = NA_real_, se = e[2]))
    }
    for (interval in c("quantile", "mean")) {
      found <- quantile_rows(d, "wage", "math", interval, k$df)
      if (interval == "quantile") { # by the variance itself: an interval needs degrees of freedom, it does not
        w <- weights(d, "analysis")
        theta <- sapply(PROBS, function(p) apply(w, 2, function(wi) rule_math(d$variables$wage, wi, p)))
        full <- sapply(PROBS, function(p) rule_math(d$variables$wage, weights(d, "sampling"), p))
        found$se <- sapply(seq_along(PROBS), function(i) suppressWarnings(sqrt(as.numeric(
          survey::svrVar(theta[, i], d$scale, d$rscales, mse = mse, coef = full[i])))))
      }
      add("quantile", interval, found)
    }
  }
}
write_table(stack(scales), "replicate_scales.csv")
write_table(stack(out), "replicates.csv")

# ---- e. Gini ---------------------------------------------------------------------------------------
# G = sum_ij w_i w_j max(x_i, x_j) / (W T) - 1, with W the workers and T the wage bill; its exact
# derivative by w_k is the influence value, whose total svytotal estimates a variance for.
gini_influence <- function(x, w) {
  W <- sum(w)
  T <- sum(w * x)
  upto <- sapply(x, function(v) sum(w[x <= v]))
  above <- sapply(x, function(v) sum((w * x)[x > v]))
  G <- sum(w * (x * upto + above)) / (W * T) - 1
  list(gini = G, z = (2 * (x * upto + above) - (G + 1) * (T + W * x)) / (W * T))
}
out <- list()
for (fpc in names(designs)) for (cell in CELLS) {
  keep <- in_cell(cell)
  g <- gini_influence(rows$wage[keep], rows$weight[keep])
  d <- designs[[fpc]]
  d$variables$.z <- 0
  d$variables$.z[keep] <- g$z
  published <- laeken::gini(rows$wage[keep], rows$weight[keep])$value / 100
  stopifnot(abs(g$gini - published) < 1e-12, abs(sum(g$z * rows$weight[keep])) < 1e-12)
  jkn <- if (fpc == "none") {
    suppressWarnings(as.numeric(SE(withReplicates(sets$jkn[[1]], function(w, data) {
      if (sum(w[keep]) == 0) NaN else gini_influence(data$wage[keep], w[keep])$gini
    }))))
  } else NA
  out[[length(out) + 1]] <- data.frame(fpc = fpc, counts(cell), gini = published,
    se = no_noise(as.numeric(SE(svytotal(~.z, d))), 1), se_jkn = no_noise(jkn, 1))
}
write_table(stack(out), "gini.csv")

version <- function(p) paste(p, as.character(packageVersion(p)))
writeLines(c(R.version.string, version("survey"), version("laeken"), paste("rows.csv md5", tools::md5sum("rows.csv"))), "versions.txt")
