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
        max(year_from) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 2) AS stage2_from,
        max(year_to) FILTER (WHERE kind = 'stage' AND of_all AND stage_no = 2) AS stage2_to,
        max(year_to) FILTER (WHERE kind = 'peak' AND of_all AND stage_no = 2) AS peak1_to,
        max(year_from) FILTER (WHERE kind = 'sub' AND port_type = 'river') AS river_from,
        max(year_to) FILTER (WHERE kind = 'sub' AND port_type = 'river') AS river_to,
        count(DISTINCT stage_no) AS stages,
        sum(ports) FILTER (WHERE kind = 'stage' AND country = 'Russia') AS earlier_russia,
        sum(ports) FILTER (WHERE kind = 'stage' AND country = 'Vietnam') AS earlier_vietnam,
        min(year_from) AS first_year
    FROM opened
),
table1 AS (
    SELECT sum(ports) AS ports, sum(air + railway + road + river) AS by_type FROM paper.table1 WHERE NOT is_total
),
table2 AS (
    SELECT
        sum(ports) FILTER (WHERE country = 'Russia') AS russia,
        sum(ports) FILTER (WHERE country = 'Mongolia') AS mongolia,
        sum(ports) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan,
        sum(ports) FILTER (WHERE country = 'Vietnam') AS vietnam
    FROM paper.table2
),
told AS (
    -- Heihe, of 1982, is open to Russia; the rank of Sanhe among the openings that the text dates
    SELECT
        count(*) FILTER (WHERE opening.port = 'Heihe' AND side.value LIKE '%, Russia') AS heihe,
        1 + count(DISTINCT earlier.port) FILTER (WHERE opening.port = 'Sanhe' AND earlier.number < opening.number) AS sanhe
    FROM paper.cases AS opening
    JOIN paper.cases AS side ON side.port = opening.port AND side.attribute = 'counterpart'
    LEFT JOIN paper.cases AS earlier ON opening.port = 'Sanhe' AND earlier.attribute = 'opened'
    WHERE opening.attribute = 'opened'
),
peaks AS (
    SELECT count(*) AS peaks
    FROM opened CROSS JOIN (SELECT ports AS all_ports FROM table1) CROSS JOIN (SELECT first_year FROM sums)
    WHERE of_all AND kind IN ('peak', 'sub') AND opened.ports >= 0.1 * all_ports
        AND 1.0 * opened.ports / years > 1.5 * all_ports / (2014 - first_year)
),
counts AS (
    SELECT unnest([
        {claim_id: 'C016', relation: 'equal', recomputed: 1.0 * stages, how: 'stages that have openings'},
        {claim_id: 'C020', relation: 'equal', recomputed: stage1_parts, how: 'ports that the section tells of one by one'},
        {claim_id: 'C023', relation: 'equal', recomputed: sanhe, how: 'rank of its year among the openings of the text'},
        {claim_id: 'C024', relation: 'equal', recomputed: stage2_parts, how: 'sum of the seven counts by type and country'},
        {claim_id: 'C032', relation: 'equal', recomputed: peak1_parts, how: 'road and railway ports of the period'},
        {claim_id: 'C033', relation: 'at most', recomputed: stage2_road, how: 'road ports of the whole stage'},
        {claim_id: 'C034', relation: 'at most', recomputed: stage2_railway, how: 'railway ports of the whole stage'},
        {
            claim_id: 'C035', relation: 'equal', recomputed: stage2_railway_northeast,
            how: 'railway ports of the stage to North Korea and Russia'
        },
        {claim_id: 'C040', relation: 'at most', recomputed: stage2_north_korea, how: 'ports to North Korea of the whole stage'},
        {claim_id: 'C041', relation: 'equal', recomputed: ports - stage1 - stage2 - stage4, how: 'total of Table 1 less the other stages'},
        {
            claim_id: 'C042', relation: 'equal', recomputed: 1.0 * stage3 / stage3_years,
            how: 'ports of the stage by its 20 years, both ends counted'
        },
        {claim_id: 'C043', relation: 'equal', recomputed: early1980s_parts, how: 'road, river and air ports of the two years'},
        {claim_id: 'C045', relation: 'equal', recomputed: peak2_types, how: 'road, river, railway and air ports of the period'},
        {claim_id: 'C046', relation: 'equal', recomputed: 1.0 * peak2 / ports, how: 'ports of the period by the total of Table 1'},
        {
            claim_id: 'C047', relation: 'equal', recomputed: 1.0 * peak2 / peak2_years,
            how: 'ports of the period by its seven years, both ends counted'
        },
        {
            claim_id: 'C052', relation: 'at most', recomputed: russia - earlier_russia - heihe,
            how: 'ports to Russia in Table 2 less those of 1950-1979 and Heihe'
        },
        {claim_id: 'C053', relation: 'at most', recomputed: mongolia, how: 'ports to Mongolia in Table 2'},
        {claim_id: 'C054', relation: 'at most', recomputed: kazakhstan, how: 'ports to Kazakhstan in Table 2'},
        {
            claim_id: 'C055', relation: 'at most', recomputed: vietnam - earlier_vietnam,
            how: 'ports to Vietnam in Table 2 less those of 1950-1979'
        },
        {claim_id: 'C059', relation: 'equal', recomputed: ports - stage1 - stage2 - stage3, how: 'total of Table 1 less the other stages'},
        {claim_id: 'C061', relation: 'equal', recomputed: stage1 + stage2 + stage3 + stage4, how: 'sum of the four stages'},
        {claim_id: 'C067', relation: 'equal', recomputed: by_type - dated_by_type, how: 'Table 1 by type less the dated openings by type'},
        {claim_id: 'C243', relation: 'equal', recomputed: peaks, how: 'periods with a tenth of all ports and 1.5 times the overall rate'}
    ]) AS line
    FROM sums CROSS JOIN table1 CROSS JOIN table2 CROSS JOIN told CROSS JOIN peaks
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
periods AS (
    SELECT unnest([
        {
            claim_id: 'C038', year_from: stage2_from, year_to: CASE WHEN peak1_railway = stage2_railway THEN peak1_to ELSE stage2_to END,
            how: 'all railway ports of the stage were opened in the first peak'
        },
        {claim_id: 'C044', year_from: river_from, year_to: river_to, how: 'the one river port of 1982-1983'},
        {claim_id: 'C200', year_from: stage2_from, year_to: stage2_to, how: 'the stage of the three road ports to Nepal, Pulan among them'},
        {claim_id: 'C201', year_from: stage2_from, year_to: stage2_to, how: 'the stage of the three road ports to Nepal, Pulan among them'},
        {claim_id: 'C234', year_from: river_from, year_to: river_to, how: 'the one river port of 1982-1983, in section 2.1.3'}
    ]) AS line
    FROM sums
)
SELECT
    line['claim_id'] AS claim_id,
    line['relation'] AS relation,
    CAST(line['recomputed'] AS DOUBLE) AS recomputed,
    CAST(NULL AS DOUBLE) AS low,
    CAST(NULL AS DOUBLE) AS high,
    NULL AS recomputed_text,
    line['how'] AS how
FROM counts
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, line['word'], line['how'] FROM words
UNION ALL
SELECT line['claim_id'], 'within', NULL, line['year_from'], line['year_to'], NULL, line['how'] FROM periods
ORDER BY claim_id;
