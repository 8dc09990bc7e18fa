-- name: figure4
-- title: Figure 4: the ports of Southwest China with type, position and country, and traffic of 2012 where known
-- expect: rows = 20
-- source: paper, Figure 4 ("The spatial distribution of border ports in Southwest China") and section 2.2
-- The drawing was not seen. Southwest China is Yunnan and Guangxi.
SELECT *
FROM queries.region_ports(region => 'Southwest')
ORDER BY province, port_id;
