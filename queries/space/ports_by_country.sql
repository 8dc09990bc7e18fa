-- name: ports_by_country
-- title: Ports to each neighbour country: type, season, first opening, distance to the counterpart
-- source: tables port_countries and ports
-- Airports have no country across the border. Pulan counts for Nepal and for India; its counterpart point is in Nepal.
SELECT
    port_countries.country,
    count(*) AS ports,
    count(*) FILTER (WHERE ports.type = 'rail') AS rail,
    count(*) FILTER (WHERE ports.type = 'road') AS road,
    count(*) FILTER (WHERE ports.type = 'river') AS river,
    count(*) FILTER (WHERE ports.season = 'seasonal') AS seasonal,
    count(*) FILTER (WHERE ports.season = 'closed') AS closed,
    min(coalesce(port_countries.since_year, ports.opened_year)) AS first_opened,
    round(
        median(geodesic_km(ports.lon, ports.lat, ports.counterpart_lon, ports.counterpart_lat))
            FILTER (WHERE port_countries.country = ports.neighbour_country),
        1
    ) AS median_km_to_counterpart
FROM port_countries
JOIN ports ON ports.port_id = port_countries.port_id
GROUP BY port_countries.country
ORDER BY ports DESC, country;
