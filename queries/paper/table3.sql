-- name: table3
-- title: Table 3 of the paper beside the ports that its names mean and the modes that the distance rule gives them
-- param: mode text = 'all' in ('all', 'PP', 'CPPC', 'CPC', 'CC') -- only the names of this mode
-- expect: unique (row_no)
-- expect: ports_counted >= 1
-- source: paper, Table 3
-- example: mode=CC
-- mode_by_rule takes a place of 20,000 inhabitants for a city, mode_by_legal_city a city by law (mode_by_rule has the distances).
WITH places AS (
    SELECT
        place,
        min(province) AS province,
        count(*) AS ports,
        string_agg(type, ', ' ORDER BY type) AS types
    FROM ports
    GROUP BY place
),
rules AS (
    SELECT
        place,
        max(rule) FILTER (WHERE preset = 'paper') AS mode_by_rule,
        max(rule) FILTER (WHERE preset = 'legal_city') AS mode_by_legal_city
    FROM queries.mode_by_rule(preset => 'both')
    GROUP BY place
)
SELECT
    printed.row_no,
    printed.mode,
    printed.port,
    printed.province_as_printed,
    places.province,
    printed.province_as_printed <> places.province AS province_differs,
    places.ports AS ports_counted,
    places.types,
    rules.mode_by_rule,
    rules.mode_by_legal_city
FROM paper.table3 AS printed
JOIN places ON places.place = printed.place
JOIN rules ON rules.place = printed.place
WHERE $mode = 'all' OR printed.mode = $mode
ORDER BY printed.row_no;
