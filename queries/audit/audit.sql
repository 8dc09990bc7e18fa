-- name: audit
-- title: Every claim of the paper held against what its own tables and our ports say
-- param: tolerance double = 0.05 between 0 and 0.5 -- how far, as a share of the printed value, "almost" and "nearly" may be off
-- source: all sections of the paper; table paper.claims, queries audit_by_basis (the rule of the verdicts) and audit_reasons
-- expect: rows = 243
-- expect: unique (claim_id)
-- expect: empty audit_coverage
-- expect: verdict in ('consistent', 'rounding', 'contradicts', 'data incomplete', 'not checkable')
-- expect: why is not null
-- One row for each of the claims. The paper's own tables speak first, about its agreement with itself; where they say
-- nothing, our per-port data do. What our ports say stands beside it in any case (ports_…; NULL = they say nothing).
-- A relation such as "at most" means that recomputed is a bound; difference is recomputed less printed.
WITH verdicts AS (
    SELECT * FROM queries.audit_by_basis(tolerance => $tolerance)
),
ranked AS (
    SELECT
        *,
        row_number() OVER claim AS place,
        last_value(basis) OVER claim = 'per-port data' AS has_ports,
        last_value(verdict) OVER claim AS last_verdict,
        last_value(recomputed) OVER claim AS last_recomputed,
        last_value(recomputed_text) OVER claim AS last_text,
        last_value(why) OVER claim AS last_why
    FROM verdicts
    WINDOW claim AS (PARTITION BY claim_id ORDER BY basis DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT
    claims.claim_id,
    claims.section,
    claims.statement,
    claims.value AS printed,
    claims.unit,
    coalesce(ranked.verdict, 'not checkable') AS verdict,
    ranked.basis,
    ranked.relation,
    ranked.recomputed,
    ranked.recomputed_text,
    ranked.difference,
    coalesce(ranked.why, reasons.reason) AS why,
    CASE WHEN has_ports THEN last_verdict END AS ports_verdict,
    CASE WHEN has_ports THEN last_recomputed END AS ports_recomputed,
    CASE WHEN has_ports THEN last_text END AS ports_text,
    CASE WHEN has_ports THEN last_why END AS ports_why
FROM paper.claims AS claims
LEFT JOIN ranked ON ranked.claim_id = claims.claim_id AND ranked.place = 1
LEFT JOIN queries.audit_reasons AS reasons ON reasons.claim_id = claims.claim_id
ORDER BY claims.claim_id;
