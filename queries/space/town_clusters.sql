-- name: town_clusters
-- title: Whether large border towns lie near large ones, on either side of the border
-- source: paper, section 3.1 (towns and cities near the ports); tables ports, port_settlements
-- One row per place, however many ports it has: a road and a rail port of one town would be alike by themselves.
-- moran_i above 0 says that towns of like size lie near one another; p_shuffled is the chance of that.
-- param: neighbours integer = 4 between 1 and 20 -- how many nearest places count as neighbours
-- example: neighbours=4
WITH towns AS (
    SELECT side, place AS port_place, avg(lon) AS lon, avg(lat) AS lat, max(urban_population) AS people
    FROM (
        SELECT side, ports.place, lon, lat, urban_population
        FROM port_settlements JOIN ports USING (port_id)
        WHERE urban_population > 0
    )
    GROUP BY side, place
),
measured AS (
    SELECT
        side,
        count(*) AS places,
        moran_i(ln(people), lon, lat, concat('knn:', $neighbours), permutations => 999) AS moran
    FROM towns
    GROUP BY side
)
SELECT
    side,
    places,
    round(moran['i'], 4) AS moran_i,
    round(moran['ei'], 4) AS expected_i,
    round(moran['z_rand'], 2) AS z,
    moran['p_sim'] AS p_shuffled
FROM measured
ORDER BY side;
