-- name: regions
-- title: What section 2.2 says of the regions and provinces in numbers, beside the paper's own tables and the ports counted here
-- expect: rows = 18
-- expect: unique (region, what)
-- expect: from_table is not null or counted is not null
-- source: paper, section 2.2, as table paper.claims; the two computed columns are those of the audit, query recomputed
-- from_table follows from the printed tables alone, counted from our list of ports; neither corrects what is printed.
-- Table 2 leaves airports out, and Northeast China shares Russia and Mongolia with others, so its traffic cannot be summed from it.
WITH lines AS (
    SELECT * FROM (VALUES
        (1, 'C094', 'Northeast', 'ports in Heilongjiang'),
        (2, 'C095', 'Northeast', 'ports in Jilin'),
        (3, 'C096', 'Northeast', 'ports in Liaoning'),
        (4, 'C097', 'Northeast', 'ports in eastern Inner Mongolia'),
        (5, 'C104', 'Northeast', 'percent of all ports'),
        (6, 'C101', 'Northeast', 'percent of all river ports'),
        (7, 'C103', 'Northeast', 'percent of all railway ports'),
        (8, 'C107', 'Southwest', 'ports in Yunnan'),
        (9, 'C108', 'Southwest', 'ports in Guangxi'),
        (10, 'C110', 'Southwest', 'percent of all ports'),
        (11, 'C111', 'Southwest', 'percent of its ports that are road ports'),
        (12, 'C114', 'Southwest', 'percent of cargo, as Vietnam, Burma and Laos'),
        (13, 'C116', 'Southwest', 'percent of people, as Vietnam, Burma and Laos'),
        (14, 'C117', 'Northwest', 'ports in Xinjiang'),
        (15, 'C118', 'Northwest', 'percent of all ports'),
        (16, 'C119', 'Northwest', 'share of its ports open to Kazakhstan'),
        (17, 'C081', 'all three', 'percent of all ports'),
        (18, 'C079', 'four borders', 'percent of the ports without airports, to Russia, North Korea, Mongolia and Kazakhstan')
    ) AS line(line, claim_id, region, what)
),
computed AS (
    SELECT
        claim_id,
        max(recomputed) FILTER (WHERE basis = 'printed tables') AS from_table,
        max(recomputed) FILTER (WHERE basis = 'per-port data') AS counted
    FROM queries.recomputed
    GROUP BY claim_id
)
SELECT
    lines.region,
    lines.what,
    claims.number AS printed,
    round(computed.from_table, 1) AS from_table,
    round(computed.counted, 1) AS counted
FROM lines
JOIN paper.claims AS claims ON claims.claim_id = lines.claim_id
JOIN computed ON computed.claim_id = lines.claim_id
ORDER BY lines.line;
