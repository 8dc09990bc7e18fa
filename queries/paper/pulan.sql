-- name: pulan
-- title: Pulan: what the paper says of it, beside events, traffic, cities and the mode rule
-- expect: rows = 12
-- source: paper, section 3.1 and Table 3 (PP)
-- The one port to two countries: India since 1954, Nepal since 1961. Table 2 counts it under Nepal and leaves India out. The closure of 1962
-- and the reopening of 1992 concern the Indian side only. No city lies near on either side; the rule is asked for Nepal.
SELECT *
FROM queries.worked_example(port => 'Pulan')
ORDER BY line;
