-- name: figure7
-- title: Figure 7: how ports go from one mode to another, what drives it, and how many names are in each mode
-- expect: rows = 5
-- expect: to_mode is not null
-- source: paper, Figure 7 ("The evolutionary relationship between border ports and cities") and sections 3.2 to 3.4; Table 3
-- The drawing was not seen; the steps are those of the text. The paper counts no port on any path: from_names and to_names say how many
-- names of Table 3 are in the two modes, to_names_by_rule how many the distance rule would put there (mode_by_rule).
WITH labelled AS (
    SELECT label AS mode, count(*) AS names FROM queries.mode_by_rule GROUP BY label
),
ruled AS (
    SELECT rule AS mode, count(*) AS names FROM queries.mode_by_rule GROUP BY rule
)
SELECT
    steps.path,
    steps.from_mode,
    steps.to_mode,
    steps.driver,
    steps.example,
    starts.names AS from_names,
    ends.names AS to_names,
    ruled.names AS to_names_by_rule
FROM queries.mode_transitions AS steps
LEFT JOIN labelled AS starts ON starts.mode = steps.from_mode
LEFT JOIN labelled AS ends ON ends.mode = steps.to_mode
LEFT JOIN ruled ON ruled.mode = steps.to_mode
ORDER BY steps.path, steps.from_mode DESC;
