-- name: openings_per_year
-- title: Events per year by type of transport, years without any included
-- param: year_from integer = 1930 between 1000 and 9999 -- first year
-- param: year_to integer = 2014 between 1000 and 9999 -- last year
-- param: event text = 'counted' in ('counted', 'first_use', 'approved', 'opened', 'closed', 'reopened', 'relocated') -- counted = the one event that stands for the opening of a port
-- source: tables port_events and ports; compare Figure 1 of the paper
-- example: year_from=1980 year_to=1999
-- example: event=approved
-- 81 of the 95 ports have a year of opening.
WITH years AS (
    SELECT unnest(generate_series(CAST($year_from AS BIGINT), CAST($year_to AS BIGINT))) AS year
),
events AS (
    SELECT port_events.year, ports.type
    FROM port_events
    JOIN ports ON ports.port_id = port_events.port_id
    WHERE ($event = 'counted' AND port_events.counted) OR port_events.event = $event
),
counts AS (
    SELECT
        years.year,
        count(events.type) AS ports,
        count(*) FILTER (WHERE events.type = 'rail') AS rail,
        count(*) FILTER (WHERE events.type = 'road') AS road,
        count(*) FILTER (WHERE events.type = 'river') AS river,
        count(*) FILTER (WHERE events.type = 'air') AS air
    FROM years
    LEFT JOIN events ON events.year = years.year
    GROUP BY years.year
)
SELECT
    year,
    ports,
    sum(ports) OVER (ORDER BY year) AS so_far,
    rail,
    road,
    river,
    air,
    port_stage(year) AS stage
FROM counts
ORDER BY year;
