-- name: region_ports
-- title: The ports of one region, as on its map: type, position and country, and traffic of 2012 where known
-- param: region text in ('Northeast', 'Southwest', 'Northwest', 'Others') -- a region of Table 1
-- expect: unique (port_id)
-- source: paper, section 2.2, Figures 3 to 5 and Table 1; the columns are those of figure2
-- example: region=Others
-- figure3, figure4 and figure5 are this query for the three regions that have a map; the eight other ports have none. The totals of the
-- regions, printed and counted, are in table1 and regions.
SELECT
    port_id,
    type,
    province,
    neighbour_country,
    lon,
    lat,
    stage,
    season,
    mode_printed,
    cargo_1000_tonnes,
    cargo_how,
    people_1000_person_times,
    people_how
FROM queries.figure2
WHERE region = $region
ORDER BY province, port_id;
