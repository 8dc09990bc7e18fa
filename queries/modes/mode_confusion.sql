-- name: mode_confusion
-- title: Labels of Table 3 (rows) against the modes of the distance rule (columns)
-- param: preset text = 'paper' in ('paper', 'legal_city') -- what a city is: 20,000 or more inhabitants, or a city by law
-- param: urban_km double = 20 between 0 and 1000 -- a port this near to a city lies in it
-- param: hinterland_km double = 150 between 0 and 1000 -- a city this near is a hinterland
-- param: require text = 'both' in ('both', 'own', 'either') -- on which sides a hinterland city must lie
-- source: paper, section 3 and Table 3; the rule is that of mode_by_rule
-- example: preset=legal_city
WITH residents AS (
    -- people the text gives to a city at the port, where the catalogue is older: Alashankou
    SELECT cases.port AS place, cities.lon, cities.lat, cases.number AS population
    FROM paper.cases AS cases
    JOIN cities ON cities.name = cases.port AND cities.country = 'China'
    WHERE cases.attribute = 'residents' AND cases.number >= 20000
),
labelled AS (
    SELECT
        table3.place, table3.mode, ports.port_id, ports.neighbour_country,
        nearest_city(ports.lon, ports.lat, 'China', 20000) AS own,
        nearest_city(ports.lon, ports.lat, ports.neighbour_country, 20000) AS far,
        residents.population AS resident_population,
        geodesic_km(ports.lon, ports.lat, residents.lon, residents.lat) AS resident_km,
        own_side.city_km AS own_legal_km,
        far_side.city_km AS far_legal_km
    FROM paper.table3 AS table3
    JOIN ports ON ports.place = table3.place
    JOIN port_settlements AS own_side ON own_side.port_id = ports.port_id AND own_side.side = 'own'
    LEFT JOIN port_settlements AS far_side ON far_side.port_id = ports.port_id AND far_side.side = 'foreign'
    LEFT JOIN residents ON residents.place = ports.place
),
measured AS (
    SELECT
        'paper' AS preset, place, mode, port_id, neighbour_country,
        CASE WHEN resident_km <= own['km'] THEN resident_km ELSE own['km'] END AS own_km,
        far['km'] AS far_km,
        CASE WHEN resident_km <= own['km'] THEN resident_population ELSE CAST(own['population'] AS DOUBLE) END AS own_population,
        CAST(far['population'] AS DOUBLE) AS far_population
    FROM labelled
    UNION ALL
    SELECT 'legal_city', place, mode, port_id, neighbour_country, own_legal_km, far_legal_km, NULL, NULL
    FROM labelled
),
ruled AS (
    SELECT
        preset, mode AS label,
        port_mode(
            own_km, CASE WHEN neighbour_country IS NULL THEN CAST('Infinity' AS DOUBLE) ELSE far_km END,
            own_population, far_population, $urban_km, $hinterland_km, 20000, 20000, $require
        ) AS rule,
        row_number() OVER (PARTITION BY preset, place ORDER BY own_km, port_id) AS choice
    FROM measured
),
names AS (
    SELECT preset, label, rule FROM ruled WHERE choice = 1
)
SELECT
    label,
    count(*) FILTER (WHERE rule = 'PP') AS rule_pp,
    count(*) FILTER (WHERE rule = 'CPPC') AS rule_cppc,
    count(*) FILTER (WHERE rule = 'CPC') AS rule_cpc,
    count(*) FILTER (WHERE rule = 'CC') AS rule_cc,
    count(*) AS names
FROM names
WHERE preset = $preset
GROUP BY label
ORDER BY CASE label WHEN 'PP' THEN 1 WHEN 'CPPC' THEN 2 WHEN 'CPC' THEN 3 ELSE 4 END;
