-- name: concentration_by_type
-- title: How concentrated the ports of each type are on provinces and on neighbouring countries
-- source: table ports
-- Ports are counted: cargo and people are known for few of them. Airports have no neighbouring country.
-- effective_ is the number of provinces (countries) of one size that would be as concentrated.
WITH by_province AS (
    SELECT type, province, count(*) AS ports FROM ports GROUP BY type, province
),
by_country AS (
    SELECT type, neighbour_country, count(*) AS ports
    FROM ports
    WHERE neighbour_country IS NOT NULL
    GROUP BY type, neighbour_country
),
provinces AS (
    SELECT
        type,
        sum(ports) AS ports,
        count(*) AS provinces,
        hhi(ports) AS province_hhi,
        effective_number(ports) AS effective_provinces,
        cr_k(ports, 1) AS largest_province
    FROM by_province
    GROUP BY type
),
countries AS (
    SELECT
        type,
        count(*) AS countries,
        hhi(ports) AS country_hhi,
        effective_number(ports) AS effective_countries,
        cr_k(ports, 1) AS largest_country
    FROM by_country
    GROUP BY type
)
SELECT
    provinces.type,
    provinces.ports,
    provinces,
    round(province_hhi, 4) AS province_hhi,
    round(effective_provinces, 2) AS effective_provinces,
    round(largest_province, 4) AS largest_province,
    countries,
    round(country_hhi, 4) AS country_hhi,
    round(effective_countries, 2) AS effective_countries,
    round(largest_country, 4) AS largest_country
FROM provinces
LEFT JOIN countries ON countries.type = provinces.type
ORDER BY provinces.ports DESC;
