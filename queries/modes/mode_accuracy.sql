-- name: mode_accuracy
-- title: How well the distance rule meets the labels of Table 3: accuracy, balanced accuracy, Cohen's kappa
-- param: urban_km double = 20 between 0 and 1000 -- a port this near to a city lies in it
-- param: hinterland_km double = 150 between 0 and 1000 -- a city this near is a hinterland
-- param: require text = 'both' in ('both', 'own', 'either') -- on which sides a hinterland city must lie
-- expect: rows = 2
-- expect: unique (preset)
-- expect: names = 54
-- expect: kappa <= 1 and accuracy between 0 and 1
-- source: paper, section 3 and Table 3; the rule is that of mode_by_rule
-- example: urban_km=25 hinterland_km=50 require=own
-- The default distances were chosen with the same labels in sight: read the scores as optimistic, and see mode_evaluation.
-- majority is the accuracy of always answering the most frequent label: 20 of 54 names are PP.
-- anchors counts the four worked examples of section 3 that the rule meets: Torugart, Alashankou, Heihe, Pulan.
WITH names AS (
    SELECT preset, place, label, rule
    FROM queries.mode_by_rule(preset => 'both', urban_km => $urban_km, hinterland_km => $hinterland_km, require => $require)
),
majorities AS (
    SELECT preset, max(names) AS names
    FROM (SELECT preset, label, count(*) AS names FROM names GROUP BY preset, label)
    GROUP BY preset
),
scores AS (
    -- what the rule leaves open counts as wrong
    SELECT
        preset,
        count(*) AS names,
        count(*) FILTER (WHERE rule = label) AS agree,
        accuracy(label, coalesce(rule, 'open')) AS accuracy,
        balanced_accuracy(label, coalesce(rule, 'open')) AS balanced_accuracy,
        kappa(label, coalesce(rule, 'open')) AS kappa,
        count(*) FILTER (WHERE rule = label AND place IN ('Torugart', 'Alashankou', 'Heihe', 'Pulan')) AS anchors
    FROM names
    GROUP BY preset
)
SELECT
    scores.preset,
    scores.names,
    scores.agree,
    round(scores.accuracy, 3) AS accuracy,
    round(scores.balanced_accuracy, 3) AS balanced_accuracy,
    round(scores.kappa, 3) AS kappa,
    round(1.0 * majorities.names / scores.names, 3) AS majority,
    scores.anchors
FROM scores
JOIN majorities ON majorities.preset = scores.preset
ORDER BY scores.preset DESC;
