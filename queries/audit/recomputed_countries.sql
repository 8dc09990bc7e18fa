-- name: recomputed_countries
-- title: Ports, cargo and people by country: what Table 2 implies for its percents and for the text
-- source: paper, sections 2.1.3, 2.2 and 2.3, Tables 1 and 2; tables paper.table2, paper.table1, paper.cases, paper.lists
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. Cargo and people are printed in whole thousands and known
-- to half a thousand; low and high say what a share of them may be, at the widest.
WITH amounts AS (
    -- the claims on single countries; claim ids of cargo and of people
    SELECT * FROM (VALUES
        ('Russia', 'C127', 'C128'), ('North Korea', 'C129', 'C130'), ('Mongolia', 'C131', 'C132'), ('Vietnam', 'C133', 'C134'),
        ('Kazakhstan', 'C135', 'C136'), ('Burma', 'C137', 'C138'), ('Laos', 'C139', 'C140'), ('Nepal', 'C141', 'C142'),
        ('Kyrgyzstan', 'C143', 'C144'), ('Pakistan', 'C145', 'C146'), ('Tajikistan', 'C147', 'C148')
    ) AS claims_of(country, of_cargo, of_people)
    JOIN paper.table2 AS table2 USING (country)
),
total AS (
    SELECT
        count(*) AS countries,
        sum(ports) AS all_ports,
        sum(cargo_1000_tonnes) AS cargo,
        sum(people_1000_person_times) AS people,
        0.5 * count(*) AS half,
        sum(cargo_percent) AS cargo_percent,
        sum(people_percent) AS people_percent,
        0.05 * count(*) AS percent_half,
        sum(cargo_1000_tonnes) FILTER (WHERE country IN ('Kazakhstan', 'Mongolia', 'Russia')) AS main_cargo,
        sum(people_1000_person_times) FILTER (WHERE country IN ('Russia', 'Vietnam', 'Mongolia')) AS main_people,
        sum(cargo_1000_tonnes) FILTER (WHERE country IN ('Vietnam', 'Burma', 'Laos')) AS southwest_cargo,
        sum(people_1000_person_times) FILTER (WHERE country IN ('Vietnam', 'Burma', 'Laos')) AS southwest_people,
        sum(cargo_1000_tonnes) FILTER (WHERE country IN ('Kazakhstan', 'Kyrgyzstan', 'Tajikistan', 'Pakistan')) AS northwest_cargo,
        sum(ports) FILTER (WHERE country IN ('Russia', 'North Korea', 'Mongolia', 'Kazakhstan')) AS main_ports,
        sum(ports) FILTER (WHERE country = 'Russia') AS russia,
        sum(ports) FILTER (WHERE country = 'North Korea') AS north_korea,
        sum(ports) FILTER (WHERE country = 'Mongolia') AS mongolia,
        sum(ports) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan
    FROM paper.table2
),
asia AS (
    SELECT first_value(table2.country ORDER BY cargo_1000_tonnes DESC) AS central_asia
    FROM paper.table2 AS table2
    JOIN paper.lists AS lists ON lists.item = table2.country AND lists.list = 'countries of Central Asia'
),
table1 AS (
    SELECT
        sum(ports) AS ports,
        sum(air) AS air,
        sum(river) FILTER (WHERE region = 'Northeast China') AS northeast_river
    FROM paper.table1
    WHERE NOT is_total
),
named AS (
    -- countries that the text names with a port, though Table 2 has no row for them: India
    SELECT count(DISTINCT split_part(value, ', ', 2)) AS without_row
    FROM paper.cases
    WHERE attribute = 'counterpart' AND split_part(value, ', ', 2) NOT IN (SELECT country FROM paper.table2)
),
percents AS (
    SELECT unnest([
        {claim_id: of_cargo, amount: cargo_1000_tonnes, of_all: cargo},
        {claim_id: of_people, amount: people_1000_person_times, of_all: people}
    ]) AS line, half
    FROM amounts CROSS JOIN (SELECT cargo, people, half FROM total)
),
lines AS (
    SELECT unnest([
        {
            claim_id: 'C073', relation: 'equal', recomputed: countries + without_row, half: 0.0, word: NULL,
            how: 'countries of Table 2, and those that the text names with a port'
        },
        {
            claim_id: 'C074', relation: 'equal', recomputed: countries, half: 0, word: NULL,
            how: 'rows of Table 2; India, to which Pulan was opened, has none'
        },
        {claim_id: 'C075', relation: 'equal', recomputed: russia, half: 0, word: NULL, how: 'Table 2'},
        {claim_id: 'C076', relation: 'equal', recomputed: north_korea, half: 0, word: NULL, how: 'Table 2'},
        {claim_id: 'C077', relation: 'equal', recomputed: mongolia, half: 0, word: NULL, how: 'Table 2'},
        {claim_id: 'C078', relation: 'equal', recomputed: kazakhstan, half: 0, word: NULL, how: 'Table 2'},
        {
            claim_id: 'C079', relation: 'equal', recomputed: 100.0 * main_ports / all_ports, half: 0, word: NULL,
            how: concat(main_ports, ' of ', all_ports, ' ports in Table 2')
        },
        {
            claim_id: 'C114', relation: 'equal', recomputed: 100.0 * southwest_cargo / cargo,
            half: 100 * (1.5 + half * southwest_cargo / cargo) / cargo, word: NULL,
            how: 'Vietnam, Burma and Laos in Table 2'
        },
        {
            claim_id: 'C116', relation: 'equal', recomputed: 100.0 * southwest_people / people,
            half: 100 * (1.5 + half * southwest_people / people) / people, word: NULL,
            how: 'Vietnam, Burma and Laos in Table 2'
        },
        {
            claim_id: 'C121', relation: 'at least', recomputed: 100.0 * northwest_cargo / cargo,
            half: 100 * (2 + half * northwest_cargo / cargo) / cargo, word: NULL,
            how: 'Kazakhstan, Kyrgyzstan, Tajikistan and Pakistan in Table 2; Xinjiang has further ports to Mongolia'
        },
        {
            claim_id: 'C123', relation: 'equal', recomputed: main_cargo / 1e3, half: 0.0015, word: NULL,
            how: 'Kazakhstan, Mongolia and Russia in Table 2'
        },
        {
            claim_id: 'C124', relation: 'equal', recomputed: 100.0 * main_cargo / cargo,
            half: 100 * (1.5 + half * main_cargo / cargo) / cargo, word: NULL,
            how: 'Kazakhstan, Mongolia and Russia in Table 2'
        },
        {
            claim_id: 'C125', relation: 'equal', recomputed: main_people / 1e3, half: 0.0015, word: NULL,
            how: 'Russia, Vietnam and Mongolia in Table 2'
        },
        {
            claim_id: 'C126', relation: 'equal', recomputed: 100.0 * main_people / people,
            half: 100 * (1.5 + half * main_people / people) / people, word: NULL,
            how: 'Russia, Vietnam and Mongolia in Table 2'
        },
        {
            claim_id: 'C149', relation: 'equal', recomputed: all_ports, half: 0, word: NULL,
            how: 'rows added; Table 1 has as many without airports'
        },
        {claim_id: 'C150', relation: 'equal', recomputed: cargo, half: half, word: NULL, how: 'rows added'},
        {claim_id: 'C151', relation: 'equal', recomputed: people, half: half, word: NULL, how: 'rows added'},
        {claim_id: 'C152', relation: 'equal', recomputed: cargo_percent, half: percent_half, word: NULL, how: 'rows added'},
        {claim_id: 'C153', relation: 'equal', recomputed: people_percent, half: percent_half, word: NULL, how: 'rows added'},
        {
            claim_id: 'C154', relation: 'equal', recomputed: all_ports, half: 0,
            word: CASE all_ports WHEN ports - air THEN 'excluded' WHEN ports THEN 'included' ELSE 'unclear' END,
            how: 'ports of Table 2 against those of Table 1 with and without airports'
        },
        {
            claim_id: 'C158', relation: 'equal', recomputed: NULL, half: 0,
            word: CASE central_asia WHEN 'Kazakhstan' THEN 'largest' ELSE 'not the largest' END,
            how: 'by cargo in Table 2 among the countries of Central Asia that section 2.1.3 names'
        },
        {
            claim_id: 'C159', relation: 'equal', recomputed: 1.0 * northeast_river / russia, half: 0,
            word: CASE WHEN 2 * northeast_river > russia THEN 'majority' ELSE 'minority' END,
            how: concat('at most: ', northeast_river, ' river ports in the Northeast, some to North Korea, of ', russia, ' ports to Russia')
        }
    ]) AS line
    FROM total CROSS JOIN table1 CROSS JOIN named CROSS JOIN asia
)
SELECT
    line['claim_id'] AS claim_id,
    line['relation'] AS relation,
    CAST(line['recomputed'] AS DOUBLE) AS recomputed,
    line['recomputed'] - line['half'] AS low,
    line['recomputed'] + line['half'] AS high,
    line['word'] AS recomputed_text,
    line['how'] AS how
FROM lines
UNION ALL
SELECT
    line['claim_id'],
    'equal',
    100.0 * line['amount'] / line['of_all'],
    100.0 * (line['amount'] - 0.5) / (line['of_all'] + half),
    100.0 * (line['amount'] + 0.5) / (line['of_all'] - half),
    NULL,
    'amount of the country by the sum of the column'
FROM percents
ORDER BY claim_id;
