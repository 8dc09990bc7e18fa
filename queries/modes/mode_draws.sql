-- name: mode_draws
-- title: Random numbers for resamples of the 54 names of Table 3, the same on every machine
-- param: resamples integer between 1 and 20000 -- how many times 54 names are drawn
-- param: seed integer = 1 between 0 and 1000000 -- another seed gives other numbers
-- expect: columns (resample bigint, draw bigint, number bigint)
-- expect: unique (resample, draw)
-- expect: number between 0 and 2147483646
-- source: a permutation of the numbers below the prime 2^31 - 1, for want of a random function that can be repeated
-- example: resamples=2
-- number is mixed from seed, resample and draw by three rounds of x -> (x + constant)^5 modulo 2^31 - 1, which takes no two numbers to the
-- same one; no product leaves 64 bits. Its remainder by n is one of n.
WITH numbers AS (
    SELECT unnest(generate_series(CAST(1 AS BIGINT), CAST($resamples AS BIGINT))) AS resample
),
draws AS (
    SELECT unnest(generate_series(CAST(1 AS BIGINT), CAST(54 AS BIGINT))) AS draw
),
seeds AS (
    SELECT resample, draw, (CAST($seed AS BIGINT) * 1000003 + resample * 64 + draw) % 2147483647 AS x
    FROM numbers CROSS JOIN draws
),
squares_1 AS (SELECT resample, draw, (x + 739082445) % 2147483647 AS x FROM seeds),
powers_1 AS (SELECT resample, draw, x, (x * x) % 2147483647 AS square FROM squares_1),
round_1 AS (SELECT resample, draw, (((square * square) % 2147483647) * x) % 2147483647 AS x FROM powers_1),
squares_2 AS (SELECT resample, draw, (x + 1618033988) % 2147483647 AS x FROM round_1),
powers_2 AS (SELECT resample, draw, x, (x * x) % 2147483647 AS square FROM squares_2),
round_2 AS (SELECT resample, draw, (((square * square) % 2147483647) * x) % 2147483647 AS x FROM powers_2),
squares_3 AS (SELECT resample, draw, (x + 271828182) % 2147483647 AS x FROM round_2),
powers_3 AS (SELECT resample, draw, x, (x * x) % 2147483647 AS square FROM squares_3)
SELECT resample, draw, (((square * square) % 2147483647) * x) % 2147483647 AS number
FROM powers_3
ORDER BY resample, draw;
