-- name: mode_binary
-- title: The mode rule asked one question at a time: in a city or not, city on both sides or not, PP or CPPC
-- expect: rows = 6
-- expect: unique (preset, question)
-- expect: agree <= names
-- source: paper, section 3 and Table 3; the rule is that of mode_by_rule with its defaults
-- PP against CPPC is asked of the names with these two labels only; any other answer is wrong.
-- majority is the accuracy of always giving the more frequent answer.
WITH questions AS (
    SELECT 1 AS line, 'port in a city (CPC, CC)' AS question, preset, label IN ('CPC', 'CC') AS actual, rule IN ('CPC', 'CC') AS answer
    FROM queries.mode_by_rule(preset => 'both')
    UNION ALL
    SELECT 2, 'a city on both sides (CC)', preset, label = 'CC', rule = 'CC'
    FROM queries.mode_by_rule(preset => 'both')
    UNION ALL
    SELECT 3, 'no city (PP) against a city apart (CPPC)', preset, label = 'PP', CASE WHEN rule IN ('PP', 'CPPC') THEN rule = 'PP' ELSE label <> 'PP' END
    FROM queries.mode_by_rule(preset => 'both')
    WHERE label IN ('PP', 'CPPC')
)
SELECT
    preset,
    question,
    count(*) AS names,
    count(*) FILTER (WHERE actual = answer) AS agree,
    round(accuracy(actual, coalesce(answer, NOT actual)), 3) AS accuracy,
    round(balanced_accuracy(actual, coalesce(answer, NOT actual)), 3) AS balanced_accuracy,
    round(kappa(actual, coalesce(answer, NOT actual)), 3) AS kappa,
    round(1.0 * greatest(count(*) FILTER (WHERE actual), count(*) FILTER (WHERE NOT actual)) / count(*), 3) AS majority
FROM questions
GROUP BY preset, line, question
ORDER BY preset DESC, line;
