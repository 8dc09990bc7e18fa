-- name: cases
-- title: What the text says of single ports and cities, beside what the other tables say of the same thing
-- param: port text = 'all' -- only the lines on this port [values: SELECT DISTINCT port FROM paper.cases ORDER BY port]
-- expect: unique (row_no)
-- expect: found_in is null or found is not null
-- source: paper, sections 2.1 to 3.4, as table paper.cases; tables ports, port_events, port_countries, flows, cities
-- example: port=Erlianhot
-- found is what the tables have and found_in where; with the source paper-text there is no second opinion, only a check that the text
-- was read right. NULL: no other table speaks of it. Neither side corrects the other.
WITH cases AS (
    SELECT
        *,
        CASE port WHEN 'Erlianhot' THEN 'Erenhot' WHEN 'Kashgar airport' THEN 'Kashgar' ELSE port END AS place,
        split_part(note, ' ', 2) AS to_country
    FROM paper.cases
    WHERE $port = 'all' OR lower(port) = lower($port)
),
events AS (
    SELECT
        cases.row_no,
        string_agg(concat(
            port_events.year, ' ', port_events.event,
            CASE WHEN port_events.country IS NULL THEN '' ELSE concat(' (', port_events.country, ')') END,
            CASE WHEN ports.port_id LIKE '%-rail' THEN ', rail' WHEN ports.port_id LIKE '%-road' THEN ', road' ELSE '' END
        ), '; ' ORDER BY port_events.year, port_events.port_id) AS found,
        concat('port_events: ', string_agg(port_events.source_id, '; ' ORDER BY port_events.year, port_events.port_id)) AS found_in
    FROM cases
    JOIN ports ON ports.place = cases.place AND (ports.type <> 'air' OR cases.port LIKE '%airport')
    JOIN port_events ON port_events.port_id = ports.port_id
    WHERE CASE cases.attribute
            WHEN 'opened' THEN port_events.event = 'opened' OR port_events.counted
            WHEN 'first_established' THEN port_events.event = 'first_use'
            WHEN 'closed' THEN port_events.event = 'closed'
            WHEN 'counterpart_closed' THEN port_events.event = 'closed'
            WHEN 'reopened' THEN port_events.event = 'reopened'
            WHEN 'counterpart_reopened' THEN port_events.event = 'reopened'
            WHEN 'relocated' THEN port_events.event = 'relocated'
            WHEN 'international_port' THEN port_events.event = 'approved'
            ELSE false
        END
        AND (port_events.country IS NULL OR cases.attribute <> 'opened' OR port_events.country = cases.to_country)
        AND (cases.note NOT LIKE 'railway port%' OR cases.note IS NULL OR ports.type = 'rail')
        AND (cases.note NOT LIKE 'first railway%' OR cases.note IS NULL OR ports.type = 'rail')
    GROUP BY cases.row_no
),
at_port AS (
    SELECT
        cases.row_no,
        max(CASE cases.attribute
            WHEN 'counterpart' THEN concat(ports.counterpart_port, ', ', ports.neighbour_country)
            WHEN 'province' THEN ports.province
            WHEN 'mode_before' THEN NULL
        END) AS found,
        max(CASE WHEN cases.attribute IN ('counterpart', 'province') THEN 'ports' END) AS found_in
    FROM cases
    JOIN ports ON ports.place = cases.place AND ports.type <> 'air'
    GROUP BY cases.row_no
),
types AS (
    SELECT cases.row_no, string_agg(ports.type, '; ' ORDER BY ports.type) AS found, 'ports' AS found_in
    FROM cases
    JOIN ports ON ports.place = cases.place AND ports.type <> 'air'
    WHERE cases.attribute = 'port_type'
    GROUP BY cases.row_no
),
traffic AS (
    SELECT
        cases.row_no,
        string_agg(concat(
            CASE flows.bound WHEN 'lower' THEN 'at least ' ELSE '' END,
            round(flows.value / 1000, 1), ' thousand ', CASE flows.measure WHEN 'cargo' THEN 'tonnes' ELSE 'person-times' END,
            CASE WHEN flows.how = 'from_share' THEN concat(', ', split_part(flows.port_id, '-', 2), ', from its share') ELSE '' END
        ), '; ' ORDER BY flows.flow_id) AS found,
        concat('flows: ', max(flows.source_id)) AS found_in
    FROM cases
    JOIN flows ON flows.place = cases.place AND flows.measure IN ('cargo', 'persons')
    WHERE CASE cases.attribute
            WHEN 'cargo' THEN flows.measure = 'cargo'
            WHEN 'people' THEN flows.measure = 'persons'
            WHEN 'rail_cargo_share' THEN flows.measure = 'cargo' AND flows.port_id LIKE '%-rail'
            WHEN 'road_cargo_share' THEN flows.measure = 'cargo' AND flows.port_id LIKE '%-road'
            WHEN 'road_people_min' THEN flows.measure = 'persons'
            ELSE false
        END
    GROUP BY cases.row_no
),
totals AS (
    SELECT sum(cargo_1000_tonnes) / 1000.0 AS cargo, sum(people_1000_person_times) / 1000.0 AS people FROM paper.table2
),
shares AS (
    SELECT
        cases.row_no,
        concat(round(100 * amount.number / CASE cases.attribute WHEN 'cargo_share' THEN totals.cargo ELSE totals.people END, 1), ' percent of Table 2') AS found,
        'paper.cases and paper.table2' AS found_in
    FROM cases
    JOIN paper.cases AS amount ON amount.port = cases.port AND concat(amount.attribute, '_share') = cases.attribute
    CROSS JOIN totals
    WHERE cases.attribute IN ('cargo_share', 'people_share')
),
towns AS (
    SELECT
        cases.row_no,
        string_agg(CASE cases.attribute
            WHEN 'city_distance_min' THEN concat(round(geodesic_km(ports.lon, ports.lat, cities.lon, cities.lat), 1), ' km to ', cities.name)
            WHEN 'home_city' THEN concat(round(geodesic_km(ports.lon, ports.lat, cities.lon, cities.lat), 1), ' km from the port')
            WHEN 'foreign_city' THEN concat(round(geodesic_km(ports.lon, ports.lat, cities.lon, cities.lat), 1), ' km from the port')
            ELSE concat(cities.population, ' inhabitants')
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
)
SELECT
    cases.row_no,
    cases.port,
    cases.section,
    cases.attribute,
    cases.value AS printed,
    cases.unit,
    coalesce(events.found, types.found, traffic.found, shares.found, towns.found, at_port.found) AS found,
    coalesce(events.found_in, types.found_in, traffic.found_in, shares.found_in, towns.found_in, at_port.found_in) AS found_in
FROM cases
LEFT JOIN events ON events.row_no = cases.row_no
LEFT JOIN types ON types.row_no = cases.row_no
LEFT JOIN traffic ON traffic.row_no = cases.row_no
LEFT JOIN shares ON shares.row_no = cases.row_no
LEFT JOIN towns ON towns.row_no = cases.row_no
LEFT JOIN at_port ON at_port.row_no = cases.row_no
ORDER BY cases.row_no;
