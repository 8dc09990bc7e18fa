-- name: heihe
-- title: Heihe: what the paper says of it, beside events, traffic, cities and the mode rule
-- expect: rows = 14
-- source: paper, sections 2.1.3 and 3.4 and Table 3 (CC)
-- 1.1 million people are 7.7 percent of Table 2, printed as 7.5: the total may include airports. Its ranks, fourth by people and 28th by
-- cargo, cannot be checked: the traffic of few other ports is known.
SELECT *
FROM queries.worked_example(port => 'Heihe')
ORDER BY line;
