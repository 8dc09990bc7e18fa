-- name: recomputed_lists
-- title: Numbers that the text gives beside a list or a calculation of its own
-- source: paper, sections 1, 2, 2.1.1, 3.3, 3.4 and 4; tables paper.lists, paper.cases
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other statements of the paper decide. The Five-Year Plans are counted from the sixth, 1981 to
-- 1985. Two populations are called similar where the smaller is at least four fifths of the larger.
WITH counted AS (
    SELECT list, section, count(*) AS items FROM paper.lists GROUP BY list, section
),
factors AS (
    -- named alike in sections 3.4 and 4
    SELECT count(*) AS items
    FROM paper.lists AS body
    JOIN paper.lists AS conclusion
        ON regexp_replace(conclusion.item, '^the ', '') = body.item
        OR regexp_replace(conclusion.item, '^the ', '') = rtrim(body.item, 's')
    WHERE body.list = 'key factors' AND body.section = '3.4' AND conclusion.list = 'key factors' AND conclusion.section = '4'
),
plans AS (
    SELECT claim_id, 1981 + 5 * (number - 6) AS first_year FROM (VALUES ('C013', 12), ('C229', 10)) AS claims_of(claim_id, number)
),
told AS (
    SELECT
        max(number) FILTER (WHERE port = 'Alashankou' AND attribute = 'industrial_park') AS park,
        max(number) FILTER (WHERE port = 'Alashankou' AND attribute = 'free_trade_zone_delay') AS delay,
        max(number) FILTER (WHERE port = 'Heihe' AND attribute = 'home_city_population') AS home,
        max(number) FILTER (WHERE port = 'Heihe' AND attribute = 'foreign_city_population') AS abroad
    FROM paper.cases
)
SELECT
    claim_id, 'equal' AS relation, items AS recomputed, NULL AS low, NULL AS high, NULL AS recomputed_text, 'named one by one' AS how
FROM (VALUES
    ('C001', 'neighbouring countries'), ('C014', 'types of ports'), ('C017', 'treaty sea ports')
) AS claims_of(claim_id, list)
JOIN counted ON counted.list = claims_of.list
UNION ALL
SELECT 'C241', 'equal', items, NULL, NULL, NULL, 'factors named alike in sections 3.4 and 4' FROM factors
UNION ALL
SELECT claim_id, 'equal', NULL, NULL, NULL, concat(first_year, '-', first_year + 4), 'five years each, the sixth plan from 1981' FROM plans
UNION ALL
SELECT 'C222', 'equal', park + delay, NULL, NULL, NULL, 'year of the industrial park and "three years later"' FROM told
UNION ALL
SELECT
    'C233', 'equal', least(home, abroad) / greatest(home, abroad), NULL, NULL,
    CASE WHEN least(home, abroad) >= 0.8 * greatest(home, abroad) THEN 'similar' ELSE 'different' END,
    'the smaller by the larger'
FROM told
ORDER BY claim_id;
