-- name: mode_transitions
-- title: How ports go from one development mode to another, with the share of paths and what drives them
-- source: paper, Figure 7 and section 3.4, as table paper.evolution; counted by transition_matrix
-- The paper describes paths and counts no ports: paths and share are of described paths, not of ports.
-- A path that begins in its mode, without an earlier one, has no from_mode and no share.
WITH steps AS (
    SELECT path_id, step - 1 AS step, from_mode AS mode FROM paper.evolution WHERE from_mode IS NOT NULL
    UNION
    SELECT path_id, step, to_mode FROM paper.evolution
),
counted AS (
    SELECT unnest(transition_matrix(path_id, step, mode)) AS transition FROM steps
),
transitions AS (
    SELECT
        transition['from_state'] AS from_mode,
        transition['to_state'] AS to_mode,
        transition['n'] AS paths,
        transition['p'] AS share
    FROM counted
)
SELECT
    evolution.from_mode,
    evolution.to_mode,
    coalesce(transitions.paths, 1) AS paths,
    round(transitions.share, 3) AS share,
    evolution.path_id AS path,
    evolution.driver,
    evolution.example
FROM paper.evolution AS evolution
LEFT JOIN transitions ON transitions.from_mode = evolution.from_mode AND transitions.to_mode = evolution.to_mode
ORDER BY evolution.path_id, evolution.step;
