-- name: alashankou
-- title: Alashankou: what the paper says of it, beside events, traffic, cities and the mode rule
-- expect: rows = 22
-- source: paper, sections 2.3 and 3.3 and Table 3 (CPC)
-- The printed 23.8 Mt and the two printed shares do not agree: 16.3 Mt by rail and 10.4 Mt by road make 26.7 Mt. Its 40,000 residents are
-- the paper's; GeoNames has 8,525, with which the rule would not see a city (mode_overrides holds the paper's number).
SELECT *
FROM queries.worked_example(port => 'Alashankou')
ORDER BY line;
