-- name: cases
-- title: What the text says of single ports and cities, beside what the other tables say of the same thing
-- param: port text = 'all' -- only the lines on this port [values: SELECT DISTINCT port FROM paper.cases ORDER BY port]
-- expect: unique (row_no)
-- expect: (found is null) = (found_in is null)
-- source: paper, sections 2.1 to 3.4, as table paper.cases; tables ports, port_events, flows, cities, paper.table2
-- example: port=Erlianhot
-- found is what the tables have and found_in where; with the source paper-text there is no second opinion, only a check that the text
-- was read right. NULL: no other table speaks of it. Neither side corrects the other.
WITH cases AS (
    SELECT
        *,
        CASE port WHEN 'Erlianhot' THEN 'Erenhot' WHEN 'Kashgar airport' THEN 'Kashgar' ELSE port END AS place,
        coalesce(note, '') LIKE '%railway port%' AS of_railway,
        CASE WHEN note LIKE 'to %' THEN split_part(note, ' ', 2) END AS to_country
    FROM paper.cases
    WHERE $port IN ('all', port)
),
events AS (
    SELECT
        cases.row_no,
        string_agg(concat(
            port_events.year, ' ', port_events.event,
            CASE WHEN port_events.country IS NULL THEN '' ELSE concat(' (', port_events.country, ')') END,
            CASE WHEN ports.type IN ('rail', 'road') THEN concat(', ', ports.type) ELSE '' END
        ), '; ' ORDER BY port_events.year, port_events.port_id) AS found,
        concat('port_events: ', string_agg(port_events.source_id, '; ' ORDER BY port_events.year, port_events.port_id)) AS found_in
    FROM cases
    JOIN ports ON ports.place = cases.place AND (ports.type <> 'air' OR cases.port LIKE '%airport')
    JOIN port_events ON port_events.port_id = ports.port_id
    WHERE CASE cases.attribute
            WHEN 'opened' THEN
                (port_events.event = 'opened' OR port_events.counted)
                AND coalesce(port_events.country = cases.to_country, port_events.country IS NULL)
            WHEN 'first_established' THEN port_events.event = 'first_use'
            WHEN 'international_port' THEN port_events.event = 'approved'
            ELSE port_events.event = replace(cases.attribute, 'counterpart_', '')
        END
        AND (ports.type = 'rail' OR NOT cases.of_railway)
    GROUP BY cases.row_no
),
at_port AS (
    SELECT
        cases.row_no,
        CASE min(cases.attribute)
            WHEN 'port_type' THEN string_agg(ports.type, '; ' ORDER BY ports.type)
            WHEN 'province' THEN min(ports.province)
            -- of several counterparts each has its country already
            ELSE max(concat(ports.counterpart_port,
                CASE WHEN ports.counterpart_port LIKE '%;%' THEN '' ELSE concat(', ', ports.neighbour_country) END))
        END AS found,
        'ports' AS found_in
    FROM cases
    JOIN ports ON ports.place = cases.place AND ports.type <> 'air'
    WHERE cases.attribute IN ('counterpart', 'province', 'port_type')
    GROUP BY cases.row_no
),
traffic AS (
    SELECT
        cases.row_no,
        string_agg(concat(
            CASE flows.bound WHEN 'lower' THEN 'at least ' ELSE '' END,
            CASE WHEN flows.value < 1e6 THEN concat(CAST(flows.value AS BIGINT), ' ') ELSE concat(round(flows.value / 1e6, 3), ' million ') END,
            CASE flows.measure WHEN 'cargo' THEN 'tonnes' ELSE 'person-times' END,
            CASE WHEN flows.how = 'from_share' THEN concat(', ', split_part(flows.port_id, '-', 2), ', from its share') ELSE '' END
        ), '; ' ORDER BY flows.flow_id) AS found,
        concat('flows: ', max(flows.source_id)) AS found_in
    FROM cases
    JOIN flows ON flows.place = cases.place
    WHERE CASE cases.attribute
            WHEN 'cargo' THEN flows.measure = 'cargo'
            WHEN 'rail_cargo_share' THEN flows.measure = 'cargo' AND flows.port_id LIKE '%-rail'
            WHEN 'road_cargo_share' THEN flows.measure = 'cargo' AND flows.port_id LIKE '%-road'
            WHEN 'people' THEN flows.measure = 'persons'
            WHEN 'road_people_min' THEN flows.measure = 'persons'
            ELSE false
        END
    GROUP BY cases.row_no
),
totals AS (
    SELECT 'cargo' AS attribute, sum(cargo_1000_tonnes) / 1e3 AS million FROM paper.table2
    UNION ALL
    SELECT 'people', sum(people_1000_person_times) / 1e3 FROM paper.table2
),
shares AS (
    SELECT
        cases.row_no,
        concat(round(100 * amount.number / totals.million, 1), ' percent of Table 2') AS found,
        'paper.cases and paper.table2' AS found_in
    FROM cases
    JOIN paper.cases AS amount ON amount.port = cases.port AND concat(amount.attribute, '_share') = cases.attribute
    JOIN totals ON totals.attribute = amount.attribute
    WHERE amount.unit LIKE 'million %'
),
towns AS (
    SELECT
        cases.row_no,
        string_agg(
            CASE
                WHEN cases.attribute IN ('residents', 'home_city_population', 'foreign_city_population') THEN concat(cities.population, ' inhabitants')
                ELSE concat(
                    round(geodesic_km(ports.lon, ports.lat, cities.lon, cities.lat), 1), ' km ',
                    CASE cases.attribute WHEN 'city_distance_min' THEN concat('to ', cities.name) ELSE 'from the port' END
                )
            END, '; ' ORDER BY cities.country_code) AS found,
        'cities (GeoNames)' AS found_in
    FROM cases
    JOIN (SELECT place, min(lon) AS lon, min(lat) AS lat FROM ports WHERE type <> 'air' GROUP BY place) AS ports ON ports.place = cases.place
    JOIN cities
        ON CASE cases.attribute
            WHEN 'residents' THEN cities.name = cases.place
            WHEN 'home_city_population' THEN cities.name = cases.place
            WHEN 'foreign_city_population' THEN cases.place = 'Heihe' AND cities.name = 'Blagoveshchensk'
            WHEN 'home_city' THEN cities.name = cases.value
            WHEN 'foreign_city' THEN cities.name = split_part(cases.value, ',', 1)
            WHEN 'city_distance_min' THEN cases.place = 'Torugart' AND cities.name IN ('Kashgar', 'Naryn')
            ELSE false
        END
    GROUP BY cases.row_no
),
answers AS (
    SELECT * FROM events
    UNION ALL
    SELECT * FROM at_port
    UNION ALL
    SELECT * FROM traffic
    UNION ALL
    SELECT * FROM shares
    UNION ALL
    SELECT * FROM towns
)
SELECT
    cases.row_no,
    cases.port,
    cases.section,
    cases.attribute,
    cases.value AS printed,
    cases.unit,
    answers.found,
    answers.found_in
FROM cases
LEFT JOIN answers ON answers.row_no = cases.row_no
ORDER BY cases.row_no;
