-- name: mode_bootstrap
-- title: How sure the scores of the mode rule are: bootstrap intervals for accuracy, balanced accuracy and kappa
-- param: resamples integer = 1000 between 100 and 20000 -- how many times 54 names are drawn
-- param: seed integer = 1 between 0 and 1000000 -- another seed draws other names; the same draws the same on every machine
-- param: level double = 0.95 between 0.5 and 0.999 -- share of resamples inside the interval
-- expect: rows = 6
-- expect: unique (preset, score)
-- expect: low <= value and value <= high
-- source: Efron (1979), percentile bootstrap; the rule is that of mode_by_rule with its defaults; paper, Table 3
-- example: resamples=100 seed=7
-- Names are drawn with replacement, so that a rail and a road port of one name stay together. The interval says how the scores depend
-- on which 54 ports the paper happened to label, and nothing of the choice of the distances, which was made with the labels in sight.
WITH draws AS (
    SELECT resample, number % 54 + 1 AS name_no FROM queries.mode_draws(resamples => $resamples, seed => $seed)
),
names AS (
    SELECT preset, label, coalesce(rule, 'open') AS rule, row_number() OVER (PARTITION BY preset ORDER BY place) AS name_no
    FROM queries.mode_by_rule(preset => 'both')
),
scores AS (
    SELECT
        names.preset,
        accuracy(names.label, names.rule) AS accuracy,
        balanced_accuracy(names.label, names.rule) AS balanced_accuracy,
        kappa(names.label, names.rule) AS kappa
    FROM draws
    JOIN names ON names.name_no = draws.name_no
    GROUP BY names.preset, draws.resample
),
measured AS (
    SELECT preset, 1 AS line, 'accuracy' AS score, accuracy(label, rule) AS value FROM names GROUP BY preset
    UNION ALL
    SELECT preset, 2, 'balanced accuracy', balanced_accuracy(label, rule) FROM names GROUP BY preset
    UNION ALL
    SELECT preset, 3, 'kappa', kappa(label, rule) FROM names GROUP BY preset
),
resampled AS (
    SELECT preset, 1 AS line, accuracy AS value FROM scores
    UNION ALL
    SELECT preset, 2, balanced_accuracy FROM scores
    UNION ALL
    SELECT preset, 3, kappa FROM scores
)
SELECT
    measured.preset,
    measured.score,
    round(measured.value, 3) AS value,
    round(quantile_cont(resampled.value, (1 - $level) / 2), 2) AS low,
    round(quantile_cont(resampled.value, (1 + $level) / 2), 2) AS high,
    round(stddev(resampled.value), 3) AS standard_error,
    count(*) AS resamples
FROM measured
JOIN resampled ON resampled.preset = measured.preset AND resampled.line = measured.line
GROUP BY measured.preset, measured.line, measured.score, measured.value
ORDER BY measured.preset DESC, measured.line;
