-- name: worked_example
-- title: One port of section 3: each statement of the text beside the tables, its stage by each event, its mode by the rule
-- param: port text = 'Torugart' in ('Torugart', 'Alashankou', 'Heihe', 'Pulan') -- the port the text works out
-- expect: unique (line)
-- expect: part in ('text', 'stage', 'mode')
-- source: paper, sections 3.1 to 3.4 and Table 3; tables as in cases, port_events, mode_inputs
-- example: port=Pulan
-- part text is cases; stage gives the stage that each dated event alone would put the port in, closures left out, with a star on the one
-- that counts; mode puts the label of Table 3 beside the rule, once for either reading of a city. printed is the paper's, found is not.
-- By number of inhabitants a city is looked for within 150 km, as far as the table cities reaches; a city by law lies where it lies.
WITH ruled AS (
    SELECT
        *,
        CASE
            WHEN preset = 'paper' AND own_km > 150 THEN 'no city within 150 km'
            ELSE concat(own_city, ' ', own_km, ' km', CASE WHEN own_population IS NULL THEN '' ELSE concat(', ', own_population, ' people') END)
        END AS own_side,
        CASE
            WHEN preset = 'paper' AND foreign_km > 150 THEN 'none within 150 km'
            ELSE concat(foreign_city, ' ', foreign_km, ' km', CASE WHEN foreign_population IS NULL THEN '' ELSE concat(', ', foreign_population, ' people') END)
        END AS foreign_side
    FROM queries.mode_by_rule(preset => 'both')
    WHERE place = $port
),
lines AS (
    SELECT
        1 AS part_no, 'text' AS part, section, attribute AS what,
        CASE
            WHEN unit IS NULL OR unit IN ('year', 'years') THEN printed
            WHEN unit = 'rank' THEN concat('rank ', printed)
            ELSE concat(printed, ' ', unit)
        END AS printed,
        found, found_in, row_no AS place_in_part
    FROM queries.cases(port => $port)
    UNION ALL
    SELECT
        2, 'stage', NULL,
        concat(port_events.event, ' ', port_events.year, CASE WHEN port_events.country IS NULL THEN '' ELSE concat(' (', port_events.country, ')') END, ', ', ports.type),
        NULL,
        concat(port_stage(port_events.year), CASE WHEN port_events.counted THEN ' *' ELSE '' END),
        concat('port_events: ', port_events.source_id), port_events.year
    FROM port_events
    JOIN ports ON ports.port_id = port_events.port_id
    WHERE ports.place = $port AND port_events.event <> 'closed'
    UNION ALL
    SELECT
        3, 'mode', 'Table 3', preset, label,
        concat(rule, ': ', own_side, '; across the border ', foreign_side),
        concat('mode_by_rule, margin ', margin_percent, ' percent'), CASE preset WHEN 'paper' THEN 1 ELSE 2 END
    FROM ruled
)
SELECT row_number() OVER (ORDER BY part_no, place_in_part, what) AS line, part, section, what, printed, found, found_in
FROM lines
ORDER BY line;
