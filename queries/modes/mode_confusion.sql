-- name: mode_confusion
-- title: Labels of Table 3 (rows) against the modes of the distance rule (columns)
-- param: preset text = 'paper' in ('paper', 'legal_city', 'both') -- what a city is: 20,000 or more inhabitants, or a city by law
-- param: urban_km double = 20 between 0 and 1000 -- a port this near to a city lies in it
-- param: hinterland_km double = 150 between 0 and 1000 -- a city this near is a hinterland
-- param: require text = 'both' in ('both', 'own', 'either') -- on which sides a hinterland city must lie
-- expect: rows between 4 and 8
-- expect: unique (preset, label)
-- expect: rule_pp + rule_cppc + rule_cpc + rule_cc <= names
-- source: paper, section 3 and Table 3; the rule is that of mode_by_rule
-- example: preset=legal_city
-- example: preset=both
-- What the rule leaves open, for want of a distance, is in names and in no column rule_.
SELECT
    preset,
    label,
    count(*) FILTER (WHERE rule = 'PP') AS rule_pp,
    count(*) FILTER (WHERE rule = 'CPPC') AS rule_cppc,
    count(*) FILTER (WHERE rule = 'CPC') AS rule_cpc,
    count(*) FILTER (WHERE rule = 'CC') AS rule_cc,
    count(*) AS names
FROM queries.mode_by_rule(preset => $preset, urban_km => $urban_km, hinterland_km => $hinterland_km, require => $require)
GROUP BY preset, label
ORDER BY preset DESC, CASE label WHEN 'PP' THEN 1 WHEN 'CPPC' THEN 2 WHEN 'CPC' THEN 3 ELSE 4 END;
