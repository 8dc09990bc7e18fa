-- name: figure5
-- title: Figure 5: the ports of Northwest China with type, position and country, and traffic of 2012 where known
-- expect: rows = 18
-- source: paper, Figure 5 ("The spatial distribution of border ports in Northwest China") and section 2.2
-- The drawing was not seen. Northwest China is Xinjiang.
SELECT *
FROM queries.region_ports(region => 'Northwest')
ORDER BY province, port_id;
