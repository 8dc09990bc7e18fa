-- name: recomputed_traffic
-- title: Railway and road cargo, people, and single ports in 2012: what the printed shares and totals imply for one another
-- source: paper, sections 2.3, 3.2, 3.3 and 3.4, Table 2; tables flows, paper.table2
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. A printed value is known to half of what it was rounded to
-- (flows.rounded_to): low and high say what a result of several such values may be.
-- at most, for a single port: the total of its country in Table 2 less what the text gives to other ports of that country.
WITH printed AS (
    SELECT *, value - rounded_to / 2 AS low, value + rounded_to / 2 AS high
    FROM flows
    WHERE source_id = 'paper-text' AND how = 'stated'
),
by_type AS (
    SELECT
        max(value) FILTER (WHERE subject = 'all railway ports' AND measure = 'cargo') AS rail,
        max(low) FILTER (WHERE subject = 'all railway ports' AND measure = 'cargo') AS rail_low,
        max(high) FILTER (WHERE subject = 'all railway ports' AND measure = 'cargo') AS rail_high,
        max(value) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') AS road,
        max(low) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') AS road_low,
        max(high) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') AS road_high,
        max(value) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') AS people,
        max(low) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') AS people_low,
        max(high) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') AS people_high,
        count(*) FILTER (WHERE bound = 'lower') AS busy_ports,
        sum(value) FILTER (WHERE bound = 'lower') AS busy_people,
        max(value) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') AS alashankou,
        max(low) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') AS alashankou_low,
        max(high) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') AS alashankou_high,
        max(value) FILTER (WHERE place = 'Heihe' AND measure = 'persons') AS heihe,
        max(low) FILTER (WHERE place = 'Heihe' AND measure = 'persons') AS heihe_low,
        max(high) FILTER (WHERE place = 'Heihe' AND measure = 'persons') AS heihe_high
    FROM printed
),
countries_of AS (
    -- Pulan has two countries and no traffic in the text
    SELECT place, min(neighbour_country) AS country FROM ports WHERE neighbour_country IS NOT NULL GROUP BY place
),
totals AS (
    SELECT
        coalesce(countries.country, table2.country) AS country,
        1000.0 * cargo_1000_tonnes AS cargo,
        1000.0 * people_1000_person_times AS people
    FROM paper.table2 AS table2
    LEFT JOIN countries ON countries.name_in_table2 = table2.country
),
total AS (
    SELECT sum(cargo) AS cargo, sum(people) AS people, 500.0 * count(*) AS half FROM totals
),
shares AS (
    SELECT
        printed.place,
        countries_of.country,
        printed.measure = 'share_of_rail_cargo' AS by_rail,
        printed.value AS share,
        printed.rounded_to / 2 AS half,
        printed.value * CASE printed.measure WHEN 'share_of_rail_cargo' THEN rail ELSE road END / 100 AS cargo,
        printed.low * CASE printed.measure WHEN 'share_of_rail_cargo' THEN rail_low ELSE road_low END / 100 AS low,
        printed.high * CASE printed.measure WHEN 'share_of_rail_cargo' THEN rail_high ELSE road_high END / 100 AS high
    FROM printed
    JOIN countries_of ON countries_of.place = printed.place
    CROSS JOIN by_type
    WHERE printed.unit = 'percent'
),
share_sums AS (
    SELECT
        sum(share) FILTER (WHERE by_rail) AS rail_share,
        sum(half) FILTER (WHERE by_rail) AS rail_half,
        sum(share) FILTER (WHERE NOT by_rail) AS road_share,
        sum(half) FILTER (WHERE NOT by_rail) AS road_half,
        sum(cargo) FILTER (WHERE place = 'Alashankou') AS alashankou_parts,
        sum(low) FILTER (WHERE place = 'Alashankou') AS alashankou_parts_low,
        sum(high) FILTER (WHERE place = 'Alashankou') AS alashankou_parts_high,
        sum(cargo) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan,
        sum(low) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan_low,
        sum(high) FILTER (WHERE country = 'Kazakhstan') AS kazakhstan_high,
        sum(cargo) FILTER (WHERE country = 'Russia') AS russia,
        sum(low) FILTER (WHERE country = 'Russia') AS russia_low,
        sum(high) FILTER (WHERE country = 'Russia') AS russia_high,
        sum(cargo) FILTER (WHERE country = 'Mongolia') AS mongolia,
        sum(low) FILTER (WHERE country = 'Mongolia') AS mongolia_low,
        sum(high) FILTER (WHERE country = 'Mongolia') AS mongolia_high
    FROM shares
),
places AS (
    -- what the text gives to a place: its own figure, else its shares
    SELECT printed.place, countries_of.country, measure, max(value) AS value, max(coalesce(low, value)) AS low
    FROM printed
    JOIN countries_of ON countries_of.place = printed.place
    WHERE unit <> 'percent'
    GROUP BY printed.place, countries_of.country, measure
    UNION ALL
    SELECT place, country, 'cargo', sum(cargo), sum(low)
    FROM shares
    WHERE place NOT IN (SELECT place FROM printed WHERE place IS NOT NULL AND measure = 'cargo')
    GROUP BY place, country
),
room AS (
    -- the most that a place can have
    SELECT
        places.place,
        places.measure,
        min(CASE places.measure WHEN 'cargo' THEN totals.cargo ELSE totals.people END) AS total,
        coalesce(sum(others.value), 0) AS value,
        coalesce(sum(others.low), 0) AS low
    FROM places
    JOIN totals ON totals.country = places.country
    LEFT JOIN places AS others
        ON others.country = places.country AND others.measure = places.measure AND others.place <> places.place
    GROUP BY places.place, places.measure
),
most AS (
    SELECT claim_id, unit, room.total - room.value AS value, room.total + 500 - room.low AS high
    FROM (VALUES
        ('C215', 'Torugart', 'cargo', 1), ('C216', 'Torugart', 'persons', 1), ('C225', 'Alashankou', 'cargo', 1000000),
        ('C236', 'Heihe', 'persons', 1000000), ('C239', 'Heihe', 'cargo', 1)
    ) AS claims_of(claim_id, place, measure, unit)
    JOIN room ON room.place = claims_of.place AND room.measure = claims_of.measure
),
rival AS (
    -- the most that any other port can have: one that the text names, or one of a country where it names none
    SELECT max(high) AS high, first_value(name ORDER BY high DESC) AS name
    FROM (
        SELECT place AS name, total + 500 - low AS high FROM room WHERE measure = 'cargo' AND place <> 'Alashankou'
        UNION ALL
        SELECT country, cargo + 500 FROM totals WHERE country NOT IN (SELECT country FROM places WHERE measure = 'cargo')
    )
),
sums AS (
    SELECT unnest([
        {
            claim_id: 'C168', relation: 'equal', recomputed: rail_share, low: rail_share - rail_half, high: rail_share + rail_half,
            how: 'the four printed shares added'
        },
        {
            claim_id: 'C178', relation: 'equal', recomputed: road_share, low: road_share - road_half, high: road_share + road_half,
            how: 'the four printed shares added'
        },
        {
            claim_id: 'C170', relation: 'equal', recomputed: 100 * road / total.cargo,
            low: 100 * road_low / (total.cargo + half), high: 100 * road_high / (total.cargo - half),
            how: 'road cargo by the sum of Table 2'
        },
        {
            claim_id: 'C171', relation: 'at least', recomputed: (rail + road) / 1e6, low: (rail_low + road_low) / 1e6,
            high: (rail_high + road_high) / 1e6, how: 'railway and road cargo added, before any river cargo'
        },
        {
            claim_id: 'C173', relation: 'equal', recomputed: 100 * by_type.people / total.people,
            low: 100 * people_low / (total.people + half), high: 100 * people_high / (total.people - half),
            how: 'people at road ports by the sum of Table 2'
        },
        {
            claim_id: 'C179', relation: 'equal', recomputed: alashankou_parts / 1e6, low: alashankou_parts_low / 1e6,
            high: alashankou_parts_high / 1e6, how: 'its share of railway cargo and its share of road cargo'
        },
        {
            claim_id: 'C180', relation: 'at least', recomputed: kazakhstan / 1e6, low: kazakhstan_low / 1e6, high: kazakhstan_high / 1e6,
            how: 'Alashankou rail and road and Horgos road, from their shares'
        },
        {
            claim_id: 'C181', relation: 'at least', recomputed: russia / 1e6, low: russia_low / 1e6, high: russia_high / 1e6,
            how: 'Manzhouli and Suifenhe rail, from their shares'
        },
        {
            claim_id: 'C182', relation: 'at least', recomputed: mongolia / 1e6, low: mongolia_low / 1e6, high: mongolia_high / 1e6,
            how: 'Erlianhot rail, Ganqimaodu and Ceke road, from their shares'
        },
        {
            claim_id: 'C184', relation: 'equal', recomputed: busy_ports, low: busy_ports, high: busy_ports,
            how: 'road ports that the text lists with more than half a million people'
        },
        {
            claim_id: 'C185', relation: 'at least', recomputed: 100 * busy_people / by_type.people,
            low: 100 * busy_people / people_high, high: 100 * busy_people / people_low,
            how: 'eight ports of at least half a million people each'
        },
        {
            claim_id: 'C226', relation: 'equal', recomputed: 100 * alashankou / total.cargo,
            low: 100 * alashankou_low / (total.cargo + half), high: 100 * alashankou_high / (total.cargo - half),
            how: 'its cargo by the sum of Table 2'
        },
        {
            claim_id: 'C237', relation: 'equal', recomputed: 100 * heihe / total.people,
            low: 100 * heihe_low / (total.people + half), high: 100 * heihe_high / (total.people - half),
            how: 'its people by the sum of Table 2'
        }
    ]) AS line
    FROM by_type CROSS JOIN share_sums CROSS JOIN total
),
words AS (
    SELECT unnest([
        {
            claim_id: 'C160', recomputed: (rail + road) / total.cargo,
            word: CASE WHEN 2 * (rail + road) > total.cargo THEN 'majority' ELSE 'minority' END,
            how: 'railway and road cargo by the sum of Table 2, which it exceeds'
        },
        {
            claim_id: 'C161', recomputed: by_type.people / total.people,
            word: CASE WHEN 2 * by_type.people > total.people THEN 'majority' ELSE 'minority' END,
            how: 'people at road ports by the sum of Table 2'
        },
        {
            claim_id: 'C162', recomputed: NULL,
            word: CASE WHEN alashankou_low > rival.high THEN 'largest' ELSE 'not certain' END,
            how: concat('the next, ', rival.name, ', can have at most ', round(rival.high / 1e6, 2), ' million tonnes')
        }
    ]) AS line
    FROM by_type CROSS JOIN total CROSS JOIN rival
)
SELECT
    line['claim_id'] AS claim_id, line['relation'] AS relation, line['recomputed'] AS recomputed,
    line['low'] AS low, line['high'] AS high, NULL AS recomputed_text, line['how'] AS how
FROM sums
UNION ALL
SELECT claim_id, 'at most', value / unit, NULL, high / unit, NULL, 'its country in Table 2 less what the text gives to other ports there'
FROM most
UNION ALL
SELECT line['claim_id'], 'equal', line['recomputed'], NULL, NULL, line['word'], line['how'] FROM words;
