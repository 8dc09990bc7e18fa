-- name: table1
-- title: Table 1 of the paper beside the ports counted here, by region and type of transport
-- expect: rows = 5
-- expect: unique (region)
-- expect: ports = air + railway + road + river
-- source: paper, Table 1
-- A column without a suffix is printed; one that ends in _counted comes from the table ports.
WITH counts AS (
    SELECT
        CASE WHEN grouping(region) = 1 THEN 'Total' ELSE region END AS region,
        count(*) AS ports,
        count(*) FILTER (WHERE type = 'air') AS air,
        count(*) FILTER (WHERE type = 'rail') AS railway,
        count(*) FILTER (WHERE type = 'road') AS road,
        count(*) FILTER (WHERE type = 'river') AS river
    FROM ports
    GROUP BY ROLLUP (region)
)
SELECT
    printed.region,
    printed.ports,
    counts.ports AS ports_counted,
    counts.ports - printed.ports AS difference,
    printed.air,
    counts.air AS air_counted,
    printed.railway,
    counts.railway AS railway_counted,
    printed.road,
    counts.road AS road_counted,
    printed.river,
    counts.river AS river_counted,
    printed.cargo_percent,
    printed.people_percent
FROM paper.table1 AS printed
JOIN counts ON counts.region = replace(printed.region, ' China', '')
ORDER BY printed.is_total, printed.ports DESC;
