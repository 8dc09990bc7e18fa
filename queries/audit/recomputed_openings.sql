-- name: recomputed_openings
-- title: Openings of ports: what the counts of the paper imply for one another
-- source: paper, sections 2.1.1 to 2.1.4, 3.1, 3.4 and 4; tables paper.openings, paper.cases, paper.table1, paper.table2
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. relation says how the printed value has to stand to the
-- recomputed one: equal; at most or at least (the recomputed value is a bound); within (low and high are
-- the bounds). Counts are exact; low and high stand elsewhere only where rounding leaves a range.
WITH opened AS (
    SELECT
        *,
        port_type = 'all' AND country = 'all' AND province = 'all' AS of_all,
        year_to - year_from + 1 AS years
    FROM paper.openings
),
sums AS (
    SELECT
        sum(ports) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 1) AS stage1,
        sum(ports) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 2) AS stage2,
        sum(ports) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 3) AS stage3,
        sum(ports) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 4) AS stage4,
        sum(ports) FILTER (WHERE kind = 'stage' AND NOT of_all AND stage_no = 1) AS stage1_parts,
        sum(ports) FILTER (WHERE kind = 'stage' AND NOT of_all AND stage_no = 2) AS stage2_parts,
        sum(ports) FILTER (WHERE kind = 'stage' AND stage_no = 2 AND port_type = 'road') AS stage2_road,
        sum(ports) FILTER (WHERE kind = 'stage' AND stage_no = 2 AND port_type = 'railway') AS stage2_railway,
        sum(ports) FILTER (WHERE kind = 'stage' AND stage_no = 2 AND port_type = 'railway' AND country IN ('North Korea', 'Russia'))
            AS stage2_railway_northeast,
        sum(ports) FILTER (WHERE kind = 'stage' AND stage_no = 2 AND country = 'North Korea') AS stage2_north_korea,
        sum(ports) FILTER (WHERE kind = 'peak' AND stage_no = 2 AND port_type <> 'all') AS peak1_parts,
        sum(ports) FILTER (WHERE kind = 'peak' AND stage_no = 2 AND port_type = 'railway') AS peak1_railway,
        sum(ports) FILTER (WHERE kind = 'sub' AND port_type <> 'all') AS early1980s_parts,
        sum(ports) FILTER (WHERE kind = 'peak' AND stage_no = 3 AND of_all) AS peak2,
        sum(ports) FILTER (WHERE kind = 'peak' AND stage_no = 3 AND port_type <> 'all') AS peak2_types,
        sum(ports) FILTER (WHERE kind = 'peak' AND stage_no = 3 AND province <> 'all') AS peak2_provinces,
        sum(ports) FILTER (WHERE port_type <> 'all' AND (kind = 'stage' OR kind = 'sub' OR stage_no = 3)) AS dated_by_type,
        max(years) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 3) AS stage3_years,
        -- early 2014 is no full year
        max(years) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 4) - 1 AS stage4_years,
        max(years) FILTER (WHERE kind = 'peak' AND of_all AND stage_no = 3) AS peak2_years,
        max(year_from) FILTER (WHERE kind = 'peak' AND of_all AND stage_no = 3) AS peak2_from,
        max(year_to) FILTER (WHERE kind = 'peak' AND of_all AND stage_no = 3) AS peak2_to,
        max(year_from) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 2) AS stage2_from,
        max(year_to) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 2) AS stage2_to,
        max(year_to) FILTER (WHERE kind = 'peak' AND of_all AND stage_no = 2) AS peak1_to,
        max(year_from) FILTER (WHERE kind = 'sub' AND port_type = 'river') AS river_from,
        max(year_to) FILTER (WHERE kind = 'sub' AND port_type = 'river') AS river_to,
        count(DISTINCT stage_no) AS stages
    FROM opened
),
totals AS (
    SELECT sum(ports) AS ports, sum(air + railway + road + river) AS by_type FROM paper.table1 WHERE NOT is_total
),
exact AS (
    SELECT unnest([
        {claim_id: 'C016', recomputed: stages, how: 'stages that have openings'},
        {claim_id: 'C020', recomputed: stage1_parts, how: 'ports that the section tells of one by one'},
        {claim_id: 'C024', recomputed: stage2_parts, how: 'sum of the seven counts by type and country'},
        {claim_id: 'C032', recomputed: peak1_parts, how: 'road and railway ports of the period'},
        {claim_id: 'C035', recomputed: stage2_railway_northeast, how: 'railway ports of the stage to North Korea and Russia'},
        {claim_id: 'C041', recomputed: totals.ports - stage1 - stage2 - stage4, how: 'total of Table 1 less the other stages'},
        {claim_id: 'C042', recomputed: 1.0 * stage3 / stage3_years, how: 'ports of the stage by its 20 years, both ends counted'},
        {claim_id: 'C043', recomputed: early1980s_parts, how: 'road, river and air ports of the two years'},
        {claim_id: 'C045', recomputed: peak2_types, how: 'road, river, railway and air ports of the period'},
        {claim_id: 'C046', recomputed: 1.0 * peak2 / totals.ports, how: 'ports of the period by the total of Table 1'},
        {claim_id: 'C047', recomputed: 1.0 * peak2 / peak2_years, how: 'ports of the period by its seven years, both ends counted'},
        {claim_id: 'C059', recomputed: totals.ports - stage1 - stage2 - stage3, how: 'total of Table 1 less the other stages'},
        {claim_id: 'C061', recomputed: stage1 + stage2 + stage3 + stage4, how: 'sum of the four stages'},
        {claim_id: 'C067', recomputed: totals.by_type - dated_by_type, how: 'Table 1 by type less the dated openings by type'}
    ]) AS line
    FROM sums CROSS JOIN totals
),
words AS (
    SELECT unnest([
        {
            claim_id: 'C051', recomputed: 1.0 * peak2_provinces / peak2,
            word: CASE WHEN 2 * peak2_provinces > peak2 THEN 'majority' ELSE 'minority' END,
            how: 'ports of the three provinces by those of the period'
        },
        {
            claim_id: 'C058', recomputed: 1.0 * stage4 / stage4_years,
            word: concat(CAST(floor(1.0 * stage4 / stage4_years) AS BIGINT), '-', CAST(ceil(1.0 * stage4 / stage4_years) AS BIGINT)),
            how: 'ports of the stage by the years 2000 to 2013'
        }
    ]) AS line
    FROM sums
),
limits AS (
    SELECT unnest([
        {claim_id: 'C033', relation: 'at most', recomputed: stage2_road, low: NULL, high: NULL, how: 'road ports of the whole stage'},
        {claim_id: 'C034', relation: 'at most', recomputed: stage2_railway, low: NULL, high: NULL, how: 'railway ports of the whole stage'},
        {
            claim_id: 'C038', relation: 'within', recomputed: NULL, low: stage2_from,
            high: CASE WHEN peak1_railway = stage2_railway THEN peak1_to ELSE stage2_to END,
            how: 'all five railway ports of the stage were opened in the first peak'
        },
        {claim_id: 'C040', relation: 'at most', recomputed: stage2_north_korea, low: NULL, high: NULL, how: 'ports to North Korea of the whole stage'},
        {claim_id: 'C044', relation: 'within', recomputed: NULL, low: river_from, high: river_to, how: 'the one river port of 1982-1983'},
        {claim_id: 'C200', relation: 'within', recomputed: NULL, low: stage2_from, high: stage2_to, how: 'the stage of the three road ports to Nepal, Pulan among them'},
        {claim_id: 'C201', relation: 'within', recomputed: NULL, low: stage2_from, high: stage2_to, how: 'the stage of the three road ports to Nepal'},
        {claim_id: 'C234', relation: 'within', recomputed: NULL, low: river_from, high: river_to, how: 'the one river port of 1982-1983, in section 2.1.3'}
    ]) AS line
    FROM sums
),
told AS (
    -- ports whose year and country the text gives, outside the second peak
    SELECT split_part(side.value, ', ', 2) AS country, count(*) AS ports
    FROM paper.cases AS opening
    JOIN paper.cases AS side ON side.port = opening.port AND side.attribute = 'counterpart'
    CROSS JOIN sums
    WHERE opening.attribute = 'opened' AND opening.number > stage2_to AND opening.number NOT BETWEEN peak2_from AND peak2_to
    GROUP BY 1
),
earlier AS (
    SELECT country, sum(ports) AS ports FROM opened WHERE kind = 'stage' AND country <> 'all' GROUP BY country
),
most AS (
    SELECT
        claims_of.claim_id,
        table2.ports - coalesce(earlier.ports, 0) - coalesce(told.ports, 0) AS ports
    FROM (VALUES ('C052', 'Russia'), ('C053', 'Mongolia'), ('C054', 'Kazakhstan'), ('C055', 'Vietnam')) AS claims_of(claim_id, country)
    JOIN paper.table2 AS table2 ON table2.country = claims_of.country
    LEFT JOIN earlier ON earlier.country = claims_of.country
    LEFT JOIN told ON told.country = claims_of.country AND claims_of.country = 'Russia'
),
peaks AS (
    SELECT count(*) AS peaks
    FROM opened CROSS JOIN totals
    WHERE of_all AND kind IN ('peak', 'sub')
        AND 1.0 * opened.ports / years > 1.5 * totals.ports / (SELECT 2014 - min(year_from) FROM opened)
        AND opened.ports >= 0.1 * totals.ports
),
ranks AS (
    SELECT port, rank() OVER (ORDER BY number) AS place FROM paper.cases WHERE attribute = 'opened' AND number IS NOT NULL
)
SELECT
    line['claim_id'] AS claim_id, 'equal' AS relation, line['recomputed'] AS recomputed,
    NULL AS low, NULL AS high, NULL AS recomputed_text, line['how'] AS how
FROM exact
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, line['word'], line['how'] FROM words
UNION ALL
SELECT line['claim_id'], line['relation'], line['recomputed'], line['low'], line['high'], NULL, line['how']
FROM limits
UNION ALL
SELECT claim_id, 'at most', ports, NULL, NULL, NULL, 'ports to the country in Table 2 less those opened in other years' FROM most
UNION ALL
SELECT 'C243', 'equal', peaks, NULL, NULL, NULL, 'periods with a tenth of all ports and 1.5 times the overall rate' FROM peaks
UNION ALL
SELECT 'C023', 'equal', place, NULL, NULL, NULL, 'rank of its year among the openings of the text' FROM ranks WHERE port = 'Sanhe';
