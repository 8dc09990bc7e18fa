-- name: openings
-- title: Ports by the year of their opening
-- param: since integer = 1950 between 1000 and 2100 -- the first year asked for
-- expect: columns (opened_year integer, stage varchar, place varchar)
-- example: since=1980
SELECT opened_year, port_stage(opened_year) AS stage, place
FROM ports
WHERE opened_year >= $since
ORDER BY opened_year, place;
