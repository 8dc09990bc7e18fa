-- name: mode_grid
-- title: The mode of each name of Table 3 at every point of a grid of thresholds: what a choice of thresholds is made from
-- param: name text -- a name of Table 3, or all [values: SELECT place FROM paper.table3 UNION ALL SELECT 'all']
-- param: sizes text = 'one' in ('one', 'two') -- one least number of inhabitants for city and hinterland, or two free of each other
-- expect: unique (preset, point, place)
-- expect: rule in ('PP', 'CPPC', 'CPC', 'CC')
-- source: the rule is that of mode_by_rule; paper, section 3 and Table 3
-- example: name=Torugart
-- Points: urban 5-40 km, hinterland 50-300 km, 20, 40 or 100 thousand inhabitants, a hinterland on both sides, the own or either, and
-- whether a foreign city alone makes CPC: 756, or 2,268 with sizes=two; 252 for legal_city, which asks no inhabitants. They are numbered
-- from the nearest and smallest on. For paper the points of 200 and 300 km see no more cities than the table has, 150 km from the ports.
-- The rule is spelled out here, because a city at the port and a hinterland of another least size are different places, each with its own
-- distance. labelled_as_ruled is the number of names that have this answer for a label; kappa needs it.
WITH names AS (
    SELECT
        small.preset, small.place, small.row_no, small.label,
        small.own_km AS own_small, small.foreign_km AS foreign_small,
        middle.own_km AS own_middle, middle.foreign_km AS foreign_middle,
        large.own_km AS own_large, large.foreign_km AS foreign_large
    FROM queries.mode_inputs AS small
    JOIN queries.mode_inputs(min_population => 40000) AS middle ON middle.preset = small.preset AND middle.port_id = small.port_id
    JOIN queries.mode_inputs(min_population => 100000) AS large ON large.preset = small.preset AND large.port_id = small.port_id
    WHERE small.stands_for_name AND $name IN ('all', small.place)
),
labels AS (
    SELECT mode, count(*) AS names FROM paper.table3 GROUP BY mode
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
)
SELECT
    answers.preset,
    answers.point,
    urban_km,
    hinterland_km,
    city_population,
    far_population,
    require,
    reverse,
    place,
    row_no,
    label,
    rule,
    labels.names AS labelled_as_ruled
FROM answers
JOIN labels ON labels.mode = answers.rule
ORDER BY preset DESC, point, row_no;
