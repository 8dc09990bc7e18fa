-- name: audit_summary
-- title: The audit in numbers: claims by section and verdict
-- param: tolerance double = 0.05 between 0 and 0.5 -- how far, as a share of the printed value, "almost" and "nearly" may be off
-- source: all sections of the paper; query audit
-- expect: unique (section)
-- expect: claims = consistent + rounding + contradicts + data_incomplete + not_checkable
-- expect: with_ports = ports_consistent + ports_contradict + ports_incomplete
-- The verdicts are those of audit. The last four columns count what our ports say, whatever the paper's own tables say.
WITH audited AS (
    SELECT * FROM queries.audit(tolerance => $tolerance)
),
counted AS (
    SELECT
        grouping(section) AS is_total,
        coalesce(section, 'all') AS section,
        count(*) AS claims,
        count(*) FILTER (WHERE verdict = 'consistent') AS consistent,
        count(*) FILTER (WHERE verdict = 'rounding') AS rounding,
        count(*) FILTER (WHERE verdict = 'contradicts') AS contradicts,
        count(*) FILTER (WHERE verdict = 'data incomplete') AS data_incomplete,
        count(*) FILTER (WHERE verdict = 'not checkable') AS not_checkable,
        count(ports_verdict) AS with_ports,
        count(*) FILTER (WHERE ports_verdict = 'consistent') AS ports_consistent,
        count(*) FILTER (WHERE ports_verdict = 'contradicts') AS ports_contradict,
        count(*) FILTER (WHERE ports_verdict = 'data incomplete') AS ports_incomplete
    FROM audited
    GROUP BY ROLLUP (section)
)
SELECT * EXCEPT (is_total)
FROM counted
ORDER BY is_total, section;
