-- name: mode_by_rule
-- title: The mode that the distance rule gives each name of Table 3, beside the label of the paper
-- param: preset text = 'paper' in ('paper', 'legal_city') -- what a city is: 20,000 or more inhabitants, or a city by law
-- param: urban_km double = 20 between 0 and 1000 -- a port this near to a city lies in it
-- param: hinterland_km double = 150 between 0 and 1000 -- a city this near is a hinterland
-- param: require text = 'both' in ('both', 'own', 'either') -- on which sides a hinterland city must lie
-- source: paper, section 3 and Table 3
-- example: preset=legal_city
-- example: urban_km=25 hinterland_km=50 require=own
-- One row for each name: of several ports at one place, the one nearest to a city on its own side.
-- Of the airports only Mudanjiang is meant (Table 3 names it); nothing lies across its border: +infinity.
WITH residents AS (
    -- people the text gives to a city at the port, where the catalogue is older: Alashankou
    SELECT cases.port AS place, cities.name, cities.lon, cities.lat, CAST(cases.number AS BIGINT) AS population
    FROM paper.cases AS cases
    JOIN cities ON cities.name = cases.port AND cities.country = 'China'
    WHERE cases.attribute = 'residents' AND cases.number >= 20000
),
labelled AS (
    SELECT
        table3.row_no, table3.place, table3.mode, ports.port_id, ports.neighbour_country,
        nearest_city(ports.lon, ports.lat, 'China', 20000) AS own,
        nearest_city(ports.lon, ports.lat, ports.neighbour_country, 20000) AS far,
        residents.name AS resident_city, residents.population AS resident_population,
        geodesic_km(ports.lon, ports.lat, residents.lon, residents.lat) AS resident_km,
        own_side.city AS own_legal, own_side.city_km AS own_legal_km, own_side.city_population AS own_legal_population,
        far_side.city AS far_legal, far_side.city_km AS far_legal_km, far_side.city_population AS far_legal_population
    FROM paper.table3 AS table3
    JOIN ports ON ports.place = table3.place
    JOIN port_settlements AS own_side ON own_side.port_id = ports.port_id AND own_side.side = 'own'
    LEFT JOIN port_settlements AS far_side ON far_side.port_id = ports.port_id AND far_side.side = 'foreign'
    LEFT JOIN residents ON residents.place = ports.place
),
measured AS (
    SELECT
        row_no, place, mode, port_id,
        CASE WHEN resident_km <= own['km'] THEN resident_city ELSE own['name'] END AS own_city,
        CASE WHEN resident_km <= own['km'] THEN resident_km ELSE own['km'] END AS own_km,
        CASE WHEN resident_km <= own['km'] THEN resident_population ELSE own['population'] END AS own_population,
        far['name'] AS far_city,
        CASE WHEN neighbour_country IS NULL THEN CAST('Infinity' AS DOUBLE) ELSE far['km'] END AS far_km,
        far['population'] AS far_population
    FROM labelled
    WHERE $preset = 'paper'
    UNION ALL
    SELECT
        row_no, place, mode, port_id,
        own_legal, own_legal_km, own_legal_population,
        far_legal, CASE WHEN neighbour_country IS NULL THEN CAST('Infinity' AS DOUBLE) ELSE far_legal_km END,
        far_legal_population
    FROM labelled
    WHERE $preset = 'legal_city'
),
ruled AS (
    SELECT
        *,
        port_mode(
            own_km, far_km,
            CASE WHEN $preset = 'paper' THEN own_population END,
            CASE WHEN $preset = 'paper' THEN far_population END,
            $urban_km, $hinterland_km, 20000, 20000, $require
        ) AS rule,
        row_number() OVER (PARTITION BY place ORDER BY own_km, port_id) AS choice
    FROM measured
)
SELECT
    place,
    mode AS label,
    rule,
    rule = mode AS agrees,
    own_city,
    round(own_km, 1) AS own_km,
    CAST(own_population AS BIGINT) AS own_population,
    far_city AS foreign_city,
    round(far_km, 1) AS foreign_km,
    CAST(far_population AS BIGINT) AS foreign_population
FROM ruled
WHERE choice = 1
ORDER BY row_no;
