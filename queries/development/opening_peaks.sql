-- name: opening_peaks
-- title: Peaks of opening: those the paper names, and those that the dated ports show
-- param: p0 double = 0.05 between 0.0001 and 0.9 -- probability of dividing a series without structure
-- param: min_ratio double = 1.5 between 0 and 100 -- a peak has more than this many times the overall rate
-- source: paper, sections 2.1.2, 2.1.3 and 4; table ports; periods by burst_periods (Bayesian blocks)
-- example: min_ratio=3
-- The column ports_dated counts the ports with a known year of opening in the period. Only 81 of the 95 ports have one, and of the paper's
-- first peak 9 of 14: that this peak is not found says that dates are missing, not that there was none.
WITH dated AS (
    SELECT opened_year AS year FROM ports WHERE opened_year IS NOT NULL
),
found AS (
    SELECT unnest(burst_periods(year, 1, $p0, $min_ratio)) AS peak FROM dated
),
periods AS (
    SELECT 'paper' AS according_to, year_from AS first_year, year_to AS last_year, ports
    FROM paper.openings
    WHERE kind = 'peak' AND port_type = 'all' AND country = 'all' AND province = 'all'
    UNION ALL
    SELECT 'dated ports', peak['first_year'], peak['last_year'], peak['n']
    FROM found
)
SELECT
    periods.according_to,
    periods.first_year,
    periods.last_year,
    periods.ports,
    count(dated.year) AS ports_dated,
    round(1.0 * periods.ports / (periods.last_year - periods.first_year + 1), 2) AS ports_a_year
FROM periods
LEFT JOIN dated ON dated.year BETWEEN periods.first_year AND periods.last_year
GROUP BY periods.according_to, periods.first_year, periods.last_year, periods.ports
ORDER BY periods.according_to DESC, periods.first_year;
