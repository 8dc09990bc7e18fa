-- name: figure3
-- title: Figure 3: the ports of Northeast China with type, position and country, and traffic of 2012 where known
-- expect: rows = 49
-- source: paper, Figure 3 ("The spatial distribution of border ports in Northeast China") and section 2.2
-- The drawing was not seen. Northeast China is Heilongjiang, Jilin, Liaoning and eastern Inner Mongolia.
SELECT *
FROM queries.region_ports(region => 'Northeast')
ORDER BY province, port_id;
