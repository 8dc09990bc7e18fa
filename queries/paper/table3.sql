-- name: table3
-- title: Table 3 of the paper beside the ports that its names mean: modes, provinces, types of transport
-- param: mode text = 'all' in ('all', 'PP', 'CPPC', 'CPC', 'CC') -- only the names of this mode
-- source: paper, Table 3
-- example: mode=CC
WITH places AS (
    SELECT
        place,
        min(province) AS province,
        count(*) AS ports,
        string_agg(type, ', ' ORDER BY type) AS types
    FROM ports
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
    places.types
FROM paper.table3 AS printed
JOIN places ON places.place = printed.place
WHERE $mode = 'all' OR printed.mode = $mode
ORDER BY printed.row_no;
