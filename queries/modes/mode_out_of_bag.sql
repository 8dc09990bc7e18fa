-- name: mode_out_of_bag
-- title: What the mode rule is worth for names that were not drawn: thresholds chosen on a bootstrap sample, asked of the rest
-- param: resamples integer = 100 between 20 and 1000 -- how many times 54 names are drawn
-- param: sizes text = 'one' in ('one', 'two') -- one least number of inhabitants for city and hinterland, or two free of each other
-- param: seed integer = 1 between 0 and 1000000 -- another seed draws other names; the same draws the same on every machine
-- param: level double = 0.95 between 0.5 and 0.999 -- share of resamples inside the interval
-- expect: rows = 6
-- expect: unique (preset, score)
-- expect: low <= mean and mean <= high
-- source: Efron (1983), bootstrap error of a prediction rule; thresholds, rule and labels are those of mode_grid; paper, Table 3
-- In each resample as many names are drawn with replacement from each mode as have its label. The thresholds of the highest kappa among
-- the names drawn are then asked of those that were not, some 19 of 54. Of equal points the first counts: the nearest and the smallest.
-- The mean of 100 resamples is known to about .01. An independent run (400 resamples, 2,268 points) has .677/.662/.540 for paper and
-- .712/.698/.583 for legal_city; sizes=two resamples=200 comes to .684/.679/.553 and .716/.699/.589. Two sizes to choose only cost.
WITH grid AS (
    SELECT * FROM queries.mode_grid(name => 'all', sizes => $sizes)
),
labels AS (
    SELECT
        row_no,
        mode,
        row_number() OVER (PARTITION BY mode ORDER BY row_no) AS no_in_mode,
        count(*) OVER (PARTITION BY mode) AS names
    FROM paper.table3
),
bags AS (
    SELECT draws.resample, picked.row_no, count(*) AS times
    FROM queries.mode_draws(resamples => $resamples, seed => $seed) AS draws
    JOIN labels ON labels.row_no = draws.draw
    JOIN labels AS picked ON picked.mode = labels.mode AND picked.no_in_mode = draws.number % labels.names + 1
    GROUP BY draws.resample, picked.row_no
),
fits AS (
    -- each label is drawn as often as it is there, so that agreement by chance is the mean share of the labels that are answered
    SELECT
        bags.resample,
        grid.preset,
        grid.point,
        sum(CASE WHEN grid.rule = grid.label THEN bags.times ELSE 0 END) / 54.0 AS agree,
        sum(bags.times * grid.labelled_as_ruled) / (54.0 * 54.0) AS by_chance
    FROM bags
    JOIN grid ON grid.row_no = bags.row_no
    GROUP BY bags.resample, grid.preset, grid.point
),
chosen AS (
    -- rounded, so that equal points are equal
    SELECT resample, preset, point
    FROM fits
    QUALIFY row_number() OVER (PARTITION BY resample, preset ORDER BY round((agree - by_chance) / (1 - by_chance), 9) DESC, point) = 1
),
scores AS (
    SELECT
        chosen.preset,
        chosen.resample,
        count(*) AS names,
        accuracy(grid.label, grid.rule) AS accuracy,
        balanced_accuracy(grid.label, grid.rule) AS balanced_accuracy,
        kappa(grid.label, grid.rule) AS kappa
    FROM chosen
    JOIN grid ON grid.preset = chosen.preset AND grid.point = chosen.point
    LEFT ANTI JOIN bags ON bags.resample = chosen.resample AND bags.row_no = grid.row_no
    GROUP BY chosen.preset, chosen.resample
),
measured AS (
    SELECT preset, names, unnest([
        {line: 1, score: 'accuracy', value: accuracy},
        {line: 2, score: 'balanced accuracy', value: balanced_accuracy},
        {line: 3, score: 'kappa', value: kappa}
    ]) AS measure
    FROM scores
)
SELECT
    preset,
    measure['score'] AS score,
    round(avg(measure['value']), 3) AS mean,
    round(quantile_cont(measure['value'], (1 - $level) / 2), 2) AS low,
    round(quantile_cont(measure['value'], (1 + $level) / 2), 2) AS high,
    round(avg(names), 1) AS names_asked,
    count(*) AS resamples
FROM measured
GROUP BY preset, measure['line'], measure['score']
ORDER BY preset DESC, measure['line'];
