-- name: opening_counts
-- title: Every number of openings that the paper prints for a period, beside the ports dated here
-- expect: rows = 33
-- expect: ports_printed is not null
-- source: paper, sections 2.1.1 to 2.1.4, as table paper.openings; tables ports and port_countries
-- ports_dated have a year in the period; ports_by_stage adds, for whole stages, those of which only the stage is known.
-- A port open to two countries counts for both. The war of 1950 to 1953 is counted in whole years.
WITH opened AS (
    SELECT
        ports.port_id, ports.type, ports.province, ports.opened_year,
        coalesce(port_stage_no(ports.opened_year), port_stage_no(ports.opened_stage)) AS stage_no
    FROM ports
),
counts AS (
    SELECT
        openings.row_no,
        count(DISTINCT opened.port_id) FILTER (
            WHERE opened.opened_year BETWEEN coalesce(openings.year_from, 1000) AND openings.year_to
        ) AS ports_dated,
        count(DISTINCT opened.port_id) FILTER (WHERE opened.stage_no = openings.stage_no) AS ports_of_stage
    FROM paper.openings AS openings
    JOIN opened
        ON (openings.port_type = 'all' OR opened.type = CASE openings.port_type WHEN 'railway' THEN 'rail' ELSE openings.port_type END)
        AND (openings.province = 'all' OR opened.province = openings.province)
    LEFT JOIN port_countries
        ON port_countries.port_id = opened.port_id AND port_countries.country = openings.country
    WHERE openings.country = 'all' OR port_countries.country IS NOT NULL
    GROUP BY openings.row_no
)
SELECT
    openings.year_from,
    openings.year_to,
    openings.port_type,
    openings.country,
    openings.province,
    openings.ports AS ports_printed,
    coalesce(counts.ports_dated, 0) AS ports_dated,
    CASE
        WHEN openings.stage_no = 1 AND openings.year_from = openings.year_to THEN NULL
        WHEN openings.kind IN ('peak', 'sub', 'event') THEN NULL
        ELSE coalesce(counts.ports_of_stage, 0)
    END AS ports_by_stage
FROM paper.openings AS openings
LEFT JOIN counts ON counts.row_no = openings.row_no
ORDER BY openings.row_no;
