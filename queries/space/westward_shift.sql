-- name: westward_shift
-- title: Mean centre of the ports opened in each stage, and how far and in which direction it moved
-- source: paper, section 2.1.3 (the turn to the west); table ports
-- The stage follows from the year; where the year is not known (ports less dated), from opened_stage.
-- spread_km is the standard distance of the ports from their centre; the first stage has two ports only.
WITH staged AS (
    SELECT coalesce(port_stage(opened_year), opened_stage) AS stage, opened_year, lon, lat
    FROM ports
    WHERE lon IS NOT NULL AND lat IS NOT NULL
),
centers AS (
    SELECT
        stage,
        port_stage_no(min(opened_year)) AS stage_no,
        count(*) AS ports,
        mean_center(lon, lat) AS center,
        std_distance(lon, lat) AS spread_km
    FROM staged
    GROUP BY stage
),
moves AS (
    SELECT
        stage,
        stage_no,
        ports,
        spread_km,
        center['lon'] AS lon,
        center['lat'] AS lat,
        lag(center['lon']) OVER (ORDER BY stage_no) AS lon_before,
        lag(center['lat']) OVER (ORDER BY stage_no) AS lat_before
    FROM centers
)
SELECT
    stage,
    ports,
    round(lon, 3) AS center_lon,
    round(lat, 3) AS center_lat,
    round(spread_km, 1) AS spread_km,
    round(geodesic_km(lon_before, lat_before, lon, lat), 1) AS moved_km,
    round(azimuth_deg(lon_before, lat_before, lon, lat), 1) AS toward_deg
FROM moves
ORDER BY stage_no;
