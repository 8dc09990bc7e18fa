-- name: regions
-- title: What section 2.2 says of the regions and provinces in numbers, beside the ports counted here and the sums of Table 2
-- expect: rows = 18
-- expect: printed is not null
-- source: paper, section 2.2 and Tables 1 and 2; tables ports and port_countries
-- from_table is computed from the printed tables alone, counted from the table ports; neither corrects what is printed.
-- Table 2 leaves airports out, and Northeast China shares Russia and Mongolia with others, so its traffic cannot be summed from it.
WITH by_region AS (
    SELECT
        region, ports, railway, road, river, cargo_percent, people_percent,
        max(ports) FILTER (WHERE is_total) OVER () AS all_ports,
        max(railway) FILTER (WHERE is_total) OVER () AS all_railway,
        max(river) FILTER (WHERE is_total) OVER () AS all_river
    FROM paper.table1
),
table2 AS (
    SELECT
        100.0 * sum(cargo_1000_tonnes) FILTER (WHERE country IN ('Vietnam', 'Burma', 'Laos')) / sum(cargo_1000_tonnes) AS southwest_cargo,
        100.0 * sum(people_1000_person_times) FILTER (WHERE country IN ('Vietnam', 'Burma', 'Laos')) / sum(people_1000_person_times) AS southwest_people,
        100.0 * sum(ports) FILTER (WHERE country IN ('Russia', 'North Korea', 'Mongolia', 'Kazakhstan')) / sum(ports) AS four_borders
    FROM paper.table2
),
counted AS (
    SELECT
        count(*) AS ports,
        count(*) FILTER (WHERE region = 'Northeast') AS northeast,
        count(*) FILTER (WHERE region = 'Southwest') AS southwest,
        count(*) FILTER (WHERE region = 'Northwest') AS northwest,
        count(*) FILTER (WHERE region = 'Northwest' AND neighbour_country = 'Kazakhstan') AS kazakhstan,
        count(*) FILTER (WHERE type = 'river') AS river,
        count(*) FILTER (WHERE type = 'river' AND region = 'Northeast') AS northeast_river,
        count(*) FILTER (WHERE type = 'rail') AS rail,
        count(*) FILTER (WHERE type = 'rail' AND region = 'Northeast') AS northeast_rail,
        count(*) FILTER (WHERE type = 'road' AND region = 'Southwest') AS southwest_road,
        count(*) FILTER (WHERE type <> 'air') AS without_air,
        count(*) FILTER (WHERE neighbour_country IN ('Russia', 'North Korea', 'Mongolia', 'Kazakhstan')) AS four_borders
    FROM ports
),
provinces AS (
    SELECT region, province, CAST(count(*) AS DOUBLE) AS ports FROM ports GROUP BY region, province
),
printed AS (
    SELECT claim_id, number FROM paper.claims
),
answer AS (
    SELECT 1 AS line, 'C094' AS claim_id, 'Northeast' AS region, 'ports in Heilongjiang' AS what, NULL AS from_table, (SELECT ports FROM provinces WHERE province = 'Heilongjiang') AS counted
    UNION ALL SELECT 2, 'C095', 'Northeast', 'ports in Jilin', NULL, (SELECT ports FROM provinces WHERE province = 'Jilin')
    UNION ALL SELECT 3, 'C096', 'Northeast', 'ports in Liaoning', NULL, (SELECT ports FROM provinces WHERE province = 'Liaoning')
    UNION ALL SELECT 4, 'C097', 'Northeast', 'ports in eastern Inner Mongolia', NULL, (SELECT ports FROM provinces WHERE province = 'Inner Mongolia' AND region = 'Northeast')
    UNION ALL SELECT 5, 'C104', 'Northeast', 'percent of all ports', (SELECT 100.0 * ports / all_ports FROM by_region WHERE region LIKE 'Northeast%'), 100.0 * northeast / ports FROM counted
    UNION ALL SELECT 6, 'C101', 'Northeast', 'percent of all river ports', (SELECT 100.0 * river / all_river FROM by_region WHERE region LIKE 'Northeast%'), 100.0 * northeast_river / river FROM counted
    UNION ALL SELECT 7, 'C103', 'Northeast', 'percent of all railway ports', (SELECT 100.0 * railway / all_railway FROM by_region WHERE region LIKE 'Northeast%'), 100.0 * northeast_rail / rail FROM counted
    UNION ALL SELECT 8, 'C107', 'Southwest', 'ports in Yunnan', NULL, (SELECT ports FROM provinces WHERE province = 'Yunnan')
    UNION ALL SELECT 9, 'C108', 'Southwest', 'ports in Guangxi', NULL, (SELECT ports FROM provinces WHERE province = 'Guangxi')
    UNION ALL SELECT 10, 'C110', 'Southwest', 'percent of all ports', (SELECT 100.0 * ports / all_ports FROM by_region WHERE region LIKE 'Southwest%'), 100.0 * southwest / ports FROM counted
    UNION ALL SELECT 11, 'C111', 'Southwest', 'percent of its ports that are road ports', (SELECT 100.0 * road / ports FROM by_region WHERE region LIKE 'Southwest%'), 100.0 * southwest_road / southwest FROM counted
    UNION ALL SELECT 12, 'C113', 'Southwest', 'percent of cargo, as Vietnam, Burma and Laos', southwest_cargo, NULL FROM table2
    UNION ALL SELECT 13, 'C115', 'Southwest', 'percent of people, as Vietnam, Burma and Laos', southwest_people, NULL FROM table2
    UNION ALL SELECT 14, 'C117', 'Northwest', 'ports in Xinjiang', NULL, (SELECT ports FROM provinces WHERE province = 'Xinjiang')
    UNION ALL SELECT 15, 'C118', 'Northwest', 'percent of all ports', (SELECT 100.0 * ports / all_ports FROM by_region WHERE region LIKE 'Northwest%'), 100.0 * northwest / ports FROM counted
    UNION ALL SELECT 16, 'C119', 'Northwest', 'share of its ports open to Kazakhstan', NULL, 1.0 * kazakhstan / northwest FROM counted
    UNION ALL SELECT 17, 'C081', 'all three', 'percent of all ports', (SELECT 100.0 * sum(ports) / max(all_ports) FROM by_region WHERE region LIKE '% China'), 100.0 * (northeast + southwest + northwest) / ports FROM counted
    UNION ALL SELECT 18, 'C079', 'four borders', 'percent of the ports without airports, to Russia, North Korea, Mongolia and Kazakhstan', table2.four_borders, 100.0 * counted.four_borders / without_air FROM table2 CROSS JOIN counted
)
SELECT
    answer.region,
    answer.what,
    printed.number AS printed,
    round(answer.from_table, 1) AS from_table,
    round(answer.counted, 1) AS counted
FROM answer
JOIN printed ON printed.claim_id = answer.claim_id
ORDER BY answer.line;
