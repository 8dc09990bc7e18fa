-- name: mode_inputs
-- title: What the mode rule is given for each port: the nearest city on both sides, by size and by law
-- param: min_population integer = 20000 between 0 and 100000000 -- inhabitants that make a city, for the preset paper
-- expect: columns (preset text, place text, port_id text, type text, row_no bigint, label text, stands_for_name boolean, least_people integer, own_city text, own_km double, own_population bigint, foreign_city text, foreign_km double, foreign_population bigint, own_override text, foreign_override text)
-- expect: rows = 176
-- expect: unique (preset, port_id)
-- expect: label in ('PP', 'CPPC', 'CPC', 'CC')
-- expect: own_km >= 0 and foreign_km >= 0
-- source: paper, section 3 and Table 3; tables ports, cities, port_settlements, mode_overrides
-- example: min_population=40000
-- One row for each port and preset. paper: the nearest place of at least min_population inhabitants in cities, unless mode_overrides
-- gives another with its source. legal_city: the nearest city by law in port_settlements, inhabitants not asked. Left out are the
-- airports but Mudanjiang, which Table 3 names: nothing lies across its border, +infinity. A NULL distance is not known.
-- cities reaches 150 km from the ports, so what paper names beyond that is the nearest in the table and may not be the nearest there is.
-- A name of Table 3 can be several ports; stands_for_name is true on the one nearest to a city on its own side.
WITH crossings AS (
    SELECT
        ports.port_id, ports.place, ports.type, ports.neighbour_country, table3.row_no, table3.mode AS label,
        nearest_city(ports.lon, ports.lat, 'China', $min_population) AS own,
        nearest_city(ports.lon, ports.lat, ports.neighbour_country, $min_population) AS far,
        own_side.city AS own_legal, own_side.city_km AS own_legal_km,
        far_side.city AS far_legal, far_side.city_km AS far_legal_km
    FROM ports
    JOIN port_settlements AS own_side ON own_side.port_id = ports.port_id AND own_side.side = 'own'
    LEFT JOIN port_settlements AS far_side ON far_side.port_id = ports.port_id AND far_side.side = 'foreign'
    LEFT JOIN paper.table3 AS table3 ON table3.place = ports.place
),
found AS (
    SELECT
        'paper' AS preset, port_id, place, type, neighbour_country, row_no, label,
        own['name'] AS own_city, own['km'] AS own_km, own['population'] AS own_population,
        far['name'] AS foreign_city, far['km'] AS foreign_km, far['population'] AS foreign_population
    FROM crossings
    UNION ALL
    SELECT
        'legal_city', port_id, place, type, neighbour_country, row_no, label,
        own_legal, own_legal_km, NULL,
        far_legal, far_legal_km, NULL
    FROM crossings
),
overrides AS (
    SELECT * FROM mode_overrides
    WHERE population IS NULL OR population >= $min_population OR preset = 'legal_city'
),
inputs AS (
    SELECT
        found.preset, found.port_id, found.place, found.type, found.neighbour_country, found.row_no, found.label,
        CASE WHEN own.port_id IS NULL THEN found.own_city ELSE own.city END AS own_city,
        CASE WHEN own.port_id IS NULL THEN found.own_km ELSE own.km END AS own_km,
        CASE WHEN own.port_id IS NULL THEN CAST(found.own_population AS BIGINT) ELSE own.population END AS own_population,
        CASE WHEN far.port_id IS NULL THEN found.foreign_city ELSE far.city END AS foreign_city,
        CASE
            WHEN far.port_id IS NOT NULL THEN far.km
            WHEN found.neighbour_country IS NULL THEN CAST('Infinity' AS DOUBLE)
            ELSE found.foreign_km
        END AS foreign_km,
        CASE WHEN far.port_id IS NULL THEN CAST(found.foreign_population AS BIGINT) ELSE far.population END AS foreign_population,
        own.source_id AS own_override, far.source_id AS foreign_override
    FROM found
    LEFT JOIN overrides AS own ON own.port_id = found.port_id AND own.preset = found.preset AND own.side = 'own'
    LEFT JOIN overrides AS far ON far.port_id = found.port_id AND far.preset = found.preset AND far.side = 'foreign'
)
SELECT
    preset,
    place,
    port_id,
    type,
    row_no,
    label,
    label IS NOT NULL AND row_number() OVER (PARTITION BY preset, place ORDER BY own_km, port_id) = 1 AS stands_for_name,
    $min_population AS least_people,
    own_city,
    round(own_km, 6) AS own_km,
    own_population,
    foreign_city,
    round(foreign_km, 6) AS foreign_km,
    foreign_population,
    own_override,
    foreign_override
FROM inputs
ORDER BY preset DESC, port_id;
