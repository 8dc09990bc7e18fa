-- name: stages_by_type
-- title: Ports opened in each of the four stages, by type of transport, beside the counts of the paper
-- source: paper, sections 2.1.1 to 2.1.4
-- The stage follows from the year; where the year is not known (ports less dated), from opened_stage.
WITH staged AS (
    SELECT coalesce(port_stage(opened_year), opened_stage) AS stage, type, opened_year
    FROM ports
),
counts AS (
    SELECT
        stage,
        count(*) AS ports,
        count(opened_year) AS dated,
        count(*) FILTER (WHERE type = 'rail') AS rail,
        count(*) FILTER (WHERE type = 'road') AS road,
        count(*) FILTER (WHERE type = 'river') AS river,
        count(*) FILTER (WHERE type = 'air') AS air
    FROM staged
    GROUP BY stage
),
printed AS (
    SELECT stage_no, port_stage(year_to) AS stage, ports
    FROM paper.openings
    WHERE kind = 'stage' AND port_type = 'all' AND country = 'all' AND province = 'all'
)
SELECT
    counts.stage,
    printed.ports AS ports_printed,
    counts.ports AS ports_counted,
    counts.ports - printed.ports AS difference,
    counts.dated,
    counts.rail,
    counts.road,
    counts.river,
    counts.air
FROM counts
JOIN printed ON printed.stage = counts.stage
ORDER BY printed.stage_no;
