-- name: recomputed_countries
-- title: Ports, cargo and people by country: what Table 2 implies for its percents and for the text
-- source: paper, sections 2.1.3, 2.2 and 2.3, Tables 1 and 2; tables paper.table2, paper.table1, paper.cases, paper.lists
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. Cargo and people are printed in whole thousands and known
-- to half a thousand; low and high say what a share of them may be.
WITH rows AS (
    SELECT
        coalesce(countries.country, table2.country) AS country,
        table2.country AS printed,
        ports,
        cargo_1000_tonnes AS cargo,
        people_1000_person_times AS people,
        cargo_percent,
        people_percent
    FROM paper.table2 AS table2
    LEFT JOIN countries ON countries.name_in_table2 = table2.country
),
total AS (
    SELECT
        count(*) AS countries,
        sum(ports) AS ports,
        sum(cargo) AS cargo,
        sum(people) AS people,
        0.5 * count(*) AS half,
        sum(cargo_percent) AS cargo_percent,
        sum(people_percent) AS people_percent,
        0.05 * count(*) AS percent_half
    FROM rows
),
table1 AS (
    SELECT
        sum(ports) AS ports,
        sum(air) AS air,
        sum(river) FILTER (WHERE region = 'Northeast China') AS northeast_river
    FROM paper.table1
    WHERE NOT is_total
),
percents AS (
    SELECT
        claims_of.claim_id,
        CASE claims_of.measure WHEN 'cargo' THEN rows.cargo ELSE rows.people END AS amount,
        CASE claims_of.measure WHEN 'cargo' THEN total.cargo ELSE total.people END AS of_all,
        1 AS terms,
        'equal' AS relation,
        'amount of the country by the sum of the column' AS how
    FROM (VALUES
        ('C127', 'Russia', 'cargo'), ('C128', 'Russia', 'people'), ('C129', 'North Korea', 'cargo'), ('C130', 'North Korea', 'people'),
        ('C131', 'Mongolia', 'cargo'), ('C132', 'Mongolia', 'people'), ('C133', 'Vietnam', 'cargo'), ('C134', 'Vietnam', 'people'),
        ('C135', 'Kazakhstan', 'cargo'), ('C136', 'Kazakhstan', 'people'), ('C137', 'Burma', 'cargo'), ('C138', 'Burma', 'people'),
        ('C139', 'Laos', 'cargo'), ('C140', 'Laos', 'people'), ('C141', 'Nepal', 'cargo'), ('C142', 'Nepal', 'people'),
        ('C143', 'Kyrgyzstan', 'cargo'), ('C144', 'Kyrgyzstan', 'people'), ('C145', 'Pakistan', 'cargo'), ('C146', 'Pakistan', 'people'),
        ('C147', 'Tajikistan', 'cargo'), ('C148', 'Tajikistan', 'people')
    ) AS claims_of(claim_id, country, measure)
    JOIN rows ON rows.printed = claims_of.country
    CROSS JOIN total
),
groups AS (
    SELECT
        sum(cargo) FILTER (WHERE country IN ('Kazakhstan', 'Mongolia', 'Russia')) AS main_cargo,
        sum(people) FILTER (WHERE country IN ('Russia', 'Vietnam', 'Mongolia')) AS main_people,
        sum(cargo) FILTER (WHERE country IN ('Vietnam', 'Myanmar', 'Laos')) AS southwest_cargo,
        sum(people) FILTER (WHERE country IN ('Vietnam', 'Myanmar', 'Laos')) AS southwest_people,
        sum(cargo) FILTER (WHERE country IN ('Kazakhstan', 'Kyrgyzstan', 'Tajikistan', 'Pakistan')) AS northwest_cargo,
        sum(ports) FILTER (WHERE country IN ('Russia', 'North Korea', 'Mongolia', 'Kazakhstan')) AS main_ports,
        max(ports) FILTER (WHERE country = 'Russia') AS russia,
        max(ports) FILTER (WHERE country = 'North Korea') AS north_korea,
        max(ports) FILTER (WHERE country = 'Mongolia') AS mongolia,
        max(ports) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan
    FROM rows
),
group_shares AS (
    SELECT unnest([
        {claim_id: 'C114', relation: 'equal', amount: southwest_cargo, of_all: cargo, terms: 3, how: 'Vietnam, Burma and Laos in Table 2'},
        {claim_id: 'C116', relation: 'equal', amount: southwest_people, of_all: people, terms: 3, how: 'Vietnam, Burma and Laos in Table 2'},
        {claim_id: 'C121', relation: 'at least', amount: northwest_cargo, of_all: cargo, terms: 4, how: 'Kazakhstan, Kyrgyzstan, Tajikistan and Pakistan in Table 2; Xinjiang has further ports to Mongolia'},
        {claim_id: 'C124', relation: 'equal', amount: main_cargo, of_all: cargo, terms: 3, how: 'Kazakhstan, Mongolia and Russia in Table 2'},
        {claim_id: 'C126', relation: 'equal', amount: main_people, of_all: people, terms: 3, how: 'Russia, Vietnam and Mongolia in Table 2'}
    ]) AS line
    FROM groups CROSS JOIN total
),
all_shares AS (
    SELECT claim_id, relation, amount, of_all, terms, how FROM percents
    UNION ALL
    SELECT line['claim_id'], line['relation'], line['amount'], line['of_all'], line['terms'], line['how'] FROM group_shares
),
open_countries AS (
    -- a country that the text names with a port, though Table 2 has no row for it: India
    SELECT country FROM rows
    UNION
    SELECT split_part(value, ', ', 2) FROM paper.cases WHERE attribute = 'counterpart'
),
exact AS (
    SELECT unnest([
        {claim_id: 'C074', recomputed: total.countries, how: 'rows of Table 2; India, to which Pulan was opened, has none'},
        {claim_id: 'C075', recomputed: russia, how: 'Table 2'},
        {claim_id: 'C076', recomputed: north_korea, how: 'Table 2'},
        {claim_id: 'C077', recomputed: mongolia, how: 'Table 2'},
        {claim_id: 'C078', recomputed: kazakhstan, how: 'Table 2'},
        {claim_id: 'C079', recomputed: 100.0 * main_ports / total.ports, how: concat(main_ports, ' of ', total.ports, ' ports in Table 2')},
        {claim_id: 'C149', recomputed: total.ports, how: 'rows added; Table 1 has as many without airports'}
    ]) AS line
    FROM groups CROSS JOIN total
),
rounded AS (
    SELECT unnest([
        {claim_id: 'C123', recomputed: main_cargo / 1000.0, half: 0.0015, how: 'Kazakhstan, Mongolia and Russia in Table 2'},
        {claim_id: 'C125', recomputed: main_people / 1000.0, half: 0.0015, how: 'Russia, Vietnam and Mongolia in Table 2'},
        {claim_id: 'C150', recomputed: total.cargo, half: total.half, how: 'rows added'},
        {claim_id: 'C151', recomputed: total.people, half: total.half, how: 'rows added'},
        {claim_id: 'C152', recomputed: total.cargo_percent, half: percent_half, how: 'rows added'},
        {claim_id: 'C153', recomputed: total.people_percent, half: percent_half, how: 'rows added'}
    ]) AS line
    FROM groups CROSS JOIN total
),
central_asia AS (
    SELECT rows.country, rows.cargo, rank() OVER (ORDER BY rows.cargo DESC) AS place
    FROM rows
    JOIN paper.lists AS lists ON lists.item = rows.country AND lists.list = 'countries of Central Asia'
),
words AS (
    SELECT
        'C158' AS claim_id, NULL AS recomputed,
        CASE WHEN place = 1 THEN 'largest' ELSE concat('number ', place) END AS word,
        'rank by cargo in Table 2 among the countries of Central Asia that section 2.1.3 names' AS how
    FROM central_asia
    WHERE country = 'Kazakhstan'
    UNION ALL
    SELECT
        'C154', total.ports,
        CASE total.ports WHEN table1.ports - air THEN 'excluded' WHEN table1.ports THEN 'included' ELSE 'unclear' END,
        'ports of Table 2 against those of Table 1 with and without airports'
    FROM total CROSS JOIN table1
    UNION ALL
    SELECT
        'C159', 1.0 * northeast_river / russia,
        CASE WHEN 2 * northeast_river > russia THEN 'majority' ELSE 'minority' END,
        concat('at most: ', northeast_river, ' river ports in the Northeast, some to North Korea, of ', russia, ' ports to Russia')
    FROM table1 CROSS JOIN groups
)
SELECT
    claim_id, relation,
    100.0 * amount / of_all AS recomputed,
    100.0 * (amount - 0.5 * terms) / (of_all + half) AS low,
    100.0 * (amount + 0.5 * terms) / (of_all - half) AS high,
    NULL AS recomputed_text, how
FROM all_shares CROSS JOIN total
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, NULL, line['how'] FROM exact
UNION ALL
SELECT
    line['claim_id'], 'equal', line['recomputed'], line['recomputed'] - line['half'], line['recomputed'] + line['half'], NULL, line['how']
FROM rounded
UNION ALL
SELECT 'C073', 'equal', count(*), NULL, NULL, NULL, 'countries of Table 2, and those that the text names with a port' FROM open_countries
UNION ALL
SELECT claim_id, 'equal', recomputed, NULL, NULL, word, how FROM words;
