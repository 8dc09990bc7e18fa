-- name: concentration_by_country
-- title: How concentrated ports, cargo and people are on the neighbouring countries
-- param: largest integer = 3 between 1 and 11 -- how many of the largest countries share_of_largest adds up
-- source: Table 2 of the paper
-- example: largest=4
-- hhi and gini: 0 is even, 1 is all in one country; effective_countries is 1 / hhi.
-- differs_from_ports is the share that would have to move to be spread like the ports (Hoover index).
WITH amounts AS (
    SELECT 1 AS line, 'ports' AS measure, country, ports AS amount, ports FROM paper.table2
    UNION ALL
    SELECT 2, 'cargo', country, cargo_1000_tonnes, ports FROM paper.table2
    UNION ALL
    SELECT 3, 'people', country, people_1000_person_times, ports FROM paper.table2
)
SELECT
    measure,
    count(*) AS countries,
    round(hhi(amount), 4) AS hhi,
    round(effective_number(amount), 2) AS effective_countries,
    round(cr_k(amount, $largest), 4) AS share_of_largest,
    round(gini(amount), 4) AS gini,
    round(theil_t(amount), 4) AS theil,
    round(entropy_normalized(amount), 4) AS evenness,
    round(hoover_index(amount, ports), 4) AS differs_from_ports
FROM amounts
GROUP BY line, measure
ORDER BY line;
