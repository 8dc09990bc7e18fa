-- name: mode_leave_one_out
-- title: The mode each name gets from thresholds chosen without it: leave-one-out over a grid, by name
-- param: sizes text = 'one' in ('one', 'two') -- one least number of inhabitants for city and hinterland, or two free of each other
-- expect: rows = 110
-- expect: unique (preset, place)
-- expect: require in ('both', 'own', 'either')
-- source: Stone (1974), cross-validatory choice; thresholds, rule and labels are those of mode_grid; paper, Table 3
-- For each name the thresholds are chosen anew, by the kappa of the other 53, and only then is the name asked; rail and road port of
-- one name stay together. The line with place NULL leaves nobody out: the best fit in sample. mode_evaluation adds the scores up.
-- Of equal points the first counts: the nearest and the smallest. sizes=two gives the same scores.
WITH counted AS (
    SELECT
        *,
        CASE WHEN rule = label THEN 1 ELSE 0 END AS agrees,
        count(*) OVER point AS names,
        sum(CASE WHEN rule = label THEN 1 ELSE 0 END) OVER point AS agree,
        -- the sum over modes of names so labelled times names so ruled
        sum(labelled_as_ruled) OVER point AS by_chance,
        CASE label
            WHEN 'PP' THEN sum(CASE rule WHEN 'PP' THEN 1 ELSE 0 END) OVER point
            WHEN 'CPPC' THEN sum(CASE rule WHEN 'CPPC' THEN 1 ELSE 0 END) OVER point
            WHEN 'CPC' THEN sum(CASE rule WHEN 'CPC' THEN 1 ELSE 0 END) OVER point
            ELSE sum(CASE rule WHEN 'CC' THEN 1 ELSE 0 END) OVER point
        END AS ruled_as_labelled
    FROM queries.mode_grid(name => 'all', sizes => $sizes)
    WINDOW point AS (PARTITION BY preset, point)
),
folds AS (
    -- agreement and chance lose what the name left out put in
    SELECT
        *,
        names - out AS n,
        agree - out * agrees AS fold_agree,
        by_chance - out * (labelled_as_ruled + ruled_as_labelled - agrees) AS chance
    FROM counted
    CROSS JOIN (VALUES (1), (0)) AS leaving(out)
    WHERE out = 1 OR row_no = 1
),
kappas AS (
    -- rounded, so that equal points are equal
    SELECT *, round((1.0 * fold_agree / n - 1.0 * chance / (n * n)) / (1 - 1.0 * chance / (n * n)), 9) AS kappa
    FROM folds
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY preset, out, row_no ORDER BY kappa DESC, point) AS choice
    FROM kappas
)
SELECT
    preset,
    CASE WHEN out = 1 THEN place END AS place,
    CASE WHEN out = 1 THEN label END AS label,
    CASE WHEN out = 1 THEN rule END AS rule,
    CASE WHEN out = 1 THEN rule = label END AS agrees,
    urban_km,
    hinterland_km,
    CASE preset WHEN 'paper' THEN city_population END AS min_population,
    CASE preset WHEN 'paper' THEN far_population END AS hinterland_min_population,
    require,
    reverse,
    round(kappa, 3) AS kappa_of_the_others
FROM ranked
WHERE choice = 1
ORDER BY preset DESC, out, row_no;
