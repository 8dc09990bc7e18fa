-- name: recomputed_openings_by_port
-- title: Openings by period, type, country and province, counted in our list of ports
-- source: paper, sections 2.1.1 to 2.1.4 and 4; tables ports, port_events, port_provenance by way of audit_ports
-- expect: unique (claim_id)
-- expect: complete is not null
-- recomputed counts the ports whose year lies in the period (or whose stage does, where the year is not known); low those
-- that no source places outside, and high those that some source places inside. complete is true where all three agree and
-- our ports to the country are as many as in Table 2. Where they are not, there is no low and no high.
WITH scopes AS (
    SELECT * FROM (VALUES
        ('C020', 1930, 1949, 'ports', NULL, NULL, NULL, NULL),
        ('C024', 1950, 1979, 'ports', NULL, NULL, NULL, NULL),
        ('C025', 1950, 1979, 'ports', 'road', 'North Korea', NULL, NULL),
        ('C026', 1950, 1979, 'ports', 'railway', 'North Korea', NULL, NULL),
        ('C027', 1950, 1979, 'ports', 'railway', 'Russia', NULL, NULL),
        ('C028', 1950, 1979, 'ports', 'road', 'Nepal', NULL, NULL),
        ('C029', 1950, 1979, 'ports', 'road', 'Vietnam', NULL, NULL),
        ('C030', 1950, 1979, 'ports', 'railway', 'Vietnam', NULL, NULL),
        ('C031', 1950, 1979, 'ports', 'road', 'Myanmar', NULL, NULL),
        ('C032', 1950, 1955, 'ports', NULL, NULL, NULL, NULL),
        ('C033', 1950, 1955, 'ports', 'road', NULL, NULL, NULL),
        ('C034', 1950, 1955, 'ports', 'railway', NULL, NULL, NULL),
        ('C035', 1950, 1979, 'ports', 'railway', NULL, NULL, 'Northeast China'),
        ('C040', 1950, 1953, 'ports', NULL, 'North Korea', NULL, NULL),
        ('C041', 1980, 1999, 'ports', NULL, NULL, NULL, NULL),
        ('C042', 1980, 1999, 'ports a year', NULL, NULL, NULL, NULL),
        ('C043', 1982, 1983, 'ports', NULL, NULL, NULL, NULL),
        ('C045', 1989, 1995, 'ports', NULL, NULL, NULL, NULL),
        ('C047', 1989, 1995, 'ports a year', NULL, NULL, NULL, NULL),
        ('C048', 1989, 1995, 'ports', NULL, NULL, 'Heilongjiang', NULL),
        ('C049', 1989, 1995, 'ports', NULL, NULL, 'Xinjiang', NULL),
        ('C050', 1989, 1995, 'ports', NULL, NULL, 'Inner Mongolia', NULL),
        ('C052', 1989, 1995, 'ports', NULL, 'Russia', NULL, NULL),
        ('C053', 1989, 1995, 'ports', NULL, 'Mongolia', NULL, NULL),
        ('C054', 1989, 1995, 'ports', NULL, 'Kazakhstan', NULL, NULL),
        ('C055', 1989, 1995, 'ports', NULL, 'Vietnam', NULL, NULL),
        ('C059', 2000, 2014, 'ports', NULL, NULL, NULL, NULL)
    ) AS scope(claim_id, year_from, year_to, measure, port_type, country, province, region)
),
counted AS (
    SELECT
        scopes.claim_id,
        scopes.country,
        CASE scopes.measure WHEN 'ports a year' THEN 1.0 * (scopes.year_to - scopes.year_from + 1) ELSE 1.0 END AS unit,
        count(*) FILTER (WHERE coalesce(year BETWEEN year_from AND year_to, stage_from >= year_from AND stage_to <= year_to)) AS ports,
        count(*) FILTER (WHERE year_low >= year_from AND year_high <= year_to) AS low,
        count(*) FILTER (WHERE year_low <= year_to AND year_high >= year_from) AS high,
        bool_or(country_differs) AND scopes.country IS NOT NULL AS differs
    FROM scopes
    JOIN queries.audit_ports AS witnesses
        ON (scopes.port_type IS NULL OR scopes.port_type = witnesses.port_type)
        AND (scopes.country IS NULL OR scopes.country = witnesses.country)
        AND (scopes.province IS NULL OR scopes.province = witnesses.province)
        AND (scopes.region IS NULL OR scopes.region = witnesses.region)
    GROUP BY scopes.claim_id, scopes.country, scopes.measure, scopes.year_from, scopes.year_to
),
overall AS (
    SELECT
        count(*) AS all_ports,
        count(year) AS dated,
        array_length(burst_periods(year, 1)) AS peaks,
        count(*) FILTER (WHERE year BETWEEN 1989 AND 1995) AS peak2,
        count(*) FILTER (WHERE year_low >= 1989 AND year_high <= 1995) AS peak2_low,
        count(*) FILTER (WHERE year_low <= 1995 AND year_high >= 1989) AS peak2_high,
        count(*) FILTER (WHERE year BETWEEN 1989 AND 1995 AND province IN ('Heilongjiang', 'Xinjiang', 'Inner Mongolia')) AS peak2_three,
        -- 2000 to 2013
        count(*) FILTER (WHERE year >= 2000) / 14.0 AS a_year,
        count(*) FILTER (WHERE year_low >= 2000) / 14.0 AS a_year_low,
        count(*) FILTER (WHERE year_high >= 2000) / 14.0 AS a_year_high,
        count(DISTINCT country) FILTER (WHERE year >= 2000) AS countries,
        count(DISTINCT country) FILTER (WHERE year_low >= 2000) AS countries_low,
        count(DISTINCT country) FILTER (WHERE year_high >= 2000) AS countries_high
    FROM queries.audit_ports
),
lines AS (
    SELECT unnest([
        {
            claim_id: 'C046', recomputed: 1.0 * peak2 / all_ports, low: 1.0 * peak2_low / all_ports,
            high: 1.0 * peak2_high / all_ports,
            word: NULL, complete: peak2_low = peak2_high,
            how: concat(peak2, ' in our list; between ', peak2_low, ' and ', peak2_high, ' by missing years and by sources that differ')
        },
        {
            claim_id: 'C051', recomputed: 1.0 * peak2_three / peak2, low: NULL, high: NULL,
            word: CASE WHEN 2 * peak2_three > peak2 THEN 'majority' ELSE 'minority' END, complete: peak2_high = peak2,
            how: concat(peak2_three, ' of ', peak2, ' dated ports of the period; others are without a year')
        },
        {
            claim_id: 'C058', recomputed: a_year, low: a_year_low, high: a_year_high,
            word: concat(CAST(floor(a_year) AS BIGINT), '-', CAST(ceil(a_year) AS BIGINT)),
            complete: floor(a_year_low) = floor(a_year) AND ceil(a_year_high) = ceil(a_year),
            how: 'dated openings by the years 2000 to 2013'
        },
        {
            claim_id: 'C060', recomputed: countries, low: countries_low, high: countries_high,
            word: NULL, complete: countries_low = countries_high,
            how: concat('countries of the dated ports; between ', countries_low, ' and ', countries_high, ' by missing years and by sources that differ')
        },
        {
            claim_id: 'C243', recomputed: peaks, low: NULL, high: NULL, word: NULL, complete: dated = all_ports,
            how: concat('peaks that burst_periods finds in the ', dated, ' dated of ', all_ports, ' ports')
        }
    ]) AS line
    FROM overall
)
SELECT
    claim_id,
    'equal' AS relation,
    ports / unit AS recomputed,
    CASE WHEN NOT differs THEN low / unit END AS low,
    CASE WHEN NOT differs THEN high / unit END AS high,
    NULL AS recomputed_text,
    NOT differs AND low = high AS complete,
    CASE
        WHEN differs THEN concat(ports, ' in our list; our ports to ', country, ' are not as many as in Table 2')
        WHEN low = high THEN concat(ports, ' in our list, all dated')
        ELSE concat(ports, ' in our list; between ', low, ' and ', high, ' by missing years and by sources that differ')
    END AS how
FROM counted
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], line['low'], line['high'], line['word'], line['complete'], line['how'] FROM lines
ORDER BY claim_id;
