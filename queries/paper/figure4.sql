-- name: figure4
-- title: Figure 4: the ports of Southwest China with type, position and country, and traffic of 2012 where known
-- expect: rows = 20
-- expect: unique (port_id)
-- source: paper, Figure 4 ("The spatial distribution of border ports in Southwest China") and section 2.2
-- The drawing was not seen. Southwest China is Yunnan and Guangxi; its totals, printed and counted, are in regions. What cargo_how and people_how say is told in figure2.
SELECT
    port_id,
    type,
    province,
    neighbour_country,
    lon,
    lat,
    stage,
    season,
    mode_printed,
    cargo_1000_tonnes,
    cargo_how,
    people_1000_person_times,
    people_how
FROM queries.figure2
WHERE region = 'Southwest'
ORDER BY province, port_id;
