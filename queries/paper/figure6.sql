-- name: figure6
-- title: Figure 6 filled in for one port: which cities lie where, and which of the four modes follows
-- param: port text = 'Torugart' -- name of the place [values: SELECT DISTINCT place FROM queries.mode_inputs ORDER BY place]
-- expect: unique (preset, port_id)
-- expect: mode in ('PP', 'CPPC', 'CPC', 'CC')
-- source: paper, Figure 6 ("Four modes of border ports and cities in the border region") and section 3; rule by port_mode_explain
-- example: port=Alashankou
-- example: port=Heihe
-- The figure is a scheme and was not seen; the words of section 3 are turned into distances. One line for each port of the place and for
-- either reading of a city. in_city: within 20 km; hinterland: within 150 km. changes_at_percent is the smallest change of one distance or
-- number of inhabitants that gives another mode. mode_printed is Table 3; the rule is right for about three names of four.
-- The preset paper looks for cities within 150 km of the ports: one that it names farther off may not be the nearest (mode_inputs).
WITH explained AS (
    SELECT
        *,
        port_mode_explain(own_km, foreign_km, own_population, foreign_population, 20, 150, least_people, least_people) AS why
    FROM queries.mode_inputs
    WHERE place = $port
)
SELECT
    port_id,
    preset,
    label AS mode_printed,
    why['mode'] AS mode,
    own_city,
    round(own_km, 1) AS own_km,
    own_population,
    why['own_city'] AS own_in_city,
    why['own_hinterland'] AS own_hinterland,
    foreign_city,
    round(foreign_km, 1) AS foreign_km,
    foreign_population,
    why['foreign_city'] AS foreign_in_city,
    why['foreign_hinterland'] AS foreign_hinterland,
    round(100 * why['margin'], 1) AS changes_at_percent,
    coalesce(own_override, foreign_override) AS override_source
FROM explained
ORDER BY preset DESC, port_id;
