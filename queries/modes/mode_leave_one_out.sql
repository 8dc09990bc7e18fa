-- name: mode_leave_one_out
-- title: The mode each name gets from thresholds chosen without it: leave-one-out over a grid, by name
-- param: sizes text = 'one' in ('one', 'two') -- one least number of inhabitants for city and hinterland, or two free of each other
-- expect: rows = 110
-- expect: unique (preset, place)
-- expect: require in ('both', 'own', 'either')
-- source: Stone (1974), cross-validatory choice; thresholds, rule and labels as in mode_by_rule; paper, Table 3
-- For each name the thresholds are chosen anew, by the kappa of the other 53, and only then is the name asked; rail and road port of
-- one name stay together. The line with place NULL leaves nobody out: the best fit in sample. mode_evaluation adds the scores up.
-- Points: urban 5-40 km, hinterland 50-300 km, 20, 40 or 100 thousand inhabitants, a hinterland on both sides, the own or either, and
-- whether a foreign city alone makes CPC: 756, or 2,268 with sizes=two, which gives the same scores; 252 for legal_city, which asks
-- no inhabitants.
-- For paper the points of 200 and 300 km see no more cities than the table has, 150 km from the ports; none of them is ever chosen.
-- Of equal points the first counts: the nearest and the smallest. The rule is spelled out here, because a city at the port and a
-- hinterland of another least size are different places, each with its own distance.
WITH names AS (
    SELECT
        small.preset, small.place, small.row_no, small.label,
        small.own_km AS own_small, small.foreign_km AS foreign_small,
        middle.own_km AS own_middle, middle.foreign_km AS foreign_middle,
        large.own_km AS own_large, large.foreign_km AS foreign_large,
        count(*) OVER (PARTITION BY small.preset) AS names,
        sum(CASE small.label WHEN 'PP' THEN 1 ELSE 0 END) OVER (PARTITION BY small.preset) AS labelled_pp,
        sum(CASE small.label WHEN 'CPPC' THEN 1 ELSE 0 END) OVER (PARTITION BY small.preset) AS labelled_cppc,
        sum(CASE small.label WHEN 'CPC' THEN 1 ELSE 0 END) OVER (PARTITION BY small.preset) AS labelled_cpc,
        sum(CASE small.label WHEN 'CC' THEN 1 ELSE 0 END) OVER (PARTITION BY small.preset) AS labelled_cc
    FROM queries.mode_inputs AS small
    JOIN queries.mode_inputs(min_population => 40000) AS middle ON middle.preset = small.preset AND middle.port_id = small.port_id
    JOIN queries.mode_inputs(min_population => 100000) AS large ON large.preset = small.preset AND large.port_id = small.port_id
    WHERE small.stands_for_name
),
measured AS (
    SELECT
        *,
        ((((u * 6 + h) * 3 + s) * 3 + t) * 3 + q) * 2 + r AS point,
        CASE city_population WHEN 20000 THEN own_small WHEN 40000 THEN own_middle ELSE own_large END AS own_city_km,
        CASE city_population WHEN 20000 THEN foreign_small WHEN 40000 THEN foreign_middle ELSE foreign_large END AS foreign_city_km,
        CASE far_population WHEN 20000 THEN own_small WHEN 40000 THEN own_middle ELSE own_large END AS own_far_km,
        CASE far_population WHEN 20000 THEN foreign_small WHEN 40000 THEN foreign_middle ELSE foreign_large END AS foreign_far_km
    FROM names
    CROSS JOIN (VALUES (0, 5.0), (1, 10.0), (2, 15.0), (3, 20.0), (4, 25.0), (5, 30.0), (6, 40.0)) AS urbans(u, urban_km)
    CROSS JOIN (VALUES (0, 50.0), (1, 75.0), (2, 100.0), (3, 150.0), (4, 200.0), (5, 300.0)) AS hinterlands(h, hinterland_km)
    CROSS JOIN (VALUES (0, 20000), (1, 40000), (2, 100000)) AS cities(s, city_population)
    CROSS JOIN (VALUES (0, 20000), (1, 40000), (2, 100000)) AS far_cities(t, far_population)
    CROSS JOIN (VALUES (0, 'both'), (1, 'own'), (2, 'either')) AS requires(q, require)
    CROSS JOIN (VALUES (0, false), (1, true)) AS reverses(r, reverse)
    WHERE ($sizes = 'two' OR t = s) AND (preset = 'paper' OR (s = 0 AND t = 0))
),
answers AS (
    SELECT
        *,
        CASE
            WHEN own_city_km <= urban_km AND foreign_city_km <= urban_km THEN 'CC'
            WHEN own_city_km <= urban_km THEN 'CPC'
            WHEN foreign_city_km <= urban_km THEN CASE WHEN reverse THEN 'CPC' ELSE 'CPPC' END
            WHEN CASE require
                WHEN 'both' THEN own_far_km <= hinterland_km AND foreign_far_km <= hinterland_km
                WHEN 'own' THEN own_far_km <= hinterland_km
                ELSE own_far_km <= hinterland_km OR foreign_far_km <= hinterland_km
            END THEN 'CPPC'
            ELSE 'PP'
        END AS rule
    FROM measured
),
counted AS (
    SELECT
        *,
        CASE WHEN rule = label THEN 1 ELSE 0 END AS agrees,
        CASE rule WHEN 'PP' THEN labelled_pp WHEN 'CPPC' THEN labelled_cppc WHEN 'CPC' THEN labelled_cpc ELSE labelled_cc END AS labelled_as_ruled,
        sum(CASE rule WHEN 'PP' THEN 1 ELSE 0 END) OVER point AS ruled_pp,
        sum(CASE rule WHEN 'CPPC' THEN 1 ELSE 0 END) OVER point AS ruled_cppc,
        sum(CASE rule WHEN 'CPC' THEN 1 ELSE 0 END) OVER point AS ruled_cpc,
        sum(CASE rule WHEN 'CC' THEN 1 ELSE 0 END) OVER point AS ruled_cc,
        sum(CASE WHEN rule = label THEN 1 ELSE 0 END) OVER point AS agree
    FROM answers
    WINDOW point AS (PARTITION BY preset, point)
),
-- chance: the sum over modes of names so labelled times names so ruled; both it and agree lose what the name left out put in
folds AS (
    SELECT
        *,
        names - out AS n,
        agree - out * agrees AS fold_agree,
        ruled_pp * labelled_pp + ruled_cppc * labelled_cppc + ruled_cpc * labelled_cpc + ruled_cc * labelled_cc
            - out * (
                labelled_as_ruled - agrees
                + CASE label WHEN 'PP' THEN ruled_pp WHEN 'CPPC' THEN ruled_cppc WHEN 'CPC' THEN ruled_cpc ELSE ruled_cc END
            ) AS chance
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
