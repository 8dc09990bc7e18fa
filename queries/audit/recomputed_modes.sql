-- name: recomputed_modes
-- title: Modes, names and provinces: what Table 3 and the text imply for one another
-- source: paper, sections 1, 2.1.2, 2.3 and 3 to 3.4, Table 3; tables paper.table3, paper.lists, paper.cases, paper.evolution, port_names
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other statements of the paper decide. Names are brought together by the spellings that the
-- paper prints (port_names).
WITH names AS (
    -- names as the paper prints them, and the place that they mean
    SELECT DISTINCT ports.place, port_names.name
    FROM port_names
    JOIN ports ON ports.port_id = port_names.port_id
    WHERE port_names.kind = 'printed'
),
spellings AS (
    SELECT place, count(*) AS names, string_agg(name, '/' ORDER BY name) AS printed FROM names GROUP BY place
),
several AS (
    SELECT max(names) AS most, string_agg(printed, ', ' ORDER BY printed) FILTER (WHERE names > 1) AS examples FROM spellings
),
examples AS (
    SELECT lists.list, count(table3.place) AS ports
    FROM paper.lists AS lists
    JOIN names ON names.name = lists.item
    LEFT JOIN paper.table3 AS table3 ON table3.place = names.place AND concat('examples of ', table3.mode) = lists.list
    WHERE lists.list LIKE 'examples of %'
    GROUP BY lists.list
),
listed AS (
    SELECT
        count(*) AS names,
        count(*) FILTER (WHERE mode = 'PP') AS pp,
        count(*) FILTER (WHERE mode = 'CPPC') AS cppc,
        count(*) FILTER (WHERE mode = 'CPC') AS cpc,
        count(*) FILTER (WHERE mode = 'CC') AS cc,
        count(DISTINCT mode) AS modes,
        count(DISTINCT province_as_printed) AS provinces,
        count(*) FILTER (WHERE mode = 'CPPC' AND province_as_printed = 'Xinjiang') AS northwest,
        -- provinces of the Western Development Strategy that border on other countries
        count(*) FILTER (WHERE mode = 'CPPC'
            AND province_as_printed IN ('Xinjiang', 'Tibet', 'Gansu', 'Inner Mongolia', 'Yunnan', 'Guangxi')) AS west,
        max(CASE WHEN place = 'Alashankou' THEN mode END) AS alashankou,
        string_agg(DISTINCT province_as_printed, ', ') FILTER (WHERE place IN ('Dongxing', 'Youyiguan')) AS gates
    FROM paper.table3
),
modes_of AS (
    SELECT max(modes) AS most FROM (SELECT count(DISTINCT mode) AS modes FROM paper.table3 GROUP BY place)
),
total AS (
    SELECT sum(ports) AS ports FROM paper.table1 WHERE NOT is_total
),
steps AS (
    SELECT
        count(DISTINCT path_id) AS paths,
        max(concat(from_mode, '>', to_mode)) FILTER (WHERE to_mode = (SELECT alashankou FROM listed) AND from_mode IS NOT NULL) AS into_cpc
    FROM paper.evolution
),
exact AS (
    SELECT unnest([
        {claim_id: 'C003', recomputed: provinces, how: 'provinces named in Table 3'},
        {claim_id: 'C187', recomputed: several.most, how: concat('printed for one place: ', several.examples, '; Burma and Myanmar')},
        {claim_id: 'C188', recomputed: modes, how: 'modes of Table 3'},
        {claim_id: 'C189', recomputed: pp, how: 'names of Table 3'},
        {claim_id: 'C190', recomputed: cppc, how: 'names of Table 3'},
        {claim_id: 'C191', recomputed: cpc, how: 'names of Table 3'},
        {claim_id: 'C192', recomputed: cc, how: 'names of Table 3'},
        {claim_id: 'C193', recomputed: names, how: 'names of Table 3'},
        {claim_id: 'C198', recomputed: modes_of.most, how: 'most modes that a name of Table 3 has'},
        {claim_id: 'C242', recomputed: paths, how: 'paths of section 3.4'}
    ]) AS line
    FROM listed CROSS JOIN several CROSS JOIN modes_of CROSS JOIN steps
),
words AS (
    SELECT unnest([
        {
            claim_id: 'C186', recomputed: NULL, word: concat('China (', gates, ')'),
            how: 'the province that Table 3 gives to Dongxing and Youyiguan'
        },
        {
            claim_id: 'C194', recomputed: 1.0 * names / total.ports, word: CASE WHEN names = total.ports THEN 'all' ELSE 'some' END,
            how: concat(names, ' names of Table 3 by ', total.ports, ' ports of Table 1')
        },
        {
            claim_id: 'C204', recomputed: 1.0 * northwest / cppc, word: CASE WHEN 2 * northwest > cppc THEN 'majority' ELSE 'minority' END,
            how: concat(northwest, ' of ', cppc, ' CPPC names of Table 3 are in Xinjiang')
        },
        {
            claim_id: 'C205', recomputed: 1.0 * west / cppc, word: CASE WHEN 2 * west > cppc THEN 'majority' ELSE 'minority' END,
            how: concat(west, ' of ', cppc, ' CPPC names of Table 3 are in provinces of the Western Development Strategy')
        },
        {
            claim_id: 'C228', recomputed: NULL, word: into_cpc,
            how: 'mode of Alashankou in Table 3, and the step of section 3.4 that leads to it'
        }
    ]) AS line
    FROM listed CROSS JOIN total CROSS JOIN steps
)
SELECT
    line['claim_id'] AS claim_id, 'equal' AS relation, line['recomputed'] AS recomputed,
    NULL AS low, NULL AS high, NULL AS recomputed_text, line['how'] AS how
FROM exact
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, line['word'], line['how'] FROM words
UNION ALL
SELECT claim_id, 'equal', ports, NULL, NULL, NULL, 'examples of the section that Table 3 lists under this mode'
FROM (VALUES
    ('C199', 'examples of PP'), ('C206', 'examples of CPPC'), ('C217', 'examples of CPC'), ('C230', 'examples of CC')
) AS claims_of(claim_id, list)
JOIN examples ON examples.list = claims_of.list
UNION ALL
SELECT 'C196', 'equal', NULL, NULL, NULL, value, concat('the province in section ', section)
FROM paper.cases
WHERE port = 'Hekou' AND attribute = 'province';
