-- name: figure2
-- title: Figure 2: every port with its position, type, region, country and opening, and its traffic of 2012 where known
-- expect: rows = 95
-- expect: unique (port_id)
-- expect: type in ('rail', 'road', 'river', 'air')
-- source: paper, Figure 2 ("The spatial distribution of the first class national border ports in China"); tables ports, flows
-- The drawing was not seen. The paper counts 95 ports and lists none, so which ports these are is a reconstruction: see confidence.
-- cargo and people are what the paper prints of single ports or what follows from it by arithmetic; cargo_how and people_how say which,
-- with "at least" for a lower bound. Alashankou is given by its shares of rail and road, which add to more than its printed total.
WITH traffic AS (
    SELECT
        port_id,
        max(value) FILTER (WHERE measure = 'cargo') AS cargo,
        max(concat(CASE bound WHEN 'lower' THEN 'at least, ' ELSE '' END, how)) FILTER (WHERE measure = 'cargo') AS cargo_how,
        max(value) FILTER (WHERE measure = 'persons') AS people,
        max(concat(CASE bound WHEN 'lower' THEN 'at least, ' ELSE '' END, how)) FILTER (WHERE measure = 'persons') AS people_how
    FROM flows
    WHERE port_id IS NOT NULL
    GROUP BY port_id
)
SELECT
    ports.port_id,
    ports.place,
    ports.type,
    ports.region,
    ports.province,
    ports.neighbour_country,
    ports.lon,
    ports.lat,
    coalesce(port_stage(ports.opened_year), ports.opened_stage) AS stage,
    ports.season,
    table3.mode AS mode_printed,
    ports.confidence,
    round(traffic.cargo / 1000, 1) AS cargo_1000_tonnes,
    traffic.cargo_how,
    round(traffic.people / 1000, 1) AS people_1000_person_times,
    traffic.people_how,
    ports.counterpart_port,
    ports.counterpart_lon,
    ports.counterpart_lat
FROM ports
LEFT JOIN traffic ON traffic.port_id = ports.port_id
LEFT JOIN paper.table3 AS table3 ON table3.place = ports.place AND (ports.type <> 'air' OR ports.place = 'Mudanjiang')
ORDER BY ports.region, ports.port_id;
