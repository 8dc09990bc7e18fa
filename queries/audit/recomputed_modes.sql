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
    SELECT max(names) AS most_names, string_agg(printed, ', ' ORDER BY printed) FILTER (WHERE names > 1) AS same_place FROM spellings
),
examples AS (
    SELECT
        count(*) FILTER (WHERE mode = 'PP') AS pp_examples,
        count(*) FILTER (WHERE mode = 'CPPC') AS cppc_examples,
        count(*) FILTER (WHERE mode = 'CPC') AS cpc_examples,
        count(*) FILTER (WHERE mode = 'CC') AS cc_examples
    FROM paper.lists AS lists
    JOIN names ON names.name = lists.item
    JOIN paper.table3 AS table3 ON table3.place = names.place AND concat('examples of ', table3.mode) = lists.list
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
    SELECT max(modes) AS most_modes FROM (SELECT count(DISTINCT mode) AS modes FROM paper.table3 GROUP BY place)
),
total AS (
    SELECT sum(ports) AS ports FROM paper.table1 WHERE NOT is_total
),
steps AS (
    SELECT
        count(DISTINCT path_id) AS paths,
        max(concat(from_mode, '>', to_mode)) FILTER (WHERE from_mode IS NOT NULL AND to_mode = 'CPC') AS step_told
    FROM paper.evolution
),
hekou AS (
    SELECT max(value) AS hekou, max(section) AS hekou_section FROM paper.cases WHERE port = 'Hekou' AND attribute = 'province'
),
lines AS (
    SELECT unnest([
        {claim_id: 'C003', recomputed: 1.0 * provinces, word: NULL, how: 'provinces named in Table 3'},
        {
            claim_id: 'C186', recomputed: NULL, word: concat('China (', gates, ')'),
            how: 'the province that Table 3 gives to Dongxing and Youyiguan'
        },
        {
            claim_id: 'C187', recomputed: most_names, word: NULL,
            how: concat('printed for one place: ', same_place, '; Burma and Myanmar')
        },
        {claim_id: 'C188', recomputed: modes, word: NULL, how: 'modes of Table 3'},
        {claim_id: 'C189', recomputed: pp, word: NULL, how: 'names of Table 3'},
        {claim_id: 'C190', recomputed: cppc, word: NULL, how: 'names of Table 3'},
        {claim_id: 'C191', recomputed: cpc, word: NULL, how: 'names of Table 3'},
        {claim_id: 'C192', recomputed: cc, word: NULL, how: 'names of Table 3'},
        {claim_id: 'C193', recomputed: names, word: NULL, how: 'names of Table 3'},
        {
            claim_id: 'C194', recomputed: 1.0 * names / ports, word: CASE WHEN names = ports THEN 'all' ELSE 'some' END,
            how: concat(names, ' names of Table 3 by ', ports, ' ports of Table 1')
        },
        {
            claim_id: 'C196', recomputed: NULL, word: hekou,
            how: concat('the province in sections ', replace(hekou_section, ';', ' and'))
        },
        {claim_id: 'C198', recomputed: most_modes, word: NULL, how: 'most modes that a name of Table 3 has'},
        {
            claim_id: 'C199', recomputed: pp_examples, word: NULL,
            how: 'examples of the section that Table 3 lists under this mode'
        },
        {
            claim_id: 'C204', recomputed: 1.0 * northwest / cppc,
            word: CASE WHEN 2 * northwest > cppc THEN 'majority' ELSE 'minority' END,
            how: concat(northwest, ' of ', cppc, ' CPPC names of Table 3 are in Xinjiang')
        },
        {
            claim_id: 'C205', recomputed: 1.0 * west / cppc, word: CASE WHEN 2 * west > cppc THEN 'majority' ELSE 'minority' END,
            how: concat(west, ' of ', cppc, ' CPPC names of Table 3 are in provinces of the Western Development Strategy')
        },
        {
            claim_id: 'C206', recomputed: cppc_examples, word: NULL,
            how: 'examples of the section that Table 3 lists under this mode'
        },
        {
            claim_id: 'C217', recomputed: cpc_examples, word: NULL,
            how: 'examples of the section that Table 3 lists under this mode'
        },
        {
            claim_id: 'C228', recomputed: NULL,
            word: CASE WHEN step_told LIKE concat('%>', alashankou) THEN step_told ELSE concat('>', alashankou) END,
            how: 'mode of Alashankou in Table 3, and the step of section 3.4 that leads to it'
        },
        {
            claim_id: 'C230', recomputed: cc_examples, word: NULL,
            how: 'examples of the section that Table 3 lists under this mode'
        },
        {claim_id: 'C242', recomputed: paths, word: NULL, how: 'paths of section 3.4'}
    ]) AS line
    FROM listed CROSS JOIN several CROSS JOIN modes_of CROSS JOIN total CROSS JOIN steps CROSS JOIN examples CROSS JOIN hekou
)
SELECT
    line['claim_id'] AS claim_id,
    'equal' AS relation,
    CAST(line['recomputed'] AS DOUBLE) AS recomputed,
    CAST(NULL AS DOUBLE) AS low,
    CAST(NULL AS DOUBLE) AS high,
    line['word'] AS recomputed_text,
    line['how'] AS how
FROM lines
ORDER BY claim_id;
