# The same figures by R's survey package; started by uncertainty_peers.py, or by hand:
#
#   Rscript --vanilla uncertainty_peers.R rows.csv out_dir [cells]
#
# Five quantiles by cell with Woodruff's standard errors and intervals, and the mean with its
# linearised standard error, both as the manual says: svyby() over one design. It takes minutes.
# With `cells` only so many are asked for, spread evenly over their codes, of the whole design; the report
# says how many of how many, and the seconds are those of the cells asked for, not scaled up.
# One process: svyby(multicore = TRUE) would spread the cells over cores.
suppressMessages({
  library(survey)
  library(data.table)
})
options(survey.lonely.psu = "certainty", digits = 15)

PROBS <- c(.10, .25, .50, .75, .90)
arguments <- commandArgs(trailingOnly = TRUE)
out_dir <- arguments[2]
wanted <- if (length(arguments) > 2) as.integer(arguments[3]) else 0L

seconds <- list()
timed <- function(step, run) {
  begin <- proc.time()[["elapsed"]]
  result <- force(run)
  seconds[[step]] <<- proc.time()[["elapsed"]] - begin
  result
}
load_average <- function() {
  path <- "/proc/loadavg"
  if (file.exists(path)) as.numeric(strsplit(readLines(path), " ")[[1]][1:3]) else NULL
}
peak_gb <- function() {
  path <- "/proc/self/status"
  if (!file.exists(path)) return(NULL)
  line <- grep("^VmHWM", readLines(path), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1e6
}

before <- load_average()
rows <- timed("read", as.data.frame(fread(arguments[1])))
all_cells <- sort(unique(rows$cell))
design <- timed("design", svydesign(ids = ~enterprise, strata = ~stratum, weights = ~weight, data = rows))
chosen <- all_cells
if (wanted > 0 && wanted < length(all_cells)) {
  chosen <- all_cells[unique(round(seq(1, length(all_cells), length.out = wanted)))]
  design$variables$cell[!design$variables$cell %in% chosen] <- NA
}
# A cell without degrees of freedom makes svyquantile warn, once for each limit.
quantiles <- timed("quantiles", suppressWarnings(svyby(~wage, ~cell, design, svyquantile,
  quantiles = PROBS, ci = TRUE, se = TRUE, qrule = "math", vartype = c("se", "ci")
)))
after_quantiles <- peak_gb()
means <- timed("means", suppressWarnings(svyby(~wage, ~cell, design, svymean)))

fwrite(quantiles, file.path(out_dir, "survey_quantiles_quantiles.csv"))
fwrite(means, file.path(out_dir, "survey_quantiles_means.csv"))
report <- list(
  peer = "survey", what = "quantiles", rows_file = basename(arguments[1]),
  cells = length(chosen), cells_in_all = length(all_cells), rows_asked = sum(rows$cell %in% chosen),
  seconds = seconds, peak_gb_after_quantiles = after_quantiles, peak_gb = peak_gb(),
  load_before = before, load_after = load_average(),
  versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")))
)
writeLines(
  jsonlite::toJSON(report, auto_unbox = TRUE, pretty = TRUE, digits = 15),
  file.path(out_dir, "survey_quantiles.json")
)
