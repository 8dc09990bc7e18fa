-- name: mode_brittle
-- title: Brittle ports: a small change of one distance or number of inhabitants gives them another mode
-- param: percent double = 25 between 0 and 1000 -- list the ports that a change of at most this much turns
-- param: labelled_only boolean = true -- only the names of Table 3, one row each; false: every port
-- expect: becomes <> rule
-- expect: input in ('own_km', 'foreign_km', 'own_population', 'foreign_population')
-- source: port_mode_explain on mode_inputs, with the default distances; paper, section 3
-- example: percent=10 labelled_only=false
-- input and value are what is nearest to turning, change_percent is what it takes, becomes is the mode it gives.
WITH ruled AS (
    SELECT
        *,
        port_mode_explain(own_km, foreign_km, own_population, foreign_population, 20, 150, least_people, least_people) AS why
    FROM queries.mode_inputs
    WHERE stands_for_name OR NOT $labelled_only
),
tried AS (
    -- a hair more than the margin, so that a limit is passed and not only met
    SELECT ruled.*, steps.input, steps.sign, 1 + steps.sign * why['margin'] * 1.000001 AS factor
    FROM ruled
    CROSS JOIN (VALUES
        (1, 'own_km', -1), (2, 'own_km', 1), (3, 'foreign_km', -1), (4, 'foreign_km', 1),
        (5, 'own_population', -1), (6, 'own_population', 1), (7, 'foreign_population', -1), (8, 'foreign_population', 1)
    ) AS steps(line, input, sign)
    WHERE why['margin'] <= $percent / 100
),
turned AS (
    SELECT
        *,
        port_mode(
            CASE input WHEN 'own_km' THEN own_km * factor ELSE own_km END,
            CASE input WHEN 'foreign_km' THEN foreign_km * factor ELSE foreign_km END,
            CASE input WHEN 'own_population' THEN own_population * factor ELSE own_population END,
            CASE input WHEN 'foreign_population' THEN foreign_population * factor ELSE foreign_population END,
            20, 150, least_people, least_people
        ) AS becomes
    FROM tried
)
SELECT
    preset,
    CASE WHEN $labelled_only THEN place ELSE port_id END AS port,
    label,
    why['mode'] AS rule,
    becomes,
    becomes = label AS becomes_label,
    input,
    round(CASE input WHEN 'own_km' THEN own_km WHEN 'foreign_km' THEN foreign_km WHEN 'own_population' THEN own_population ELSE foreign_population END, 1) AS value,
    round(100 * sign * why['margin'], 1) AS change_percent
FROM turned
WHERE becomes <> why['mode']
ORDER BY preset DESC, why['margin'], port, input;
