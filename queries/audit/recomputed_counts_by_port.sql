-- name: recomputed_counts_by_port
-- title: Ports by type, region, province, country and season, counted in our list of ports
-- source: paper, sections 2.1.4 and 2.2, Tables 1 and 2; tables ports, port_provenance, port_countries by way of audit_ports
-- expect: unique (claim_id)
-- expect: complete is not null
-- The list was compiled with these totals known: complete is false where a port in question was chosen because a total needed
-- one, where its season is assumed, or where our ports to a country in question are not as many as in Table 2. For seasons,
-- low and high say what the assumed ones leave open. A percent is one of all ports, of those of the type or of the region.
WITH scopes AS (
    SELECT * FROM (VALUES
        ('C061', NULL, NULL, NULL, NULL, 'count'), ('C066', NULL, NULL, NULL, NULL, 'count'), ('C087', NULL, NULL, NULL, NULL, 'count'),
        ('C086', NULL, NULL, NULL, NULL, 'count'),
        ('C062', 'road', NULL, NULL, NULL, 'count'), ('C090', 'road', NULL, NULL, NULL, 'count'),
        ('C063', 'river', NULL, NULL, NULL, 'count'), ('C091', 'river', NULL, NULL, NULL, 'count'),
        ('C064', 'railway', NULL, NULL, NULL, 'count'), ('C089', 'railway', NULL, NULL, NULL, 'count'),
        ('C065', 'air', NULL, NULL, NULL, 'count'), ('C088', 'air', NULL, NULL, NULL, 'count'),
        ('C082', NULL, 'Northeast China', NULL, NULL, 'count'), ('C098', NULL, 'Northeast China', NULL, NULL, 'count'),
        ('C083', NULL, 'Southwest China', NULL, NULL, 'count'), ('C109', NULL, 'Southwest China', NULL, NULL, 'count'),
        ('C084', NULL, 'Northwest China', NULL, NULL, 'count'), ('C085', NULL, 'Others', NULL, NULL, 'count'),
        ('C117', NULL, NULL, 'Xinjiang', NULL, 'count'),
        ('C094', NULL, NULL, 'Heilongjiang', NULL, 'count'), ('C095', NULL, NULL, 'Jilin', NULL, 'count'),
        ('C096', NULL, NULL, 'Liaoning', NULL, 'count'), ('C097', NULL, 'Northeast China', 'Inner Mongolia', NULL, 'count'),
        ('C107', NULL, NULL, 'Yunnan', NULL, 'count'), ('C108', NULL, NULL, 'Guangxi', NULL, 'count'),
        ('C100', 'river', 'Northeast China', NULL, NULL, 'count'), ('C102', 'railway', 'Northeast China', NULL, NULL, 'count'),
        ('C112', 'river', 'Southwest China', 'Yunnan', NULL, 'count'),
        ('C075', NULL, NULL, NULL, 'Russia', 'count'), ('C076', NULL, NULL, NULL, 'North Korea', 'count'),
        ('C077', NULL, NULL, NULL, 'Mongolia', 'count'), ('C078', NULL, NULL, NULL, 'Kazakhstan', 'count'),
        ('C101', 'river', 'Northeast China', NULL, NULL, 'percent of type'),
        ('C103', 'railway', 'Northeast China', NULL, NULL, 'percent of type'),
        ('C104', NULL, 'Northeast China', NULL, NULL, 'percent of all'),
        ('C110', NULL, 'Southwest China', NULL, NULL, 'percent of all'),
        ('C118', NULL, NULL, 'Xinjiang', NULL, 'percent of all'),
        ('C111', 'road', 'Southwest China', NULL, NULL, 'percent of region')
    ) AS scope(claim_id, port_type, region, province, country, measure)
),
compared AS (
    -- each port as one of those that a claim counts, and of the whole that a percent is taken of
    SELECT
        scopes.claim_id,
        scopes.measure,
        witnesses.chosen,
        (scopes.port_type IS NULL OR scopes.port_type = witnesses.port_type)
            AND (scopes.region IS NULL OR scopes.region = witnesses.region)
            AND (scopes.province IS NULL OR scopes.province = witnesses.province)
            AND (scopes.country IS NULL OR scopes.country = witnesses.country) AS counts,
        CASE scopes.measure
            WHEN 'percent of type' THEN scopes.port_type = witnesses.port_type
            WHEN 'percent of region' THEN scopes.region = witnesses.region
            ELSE scopes.measure = 'percent of all'
        END AS in_whole,
        scopes.country = witnesses.country AND country_differs AS differs
    FROM scopes CROSS JOIN queries.audit_ports AS witnesses
),
counted AS (
    SELECT
        claim_id,
        measure,
        count(*) FILTER (WHERE counts) AS ports,
        count(*) FILTER (WHERE counts AND chosen) AS chosen,
        count(*) FILTER (WHERE in_whole) AS whole,
        count(*) FILTER (WHERE in_whole AND chosen) AS whole_chosen,
        coalesce(bool_or(differs), false) AS differs
    FROM compared
    GROUP BY claim_id, measure
),
overall AS (
    SELECT
        count(*) AS total,
        count(*) FILTER (WHERE season = 'all-year') AS all_year,
        count(*) FILTER (WHERE season = 'seasonal') AS seasonal,
        count(*) FILTER (WHERE season = 'closed') AS closed,
        count(*) FILTER (WHERE season = 'all-year' AND NOT assumed_season) AS all_year_low,
        count(*) FILTER (WHERE season = 'seasonal' AND NOT assumed_season) AS seasonal_low,
        count(*) FILTER (WHERE season = 'closed' AND NOT assumed_season) AS closed_low,
        count(*) FILTER (WHERE assumed_season) AS assumed,
        count(*) FILTER (WHERE season = 'all-year' AND open_to_third_country) AS third,
        count(*) FILTER (WHERE season = 'all-year' AND NOT open_to_third_country) AS neighbour_only,
        count(*) FILTER (WHERE season = 'all-year' AND open_to_third_country IS NULL) AS unknown,
        count(country) AS crossings,
        count(*) FILTER (WHERE country IN ('Russia', 'North Korea', 'Mongolia', 'Kazakhstan')) AS main,
        count(*) FILTER (WHERE country = 'Russia') AS russia,
        count(*) FILTER (WHERE country = 'Russia' AND port_type = 'river') AS russia_river,
        count(*) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan,
        count(*) FILTER (WHERE province = 'Xinjiang') AS xinjiang,
        count(*) FILTER (WHERE region <> 'Others') AS three_regions,
        count(*) FILTER (WHERE chosen) AS chosen,
        bool_or(country_differs) AS differ,
        bool_or(country_differs AND country = 'Kazakhstan' OR chosen AND province = 'Xinjiang') AS xinjiang_doubt,
        count(DISTINCT port_type) AS types,
        count(DISTINCT province) AS provinces
    FROM queries.audit_ports
),
countries_open AS (
    SELECT count(DISTINCT country) AS countries FROM port_countries
),
seasons AS (
    -- ports of one season, those of them that a source tells of, and those of which nothing is known
    SELECT unnest([
        {claim_id: 'C068', ports: all_year, low: all_year_low, unknown: assumed},
        {claim_id: 'C069', ports: third, low: third, unknown: unknown},
        {claim_id: 'C070', ports: neighbour_only, low: neighbour_only, unknown: unknown},
        {claim_id: 'C071', ports: seasonal, low: seasonal_low, unknown: assumed},
        {claim_id: 'C072', ports: closed, low: closed_low, unknown: assumed}
    ]) AS line
    FROM overall
),
lines AS (
    SELECT unnest([
        {claim_id: 'C003', recomputed: 1.0 * provinces, complete: true, how: 'provinces of our ports'},
        {claim_id: 'C014', recomputed: types, complete: true, how: 'types in our list'},
        {
            claim_id: 'C073', recomputed: countries, complete: true,
            how: 'countries to which our ports are open, India with Pulan among them'
        },
        {
            claim_id: 'C079', recomputed: 100.0 * main / crossings, complete: NOT differ,
            how: concat(main, ' of ', crossings, ' in our list; our ports to three of the countries are not as many as in Table 2')
        },
        {
            claim_id: 'C080', recomputed: three_regions, complete: chosen = 0,
            how: concat('our list; ports it rests on that were chosen to meet totals: ', chosen)
        },
        {
            claim_id: 'C081', recomputed: 100.0 * three_regions / total, complete: chosen = 0,
            how: concat('our list; ports it rests on that were chosen to meet totals: ', chosen)
        },
        {
            claim_id: 'C119', recomputed: 1.0 * kazakhstan / xinjiang, complete: NOT xinjiang_doubt,
            how: concat(kazakhstan, ' of the ', xinjiang, ' ports of Xinjiang in our list')
        },
        {
            claim_id: 'C149', recomputed: crossings, complete: chosen = 0,
            how: concat('our list; ports it rests on that were chosen to meet totals: ', chosen)
        }
    ]) AS line
    FROM overall CROSS JOIN countries_open
)
SELECT
    claim_id,
    'equal' AS relation,
    CASE measure WHEN 'count' THEN 1.0 * ports ELSE 100.0 * ports / whole END AS recomputed,
    NULL AS low,
    NULL AS high,
    NULL AS recomputed_text,
    chosen + whole_chosen = 0 AND NOT differs AS complete,
    CASE
        WHEN differs THEN concat(ports, ' in our list; our ports to the country are not as many as in Table 2')
        WHEN chosen + whole_chosen = 0 THEN concat(ports, ' in our list')
        ELSE concat(ports, ' in our list; ports it rests on that were chosen to meet totals: ', greatest(chosen, whole_chosen))
    END AS how
FROM counted
UNION ALL
SELECT
    line['claim_id'], 'equal', line['ports'], line['low'], line['low'] + line['unknown'], NULL, line['unknown'] = 0,
    concat(line['ports'], ' in our list; nothing is known of ', line['unknown'])
FROM seasons
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, NULL, line['complete'], line['how'] FROM lines
UNION ALL
SELECT
    'C159', 'equal', 1.0 * russia_river / russia, NULL, NULL,
    CASE WHEN 2 * russia_river > russia THEN 'majority' ELSE 'minority' END, NOT differ,
    concat(russia_river, ' of ', russia, ' in our list; our ports to Russia are not as many as in Table 2')
FROM overall
ORDER BY claim_id;
