-- name: recomputed_places_by_port
-- title: Where the named places lie, how far and how large they are, and what other sources date
-- source: paper, sections 2.1.1, 2.3, 3.2 to 3.4, Table 3; tables ports, cities, port_events, port_settlements, sources, paper.table3
-- expect: unique (claim_id)
-- expect: complete is not null
-- Provinces and countries are those of ports, distances WGS84 geodesics. complete is false for populations, because GeoNames
-- does not say of which year they are, and for years that no official document gives. Years that rest on the paper itself are
-- left out.
WITH named AS (
    SELECT
        max(province) FILTER (WHERE place = 'Shiwei') AS shiwei,
        max(province) FILTER (WHERE place = 'Hekou') AS hekou,
        string_agg(DISTINCT province, ', ') FILTER (WHERE place IN ('Dongxing', 'Youyiguan')) AS gates,
        count(*) FILTER (WHERE place = 'Mudanjiang' AND neighbour_country IS NOT NULL) AS mudanjiang_crossings
    FROM ports
),
cppc AS (
    SELECT
        count(DISTINCT table3.place) AS names,
        count(DISTINCT table3.place) FILTER (WHERE ports.region = 'Northwest') AS northwest,
        count(DISTINCT table3.place) FILTER (WHERE ports.province IN ('Xinjiang', 'Tibet', 'Gansu', 'Inner Mongolia', 'Yunnan', 'Guangxi'))
            AS west
    FROM paper.table3 AS table3
    JOIN ports ON ports.place = table3.place
    WHERE table3.mode = 'CPPC'
),
words AS (
    SELECT unnest([
        {claim_id: 'C186', recomputed: NULL, word: concat('China (', gates, ')'), how: 'province in ports'},
        {claim_id: 'C195', recomputed: NULL, word: shiwei, how: 'province in ports'},
        {claim_id: 'C196', recomputed: NULL, word: hekou, how: 'province in ports'},
        {
            claim_id: 'C197', recomputed: 1.0 * mudanjiang_crossings,
            word: CASE WHEN mudanjiang_crossings = 0 THEN 'not CC' ELSE 'CC' END,
            how: 'Mudanjiang has an airport and no crossing: there is no city across a border'
        },
        {
            claim_id: 'C204', recomputed: 1.0 * northwest / names,
            word: CASE WHEN 2 * northwest > names THEN 'majority' ELSE 'minority' END,
            how: concat(northwest, ' of ', names, ' CPPC names lie in our Northwest')
        },
        {
            claim_id: 'C205', recomputed: 1.0 * west / names, word: CASE WHEN 2 * west > names THEN 'majority' ELSE 'minority' END,
            how: concat(west, ' of ', names, ' CPPC names lie in provinces of the Western Development Strategy')
        }
    ]) AS line
    FROM named CROSS JOIN cppc
),
hinterlands AS (
    SELECT min(geodesic_km(ports.lon, ports.lat, cities.lon, cities.lat)) AS km
    FROM ports
    JOIN cities ON cities.name = 'Kashgar' AND cities.country = 'China' OR cities.name = 'Naryn' AND cities.country = 'Kyrgyzstan'
    WHERE ports.port_id = 'torugart-road'
),
people AS (
    SELECT
        1.0 * max(population) FILTER (WHERE name = 'Alashankou') AS alashankou,
        1.0 * max(population) FILTER (WHERE name = 'Heihe') AS heihe,
        1.0 * max(population) FILTER (WHERE name = 'Blagoveshchensk') AS blagoveshchensk
    FROM cities
),
populations AS (
    SELECT unnest([
        {claim_id: 'C227', recomputed: alashankou, word: NULL},
        {claim_id: 'C231', recomputed: heihe, word: NULL},
        {claim_id: 'C232', recomputed: blagoveshchensk, word: NULL},
        {
            claim_id: 'C233', recomputed: least(heihe, blagoveshchensk) / greatest(heihe, blagoveshchensk),
            word: CASE WHEN least(heihe, blagoveshchensk) >= 0.8 * greatest(heihe, blagoveshchensk) THEN 'similar' ELSE 'different' END
        }
    ]) AS line
    FROM people
),
dated AS (
    SELECT
        claims_of.claim_id,
        claims_of.relation,
        port_events.year,
        sources.kind = 'official document' AS complete,
        concat(port_events.event, ' according to ', port_events.source_id, ' (', sources.kind, ')') AS how
    FROM (VALUES ('C021', 'kaishantun-road', 'opened', 'equal'), ('C219', 'alashankou-rail', 'approved', 'at least'))
        AS claims_of(claim_id, port_id, event, relation)
    JOIN port_events ON port_events.port_id = claims_of.port_id AND port_events.event = claims_of.event
    JOIN sources ON sources.source_id = port_events.source_id
    WHERE sources.source_id NOT LIKE 'paper%'
)
SELECT
    line['claim_id'] AS claim_id, 'equal' AS relation, line['recomputed'] AS recomputed,
    NULL AS low, NULL AS high, line['word'] AS recomputed_text, true AS complete, line['how'] AS how
FROM words
UNION ALL
SELECT 'C213', 'at most', km, NULL, NULL, NULL, true, 'the nearer of Kashgar and Naryn, in a straight line from the port' FROM hinterlands
UNION ALL
SELECT
    line['claim_id'], 'equal', line['recomputed'], NULL, NULL, line['word'], false,
    'inhabitants according to GeoNames, of an unknown year'
FROM populations
UNION ALL
SELECT claim_id, relation, year, NULL, NULL, NULL, complete, how FROM dated
ORDER BY claim_id;
