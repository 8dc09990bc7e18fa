-- name: mode_by_rule
-- title: The mode that the distance rule gives each name of Table 3, beside the label of the paper
-- param: preset text = 'paper' in ('paper', 'legal_city', 'both') -- what a city is: 20,000 or more inhabitants, or a city by law
-- param: urban_km double = 20 between 0 and 1000 -- a port this near to a city lies in it
-- param: hinterland_km double = 150 between 0 and 1000 -- a city this near is a hinterland
-- param: require text = 'both' in ('both', 'own', 'either') -- on which sides a hinterland city must lie
-- expect: rows between 54 and 108
-- expect: unique (preset, place)
-- expect: rule in ('PP', 'CPPC', 'CPC', 'CC')
-- expect: margin_percent >= 0
-- source: paper, section 3 and Table 3; what the rule is given is in mode_inputs
-- example: preset=legal_city
-- example: urban_km=25 hinterland_km=50 require=own
-- One row for each name: of several ports at one place, the one nearest to a city on its own side.
-- Beyond 150 km the preset paper does not know all cities (mode_inputs): a hinterland_km above that is for legal_city.
-- margin_percent is the smallest change of one distance or number of inhabitants that changes the mode: small is brittle.
WITH ruled AS (
    SELECT
        *,
        port_mode_explain(
            own_km, foreign_km, own_population, foreign_population,
            $urban_km, $hinterland_km, least_people, least_people, $require
        ) AS why
    FROM queries.mode_inputs
    WHERE stands_for_name AND $preset IN (preset, 'both')
)
SELECT
    preset,
    place,
    label,
    why['mode'] AS rule,
    why['mode'] = label AS agrees,
    own_city,
    round(own_km, 1) AS own_km,
    own_population,
    foreign_city,
    round(foreign_km, 1) AS foreign_km,
    foreign_population,
    round(100 * why['margin'], 1) AS margin_percent
FROM ruled
ORDER BY preset DESC, row_no;
