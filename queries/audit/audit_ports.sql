-- name: audit_ports
-- title: The 95 ports as witnesses: when each may have opened, and what about it was assumed
-- source: tables ports, port_events, port_provenance, port_countries, paper.table2
-- expect: rows = 95
-- expect: unique (port_id)
-- expect: year_low <= year_high
-- expect: year between year_low and year_high
-- The base of the recomputations from per-port data. year is the year that counts here (ports.opened_year); year_low and
-- year_high are the years between which the paper's opening may lie: the first and the last approval, opening or reopening
-- that a source dates (certainty low left out); from 1930 where the year that counts is a reopening; the stage where no year is
-- known; 1930 to 2014 where the stage itself was inferred from totals of the paper.
-- The column chosen says that the port is in the list only because a total of the paper needed one; assumed_season, that no
-- source tells its season; country_differs, that our number of ports to its country is not that of Table 2: some are missing,
-- are not in the paper's list, or are filed otherwise.
WITH stages AS (
    -- the four stages, within the years that the paper is about
    SELECT * FROM (VALUES
        ('pre-1949', 1930, 1949), ('1950-1979', 1950, 1979), ('1980-1999', 1980, 1999), ('post-2000', 2000, 2014)
    ) AS stage(stage, stage_from, stage_to)
),
dated AS (
    SELECT
        port_id,
        min(year) AS first_year,
        max(year) AS last_year,
        bool_or(counted AND event = 'reopened') AS counts_reopening
    FROM port_events
    WHERE event IN ('approved', 'opened', 'reopened')
        AND coalesce(certainty, '') <> 'low'
        AND NOT (event = 'reopened' AND country IS NOT NULL)
    GROUP BY port_id
),
doubts AS (
    SELECT
        port_id,
        bool_or(source_id = 'paper-inferred') FILTER (WHERE field = 'identity') AS chosen,
        bool_or(source_id = 'paper-inferred') FILTER (WHERE field = 'opened_stage') AS inferred_stage,
        bool_or(source_id IN ('inferred-remainder', 'paper-inferred', 'background')) FILTER (WHERE field = 'season') AS assumed_season
    FROM port_provenance
    GROUP BY port_id
),
printed AS (
    SELECT coalesce(countries.country, table2.country) AS country, table2.ports
    FROM paper.table2 AS table2
    LEFT JOIN countries ON countries.name_in_table2 = table2.country
),
counted AS (
    SELECT neighbour_country AS country, count(*) AS ports FROM ports WHERE neighbour_country IS NOT NULL GROUP BY neighbour_country
)
SELECT
    ports.port_id,
    ports.place,
    CASE ports.type WHEN 'rail' THEN 'railway' ELSE ports.type END AS port_type,
    ports.province,
    CASE ports.region WHEN 'Others' THEN ports.region ELSE concat(ports.region, ' China') END AS region,
    ports.neighbour_country AS country,
    ports.season,
    ports.open_to_third_country,
    ports.opened_year AS year,
    stages.stage_from,
    stages.stage_to,
    CASE
        WHEN coalesce(dated.counts_reopening, false) OR coalesce(doubts.inferred_stage, false) THEN 1930
        ELSE coalesce(CASE WHEN ports.opened_year > 0 THEN dated.first_year END, stages.stage_from)
    END AS year_low,
    CASE
        WHEN coalesce(doubts.inferred_stage, false) THEN 2014
        ELSE coalesce(CASE WHEN ports.opened_year > 0 THEN dated.last_year END, stages.stage_to)
    END AS year_high,
    coalesce(doubts.chosen, false) AS chosen,
    coalesce(doubts.assumed_season, false) AS assumed_season,
    coalesce(counted.ports <> printed.ports, false) AS country_differs
FROM ports
JOIN stages ON stages.stage = ports.opened_stage
LEFT JOIN dated ON dated.port_id = ports.port_id
LEFT JOIN doubts ON doubts.port_id = ports.port_id
LEFT JOIN counted ON counted.country = ports.neighbour_country
LEFT JOIN printed ON printed.country = ports.neighbour_country
ORDER BY ports.port_id;
