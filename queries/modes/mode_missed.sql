-- name: mode_missed
-- title: Names whose label the rule misses, under either reading of what a city is
-- expect: unique (place)
-- expect: missed_by in ('paper', 'legal_city', 'both')
-- source: paper, Table 3; the rule is that of mode_by_rule with its defaults
-- missed_by is both where neither reading meets the label: twelve names, which no change of catalogue brings in.
-- own_side and foreign_side are of the preset paper, within the 150 km that the table cities reaches. Mudanjiang is an airport and has no
-- crossing. Jimunai and Wanting are towns labelled as cities. Qarasu is Horgos, as GeoNames has it.
WITH ruled AS (
    SELECT
        place,
        min(label) AS label,
        max(rule) FILTER (WHERE preset = 'paper') AS rule_paper,
        max(rule) FILTER (WHERE preset = 'legal_city') AS rule_legal_city,
        max(margin_percent) FILTER (WHERE preset = 'paper') AS margin_paper,
        max(margin_percent) FILTER (WHERE preset = 'legal_city') AS margin_legal_city,
        max(CASE WHEN own_km > 150 THEN 'none within 150 km' ELSE concat(own_km, ' km to ', own_city) END)
            FILTER (WHERE preset = 'paper') AS own_side,
        max(CASE WHEN foreign_km > 150 THEN 'none within 150 km' ELSE concat(foreign_km, ' km to ', foreign_city) END)
            FILTER (WHERE preset = 'paper') AS foreign_side
    FROM queries.mode_by_rule(preset => 'both')
    GROUP BY place
),
missed AS (
    SELECT
        *,
        rule_paper IS NOT DISTINCT FROM label AS paper_agrees,
        rule_legal_city IS NOT DISTINCT FROM label AS legal_city_agrees
    FROM ruled
)
SELECT
    place,
    label,
    CASE WHEN paper_agrees THEN 'legal_city' WHEN legal_city_agrees THEN 'paper' ELSE 'both' END AS missed_by,
    rule_paper,
    rule_legal_city,
    margin_paper AS margin_percent_paper,
    margin_legal_city AS margin_percent_legal_city,
    own_side,
    foreign_side
FROM missed
WHERE NOT (paper_agrees AND legal_city_agrees)
ORDER BY missed_by, label DESC, place;
