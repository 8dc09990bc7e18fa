-- name: recomputed_traffic
-- title: Railway and road cargo, people, and single ports in 2012: what the printed shares and totals imply for one another
-- source: paper, sections 2.3, 3.2, 3.3 and 3.4, Table 2; tables flows, paper.table2, ports
-- expect: unique (claim_id)
-- expect: relation in ('equal', 'at most', 'at least', 'within')
-- expect: recomputed is not null or recomputed_text is not null or relation = 'within'
-- One row for each claim that other numbers of the paper decide. A printed value is known to half of what it was rounded to
-- (flows.rounded_to): low and high say what a result of several such values may be.
-- at most, for a single port: the total of its country in Table 2 less what the text gives to other ports of that country.
WITH printed AS (
    SELECT subject, place, measure, unit, bound, value, value - rounded_to / 2 AS low, value + rounded_to / 2 AS high
    FROM flows
    WHERE source_id = 'paper-text' AND how = 'stated'
),
countries_of AS (
    -- no place with traffic in the text has two countries, or one that Table 2 names otherwise (Burma)
    SELECT place, min(neighbour_country) AS country FROM ports WHERE neighbour_country IS NOT NULL GROUP BY place
),
figures AS (
    -- what the text states; a share of a type of transport also as the cargo that it makes (part)
    SELECT
        printed.*,
        countries_of.country,
        printed.value * total.value / 100 AS part,
        printed.low * total.low / 100 AS part_low,
        printed.high * total.high / 100 AS part_high
    FROM printed
    LEFT JOIN countries_of ON countries_of.place = printed.place
    LEFT JOIN printed AS total
        ON total.subject = CASE printed.measure
            WHEN 'share_of_rail_cargo' THEN 'all railway ports' WHEN 'share_of_road_cargo' THEN 'all road ports' END
        AND total.measure = 'cargo'
),
stated AS (
    SELECT
        sum(value) FILTER (WHERE subject = 'all railway ports') / 1e6 AS rail,
        sum(low) FILTER (WHERE subject = 'all railway ports') / 1e6 AS rail_low,
        sum(high) FILTER (WHERE subject = 'all railway ports') / 1e6 AS rail_high,
        sum(value) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') / 1e6 AS road,
        sum(low) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') / 1e6 AS road_low,
        sum(high) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') / 1e6 AS road_high,
        sum(value) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') / 1e6 AS by_road,
        sum(low) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') / 1e6 AS by_road_low,
        sum(high) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') / 1e6 AS by_road_high,
        sum(value) FILTER (WHERE measure = 'share_of_rail_cargo') AS rail_share,
        sum(low) FILTER (WHERE measure = 'share_of_rail_cargo') AS rail_share_low,
        sum(high) FILTER (WHERE measure = 'share_of_rail_cargo') AS rail_share_high,
        sum(value) FILTER (WHERE measure = 'share_of_road_cargo') AS road_share,
        sum(low) FILTER (WHERE measure = 'share_of_road_cargo') AS road_share_low,
        sum(high) FILTER (WHERE measure = 'share_of_road_cargo') AS road_share_high,
        count(*) FILTER (WHERE bound = 'lower') AS busy_ports,
        sum(value) FILTER (WHERE bound = 'lower') / 1e6 AS busy,
        sum(value) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') / 1e6 AS alashankou,
        sum(low) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') / 1e6 AS alashankou_low,
        sum(high) FILTER (WHERE place = 'Alashankou' AND measure = 'cargo') / 1e6 AS alashankou_high,
        sum(part) FILTER (WHERE place = 'Alashankou') / 1e6 AS parts,
        sum(part_low) FILTER (WHERE place = 'Alashankou') / 1e6 AS parts_low,
        sum(part_high) FILTER (WHERE place = 'Alashankou') / 1e6 AS parts_high,
        sum(value) FILTER (WHERE place = 'Heihe' AND measure = 'persons') / 1e6 AS heihe,
        sum(low) FILTER (WHERE place = 'Heihe' AND measure = 'persons') / 1e6 AS heihe_low,
        sum(high) FILTER (WHERE place = 'Heihe' AND measure = 'persons') / 1e6 AS heihe_high,
        sum(part) FILTER (WHERE country = 'Kazakhstan') / 1e6 AS kazakhstan,
        sum(part_low) FILTER (WHERE country = 'Kazakhstan') / 1e6 AS kazakhstan_low,
        sum(part_high) FILTER (WHERE country = 'Kazakhstan') / 1e6 AS kazakhstan_high,
        sum(part) FILTER (WHERE country = 'Russia') / 1e6 AS russia,
        sum(part_low) FILTER (WHERE country = 'Russia') / 1e6 AS russia_low,
        sum(part_high) FILTER (WHERE country = 'Russia') / 1e6 AS russia_high,
        sum(part) FILTER (WHERE country = 'Mongolia') / 1e6 AS mongolia,
        sum(part_low) FILTER (WHERE country = 'Mongolia') / 1e6 AS mongolia_low,
        sum(part_high) FILTER (WHERE country = 'Mongolia') / 1e6 AS mongolia_high
    FROM figures
),
amounts AS (
    SELECT country, 'cargo' AS measure, 1000.0 * cargo_1000_tonnes AS value FROM paper.table2
    UNION ALL
    SELECT country, 'persons', 1000.0 * people_1000_person_times FROM paper.table2
),
places AS (
    -- the figure of a place, else the sum of its shares
    SELECT
        place,
        country,
        CASE unit WHEN 'percent' THEN 'cargo' ELSE measure END AS measure,
        coalesce(sum(value) FILTER (WHERE unit <> 'percent'), sum(part)) AS value,
        coalesce(sum(coalesce(low, value)) FILTER (WHERE unit <> 'percent'), sum(part_low)) AS low
    FROM figures
    WHERE place IS NOT NULL
    GROUP BY place, country, CASE unit WHEN 'percent' THEN 'cargo' ELSE measure END
),
room AS (
    -- the most that a place can have, or a country of whose places the text tells nothing
    SELECT
        coalesce(places.place, amounts.country) AS name,
        amounts.measure,
        amounts.value - coalesce(sum(places.value) OVER of_country - places.value, 0) AS most,
        amounts.value + 500 - coalesce(sum(places.low) OVER of_country - places.low, 0) AS high
    FROM amounts
    LEFT JOIN places ON places.country = amounts.country AND places.measure = amounts.measure
    WINDOW of_country AS (PARTITION BY amounts.country, amounts.measure)
),
rooms AS (
    SELECT
        max(most) FILTER (WHERE name = 'Torugart' AND measure = 'cargo') AS torugart_cargo,
        max(most) FILTER (WHERE name = 'Torugart' AND measure = 'persons') AS torugart_people,
        max(most) FILTER (WHERE name = 'Alashankou' AND measure = 'cargo') / 1e6 AS alashankou_most,
        max(high) FILTER (WHERE name = 'Alashankou' AND measure = 'cargo') / 1e6 AS alashankou_most_high,
        max(most) FILTER (WHERE name = 'Heihe' AND measure = 'persons') / 1e6 AS heihe_people,
        max(most) FILTER (WHERE name = 'Heihe' AND measure = 'cargo') AS heihe_cargo,
        max(high) FILTER (WHERE name = 'Heihe' AND measure = 'cargo') AS heihe_cargo_high,
        max(high) FILTER (WHERE name <> 'Alashankou' AND measure = 'cargo') / 1e6 AS rival_high,
        first_value(name ORDER BY high DESC) FILTER (WHERE name <> 'Alashankou' AND measure = 'cargo') AS rival
    FROM room
),
totals AS (
    SELECT sum(cargo_1000_tonnes) / 1e3 AS cargo, sum(people_1000_person_times) / 1e3 AS people, 0.0005 * count(*) AS half
    FROM paper.table2
),
lines AS (
    SELECT unnest([
        {
            claim_id: 'C160', relation: 'equal', recomputed: (rail + road) / cargo, low: NULL, high: NULL,
            word: CASE WHEN 2 * (rail + road) > cargo THEN 'majority' ELSE 'minority' END,
            how: 'railway and road cargo by the sum of Table 2, which it exceeds'
        },
        {
            claim_id: 'C161', relation: 'equal', recomputed: by_road / people, low: NULL, high: NULL,
            word: CASE WHEN 2 * by_road > people THEN 'majority' ELSE 'minority' END,
            how: 'people at road ports by the sum of Table 2'
        },
        {
            claim_id: 'C162', relation: 'equal', recomputed: NULL, low: NULL, high: NULL,
            word: CASE WHEN alashankou_low > rival_high THEN 'largest' ELSE 'not certain' END,
            how: concat('the next, ', rival, ', can have at most ', round(rival_high, 2), ' million tonnes')
        },
        {
            claim_id: 'C168', relation: 'equal', recomputed: rail_share, low: rail_share_low, high: rail_share_high,
            word: NULL, how: 'the four printed shares added'
        },
        {
            claim_id: 'C170', relation: 'equal', recomputed: 100 * road / cargo,
            low: 100 * road_low / (cargo + half), high: 100 * road_high / (cargo - half),
            word: NULL, how: 'road cargo by the sum of Table 2'
        },
        {
            claim_id: 'C171', relation: 'at least', recomputed: rail + road, low: rail_low + road_low, high: rail_high + road_high,
            word: NULL, how: 'railway and road cargo added, before any river cargo'
        },
        {
            claim_id: 'C173', relation: 'equal', recomputed: 100 * by_road / people,
            low: 100 * by_road_low / (people + half), high: 100 * by_road_high / (people - half),
            word: NULL, how: 'people at road ports by the sum of Table 2'
        },
        {
            claim_id: 'C178', relation: 'equal', recomputed: road_share, low: road_share_low, high: road_share_high,
            word: NULL, how: 'the four printed shares added'
        },
        {
            claim_id: 'C179', relation: 'equal', recomputed: parts, low: parts_low, high: parts_high,
            word: NULL, how: 'its share of railway cargo and its share of road cargo'
        },
        {
            claim_id: 'C180', relation: 'at least', recomputed: kazakhstan, low: kazakhstan_low, high: kazakhstan_high,
            word: NULL, how: 'Alashankou rail and road and Horgos road, from their shares'
        },
        {
            claim_id: 'C181', relation: 'at least', recomputed: russia, low: russia_low, high: russia_high,
            word: NULL, how: 'Manzhouli and Suifenhe rail, from their shares'
        },
        {
            claim_id: 'C182', relation: 'at least', recomputed: mongolia, low: mongolia_low, high: mongolia_high,
            word: NULL, how: 'Erlianhot rail, Ganqimaodu and Ceke road, from their shares'
        },
        {
            claim_id: 'C184', relation: 'equal', recomputed: busy_ports, low: NULL, high: NULL,
            word: NULL, how: 'road ports that the text lists with more than half a million people'
        },
        {
            claim_id: 'C185', relation: 'at least', recomputed: 100 * busy / by_road,
            low: 100 * busy / by_road_high, high: 100 * busy / by_road_low,
            word: NULL, how: 'eight ports of at least half a million people each'
        },
        {
            claim_id: 'C215', relation: 'at most', recomputed: torugart_cargo, low: NULL, high: torugart_cargo + 500,
            word: NULL, how: 'Kyrgyzstan in Table 2'
        },
        {
            claim_id: 'C216', relation: 'at most', recomputed: torugart_people, low: NULL, high: torugart_people + 500,
            word: NULL, how: 'Kyrgyzstan in Table 2'
        },
        {
            claim_id: 'C225', relation: 'at most', recomputed: alashankou_most, low: NULL, high: alashankou_most_high,
            word: NULL, how: 'Kazakhstan in Table 2 less Horgos road'
        },
        {
            claim_id: 'C226', relation: 'equal', recomputed: 100 * alashankou / cargo,
            low: 100 * alashankou_low / (cargo + half), high: 100 * alashankou_high / (cargo - half),
            word: NULL, how: 'its cargo by the sum of Table 2'
        },
        {
            claim_id: 'C236', relation: 'at most', recomputed: heihe_people, low: NULL, high: heihe_people + 0.0005,
            word: NULL, how: 'Russia in Table 2 less the least that the text gives to three road ports'
        },
        {
            claim_id: 'C237', relation: 'equal', recomputed: 100 * heihe / people,
            low: 100 * heihe_low / (people + half), high: 100 * heihe_high / (people - half),
            word: NULL, how: 'its people by the sum of Table 2'
        },
        {
            claim_id: 'C239', relation: 'at most', recomputed: heihe_cargo, low: NULL, high: heihe_cargo_high,
            word: NULL, how: 'Russia in Table 2 less Manzhouli and Suifenhe rail'
        }
    ]) AS line
    FROM stated CROSS JOIN rooms CROSS JOIN totals
)
SELECT
    line['claim_id'] AS claim_id,
    line['relation'] AS relation,
    CAST(line['recomputed'] AS DOUBLE) AS recomputed,
    CAST(line['low'] AS DOUBLE) AS low,
    CAST(line['high'] AS DOUBLE) AS high,
    line['word'] AS recomputed_text,
    line['how'] AS how
FROM lines
ORDER BY claim_id;
