-- name: figure3
-- title: Figure 3: the ports of Northeast China with type, position and country, and traffic of 2012 where known
-- expect: rows = 49
-- expect: unique (port_id)
-- source: paper, Figure 3 ("The spatial distribution of border ports in Northeast China") and section 2.2
-- The drawing was not seen. Northeast China is Heilongjiang, Jilin, Liaoning and eastern Inner Mongolia; its totals, printed and counted, are in regions. What cargo_how and people_how say is told in figure2.
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
WHERE region = 'Northeast'
ORDER BY province, port_id;
