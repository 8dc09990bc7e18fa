-- name: torugart
-- title: Torugart: what the paper says of it, beside events, traffic, cities and the mode rule
-- expect: rows = 17
-- source: paper, section 3.2 and Table 3 (CPPC)
-- The stage depends on the event: first use in 1881 is pre-1949, the reopening of 1983 is 1980-1999. The text names Kashgar as the city on
-- the Chinese side, more than 100 km away; the nearest one of 20,000 people is Artux, a little nearer. Both readings give CPPC.
SELECT *
FROM queries.worked_example(port => 'Torugart')
ORDER BY line;
