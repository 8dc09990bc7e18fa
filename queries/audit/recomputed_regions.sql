-- name: recomputed_regions
-- title: Types, regions, provinces and seasons: what Table 1 and the counts of the text imply for one another
-- source: paper, sections 2.1.4 and 2.2, Table 1; tables paper.table1, paper.counts, paper.table2
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. A share of counts is exact; shares printed to one
-- decimal are known to 0.05, and low and high say what a sum of them may be.
WITH table1 AS (
    SELECT
        CASE region
            WHEN 'Northeast China' THEN 'ne' WHEN 'Southwest China' THEN 'sw' WHEN 'Northwest China' THEN 'nw'
            WHEN 'Others' THEN 'others' ELSE 'total' END AS part,
        *
    FROM paper.table1
),
-- one row: ne, sw and nw are the three regions; names without a part are sums over the regions
sums AS (
    SELECT
        sum(ports) FILTER (WHERE NOT is_total) AS ports,
        sum(air) FILTER (WHERE NOT is_total) AS air,
        sum(railway) FILTER (WHERE NOT is_total) AS railway,
        sum(road) FILTER (WHERE NOT is_total) AS road,
        sum(river) FILTER (WHERE NOT is_total) AS river,
        sum(cargo_percent) FILTER (WHERE NOT is_total) AS cargo,
        sum(people_percent) FILTER (WHERE NOT is_total) AS people,
        0.05 * count(*) FILTER (WHERE NOT is_total) AS half,
        sum(air + railway + road + river) FILTER (WHERE is_total) AS total_types,
        sum(air + railway + road + river) FILTER (WHERE part = 'others') AS others_types,
        sum(air + railway + road + river) FILTER (WHERE part = 'ne') AS ne_types,
        sum(air + railway + road + river) FILTER (WHERE part = 'sw') AS sw_types,
        sum(air + railway + road + river) FILTER (WHERE part = 'nw') AS nw_types,
        sum(ports) FILTER (WHERE part = 'ne') AS ne_ports,
        sum(ports) FILTER (WHERE part = 'sw') AS sw_ports,
        sum(ports) FILTER (WHERE part = 'nw') AS nw_ports,
        sum(river) FILTER (WHERE part = 'ne') AS ne_river,
        sum(river) FILTER (WHERE part = 'sw') AS sw_river,
        sum(railway) FILTER (WHERE part = 'ne') AS ne_railway,
        sum(road) FILTER (WHERE part = 'sw') AS sw_road,
        sum(cargo_percent) FILTER (WHERE part = 'ne') AS ne_cargo,
        sum(cargo_percent) FILTER (WHERE part = 'sw') AS sw_cargo,
        sum(cargo_percent) FILTER (WHERE part = 'nw') AS nw_cargo,
        sum(people_percent) FILTER (WHERE part = 'ne') AS ne_people,
        sum(people_percent) FILTER (WHERE part = 'sw') AS sw_people,
        sum(people_percent) FILTER (WHERE part = 'nw') AS nw_people
    FROM table1
),
told AS (
    SELECT
        sum(ports) FILTER (WHERE port_type IN ('road', 'river', 'railway', 'air') AND region = 'all') AS types,
        sum(ports) FILTER (WHERE season = 'all-year' AND open_to = 'all') AS all_year,
        sum(ports) FILTER (WHERE season = 'all-year' AND open_to <> 'all') AS all_year_parts,
        sum(ports) FILTER (WHERE season = 'seasonal') AS seasonal,
        sum(ports) FILTER (WHERE season = 'closed') AS closed,
        sum(ports) FILTER (WHERE region = 'Northeast China' AND province <> 'all') AS ne_provinces,
        sum(ports) FILTER (WHERE region = 'Southwest China' AND province <> 'all' AND port_type = 'all') AS sw_provinces
    FROM paper.counts
),
kazakhstan AS (
    SELECT max(ports) AS to_kazakhstan FROM paper.table2 WHERE country = 'Kazakhstan'
),
counts AS (
    SELECT unnest([
        {claim_id: 'C062', recomputed: 1.0 * road, how: 'regions of Table 1 added'},
        {claim_id: 'C063', recomputed: river, how: 'regions of Table 1 added'},
        {claim_id: 'C064', recomputed: railway, how: 'regions of Table 1 added'},
        {claim_id: 'C065', recomputed: air, how: 'regions of Table 1 added'},
        {claim_id: 'C066', recomputed: types, how: 'the four counts of section 2.1.4 added'},
        {claim_id: 'C068', recomputed: all_year_parts, how: 'those open to third countries and those open to the neighbour only'},
        {claim_id: 'C071', recomputed: ports - all_year - closed, how: 'total of Table 1 less all-year and closed ports'},
        {claim_id: 'C072', recomputed: ports - all_year - seasonal, how: 'total of Table 1 less all-year and seasonal ports'},
        {claim_id: 'C080', recomputed: ne_ports + sw_ports + nw_ports, how: 'three regions of Table 1 added'},
        {claim_id: 'C081', recomputed: 100.0 * (ne_ports + sw_ports + nw_ports) / ports, how: 'three regions by the total of Table 1'},
        {claim_id: 'C082', recomputed: ne_types, how: 'air, railway, road and river ports of the row added'},
        {claim_id: 'C083', recomputed: sw_types, how: 'air, railway, road and river ports of the row added'},
        {claim_id: 'C084', recomputed: nw_types, how: 'air, railway, road and river ports of the row added'},
        {claim_id: 'C085', recomputed: others_types, how: 'air, railway, road and river ports of the row added'},
        {claim_id: 'C086', recomputed: total_types, how: 'air, railway, road and river ports of the row added'},
        {claim_id: 'C087', recomputed: ports, how: 'regions added'},
        {claim_id: 'C088', recomputed: air, how: 'regions added'},
        {claim_id: 'C089', recomputed: railway, how: 'regions added'},
        {claim_id: 'C090', recomputed: road, how: 'regions added'},
        {claim_id: 'C091', recomputed: river, how: 'regions added'},
        {claim_id: 'C098', recomputed: ne_provinces, how: 'the four counts of provinces added'},
        {claim_id: 'C100', recomputed: ne_river, how: 'Table 1'},
        {claim_id: 'C101', recomputed: 100.0 * ne_river / river, how: 'river ports of the region by all river ports, Table 1'},
        {claim_id: 'C102', recomputed: ne_railway, how: 'Table 1'},
        {claim_id: 'C103', recomputed: 100.0 * ne_railway / railway, how: 'railway ports of the region by all railway ports, Table 1'},
        {claim_id: 'C104', recomputed: 100.0 * ne_ports / ports, how: 'ports of the region by all ports, Table 1'},
        {claim_id: 'C109', recomputed: sw_provinces, how: 'the two counts of provinces added'},
        {claim_id: 'C110', recomputed: 100.0 * sw_ports / ports, how: 'ports of the region by all ports, Table 1'},
        {claim_id: 'C111', recomputed: 100.0 * sw_road / sw_ports, how: 'road ports of the region by its ports, Table 1'},
        {claim_id: 'C112', recomputed: sw_river, how: 'river ports of the Southwest, Table 1'},
        {claim_id: 'C117', recomputed: nw_ports, how: 'ports of the Northwest, Table 1'},
        {claim_id: 'C118', recomputed: 100.0 * nw_ports / ports, how: 'ports of the region by all ports, Table 1'},
        {
            claim_id: 'C119', recomputed: 1.0 * to_kazakhstan / nw_ports,
            how: 'ports to Kazakhstan in Table 2 by ports of the Northwest in Table 1'
        }
    ]) AS line
    FROM sums CROSS JOIN told CROSS JOIN kazakhstan
),
shares AS (
    SELECT unnest([
        {claim_id: 'C092', recomputed: cargo, half: half, how: 'regions added'},
        {claim_id: 'C093', recomputed: people, half: half, how: 'regions added'},
        {claim_id: 'C105', recomputed: ne_cargo, half: 0.05, how: 'Table 1'},
        {claim_id: 'C106', recomputed: ne_people, half: 0.05, how: 'Table 1'},
        {claim_id: 'C113', recomputed: sw_cargo, half: 0.05, how: 'Table 1'},
        {claim_id: 'C115', recomputed: sw_people, half: 0.05, how: 'Table 1'},
        {claim_id: 'C120', recomputed: nw_cargo, half: 0.05, how: 'Table 1'},
        {claim_id: 'C122', recomputed: nw_people, half: 0.05, how: 'Table 1'}
    ]) AS line
    FROM sums
),
words AS (
    SELECT unnest([
        {
            claim_id: 'C155', word: CASE WHEN greatest(ne_cargo, ne_people) < 100.0 * ne_ports / ports THEN 'below' ELSE 'not below' END,
            how: concat('cargo ', ne_cargo, ', people ', ne_people, ', ports ', round(100.0 * ne_ports / ports, 1))
        },
        {
            claim_id: 'C156', word: CASE WHEN sw_people > sw_cargo THEN 'above' ELSE 'not above' END,
            how: concat('people ', sw_people, ', cargo ', sw_cargo)
        },
        {
            claim_id: 'C157', word: CASE WHEN nw_cargo > nw_people THEN 'above' ELSE 'not above' END,
            how: concat('cargo ', nw_cargo, ', people ', nw_people)
        }
    ]) AS line
    FROM sums
)
SELECT
    line['claim_id'] AS claim_id,
    'equal' AS relation,
    line['recomputed'] AS recomputed,
    line['recomputed'] AS low,
    line['recomputed'] AS high,
    CAST(NULL AS VARCHAR) AS recomputed_text,
    line['how'] AS how
FROM counts
UNION ALL
SELECT
    line['claim_id'], 'equal', line['recomputed'], line['recomputed'] - line['half'], line['recomputed'] + line['half'], NULL, line['how']
FROM shares
UNION ALL
SELECT line['claim_id'], 'equal', NULL, NULL, NULL, line['word'], line['how'] FROM words
ORDER BY claim_id;
