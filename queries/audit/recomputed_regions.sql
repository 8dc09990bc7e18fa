-- name: recomputed_regions
-- title: Types, regions, provinces and seasons: what Table 1 and the counts of the text imply for one another
-- source: paper, sections 2.1.4 and 2.2, Table 1; tables paper.table1, paper.counts, paper.table2
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. A share of counts is exact; shares printed to one
-- decimal are known to 0.05, and low and high say what a sum of them may be.
WITH rows AS (
    SELECT *, air + railway + road + river AS by_type FROM paper.table1
),
total AS (
    SELECT
        sum(ports) AS ports,
        sum(air) AS air,
        sum(railway) AS railway,
        sum(road) AS road,
        sum(river) AS river,
        sum(cargo_percent) AS cargo_percent,
        sum(people_percent) AS people_percent,
        0.05 * count(*) AS half
    FROM rows
    WHERE NOT is_total
),
northeast AS (
    SELECT * FROM rows WHERE region = 'Northeast China'
),
southwest AS (
    SELECT * FROM rows WHERE region = 'Southwest China'
),
northwest AS (
    SELECT * FROM rows WHERE region = 'Northwest China'
),
told AS (
    SELECT
        sum(ports) FILTER (WHERE port_type IN ('road', 'river', 'railway', 'air') AND region = 'all') AS types,
        sum(ports) FILTER (WHERE season = 'all-year' AND open_to = 'all') AS all_year,
        sum(ports) FILTER (WHERE season = 'all-year' AND open_to <> 'all') AS all_year_parts,
        sum(ports) FILTER (WHERE season = 'seasonal') AS seasonal,
        sum(ports) FILTER (WHERE season = 'closed') AS closed,
        sum(ports) FILTER (WHERE region = 'Northeast China' AND province <> 'all') AS northeast_provinces,
        sum(ports) FILTER (WHERE region = 'Southwest China' AND province <> 'all' AND port_type = 'all') AS southwest_provinces
    FROM paper.counts
),
kazakhstan AS (
    SELECT ports FROM paper.table2 WHERE country = 'Kazakhstan'
),
lines AS (
    SELECT claims_of.claim_id, rows.by_type
    FROM (VALUES
        ('C082', 'Northeast China'), ('C083', 'Southwest China'), ('C084', 'Northwest China'), ('C085', 'Others'), ('C086', 'Total')
    ) AS claims_of(claim_id, region)
    JOIN rows ON rows.region = claims_of.region
),
exact AS (
    SELECT unnest([
        {claim_id: 'C062', recomputed: road, how: 'regions of Table 1 added'},
        {claim_id: 'C063', recomputed: river, how: 'regions of Table 1 added'},
        {claim_id: 'C064', recomputed: railway, how: 'regions of Table 1 added'},
        {claim_id: 'C065', recomputed: air, how: 'regions of Table 1 added'},
        {claim_id: 'C066', recomputed: types, how: 'the four counts of section 2.1.4 added'},
        {claim_id: 'C068', recomputed: all_year_parts, how: 'those open to third countries and those open to the neighbour only'},
        {claim_id: 'C071', recomputed: total.ports - all_year - closed, how: 'total of Table 1 less all-year and closed ports'},
        {claim_id: 'C072', recomputed: total.ports - all_year - seasonal, how: 'total of Table 1 less all-year and seasonal ports'},
        {claim_id: 'C087', recomputed: total.ports, how: 'regions added'},
        {claim_id: 'C088', recomputed: air, how: 'regions added'},
        {claim_id: 'C089', recomputed: railway, how: 'regions added'},
        {claim_id: 'C090', recomputed: road, how: 'regions added'},
        {claim_id: 'C091', recomputed: river, how: 'regions added'},
        {claim_id: 'C098', recomputed: northeast_provinces, how: 'the four counts of provinces added'},
        {claim_id: 'C109', recomputed: southwest_provinces, how: 'the two counts of provinces added'}
    ]) AS line
    FROM total CROSS JOIN told
),
shares AS (
    SELECT unnest([
        {claim_id: 'C080', recomputed: northeast.ports + southwest.ports + northwest.ports, how: 'three regions of Table 1 added'},
        {claim_id: 'C081', recomputed: 100.0 * (northeast.ports + southwest.ports + northwest.ports) / total.ports, how: 'three regions by the total of Table 1'},
        {claim_id: 'C100', recomputed: northeast.river, how: 'Table 1'},
        {claim_id: 'C101', recomputed: 100.0 * northeast.river / total.river, how: 'river ports of the region by all river ports, Table 1'},
        {claim_id: 'C102', recomputed: northeast.railway, how: 'Table 1'},
        {claim_id: 'C103', recomputed: 100.0 * northeast.railway / total.railway, how: 'railway ports of the region by all railway ports, Table 1'},
        {claim_id: 'C104', recomputed: 100.0 * northeast.ports / total.ports, how: 'ports of the region by all ports, Table 1'},
        {claim_id: 'C110', recomputed: 100.0 * southwest.ports / total.ports, how: 'ports of the region by all ports, Table 1'},
        {claim_id: 'C111', recomputed: 100.0 * southwest.road / southwest.ports, how: 'road ports of the region by its ports, Table 1'},
        {claim_id: 'C112', recomputed: southwest.river, how: 'river ports of the Southwest, Table 1'},
        {claim_id: 'C117', recomputed: northwest.ports, how: 'ports of the Northwest, Table 1'},
        {claim_id: 'C118', recomputed: 100.0 * northwest.ports / total.ports, how: 'ports of the region by all ports, Table 1'},
        {claim_id: 'C119', recomputed: 1.0 * kazakhstan.ports / northwest.ports, how: 'ports to Kazakhstan in Table 2 by ports of the Northwest in Table 1'}
    ]) AS line
    FROM total CROSS JOIN northeast CROSS JOIN southwest CROSS JOIN northwest CROSS JOIN kazakhstan
),
rounded AS (
    SELECT unnest([
        {claim_id: 'C105', recomputed: northeast.cargo_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C106', recomputed: northeast.people_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C113', recomputed: southwest.cargo_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C115', recomputed: southwest.people_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C120', recomputed: northwest.cargo_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C122', recomputed: northwest.people_percent, half: 0.05, how: 'Table 1'},
        {claim_id: 'C092', recomputed: total.cargo_percent, half: total.half, how: 'regions added'},
        {claim_id: 'C093', recomputed: total.people_percent, half: total.half, how: 'regions added'}
    ]) AS line
    FROM total CROSS JOIN northeast CROSS JOIN southwest CROSS JOIN northwest
),
words AS (
    SELECT unnest([
        {
            claim_id: 'C155',
            word: CASE WHEN greatest(northeast.cargo_percent, northeast.people_percent) < 100.0 * northeast.ports / total.ports
                THEN 'below' ELSE 'not below' END,
            how: concat('cargo ', northeast.cargo_percent, ', people ', northeast.people_percent, ', ports ', round(100.0 * northeast.ports / total.ports, 1))
        },
        {
            claim_id: 'C156',
            word: CASE WHEN southwest.people_percent > southwest.cargo_percent THEN 'above' ELSE 'not above' END,
            how: concat('people ', southwest.people_percent, ', cargo ', southwest.cargo_percent)
        },
        {
            claim_id: 'C157',
            word: CASE WHEN northwest.cargo_percent > northwest.people_percent THEN 'above' ELSE 'not above' END,
            how: concat('cargo ', northwest.cargo_percent, ', people ', northwest.people_percent)
        }
    ]) AS line
    FROM total CROSS JOIN northeast CROSS JOIN southwest CROSS JOIN northwest
)
SELECT
    claim_id, 'equal' AS relation, by_type AS recomputed, NULL AS low, NULL AS high, NULL AS recomputed_text,
    'air, railway, road and river ports of the row added' AS how
FROM lines
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, NULL, line['how'] FROM exact
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, NULL, line['how'] FROM shares
UNION ALL
SELECT
    line['claim_id'], 'equal', line['recomputed'], line['recomputed'] - line['half'], line['recomputed'] + line['half'], NULL, line['how']
FROM rounded
UNION ALL
SELECT line['claim_id'], 'equal', NULL, NULL, NULL, line['word'], line['how'] FROM words;
