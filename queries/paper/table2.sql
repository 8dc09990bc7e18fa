-- name: table2
-- title: Table 2 of the paper beside the ports counted here and the percents recomputed, by country
-- expect: rows = 12
-- expect: unique (country)
-- source: paper, Table 2 (without airports)
-- A port that is open to two countries counts for both: Pulan for Nepal and for India, which Table 2 leaves out.
WITH counts AS (
    SELECT country, count(*) AS ports
    FROM port_countries
    GROUP BY country
),
printed AS (
    SELECT
        countries.country AS name,
        table2.*,
        round(100.0 * cargo_1000_tonnes / sum(cargo_1000_tonnes) OVER (), 1) AS cargo_percent_computed,
        round(100.0 * people_1000_person_times / sum(people_1000_person_times) OVER (), 1) AS people_percent_computed
    FROM paper.table2 AS table2
    JOIN countries ON countries.name_in_table2 = table2.country
)
SELECT
    coalesce(printed.country, counts.country) AS country,
    printed.ports,
    counts.ports AS ports_counted,
    counts.ports - printed.ports AS difference,
    printed.cargo_1000_tonnes,
    printed.cargo_percent,
    printed.cargo_percent_computed,
    printed.people_1000_person_times,
    printed.people_percent,
    printed.people_percent_computed
FROM printed
FULL JOIN counts ON counts.country = printed.name
ORDER BY printed.row_no NULLS LAST;
