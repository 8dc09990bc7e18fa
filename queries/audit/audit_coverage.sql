-- name: audit_coverage
-- title: Faults of the audit itself: claims left out, counted twice, or compared wrongly (none is right)
-- source: table paper.claims; queries recomputed and audit_reasons
-- expect: rows = 0
-- The answer has a row for each fault and is empty if there is none.
WITH checked AS (
    SELECT *, count(*) OVER (PARTITION BY claim_id, basis) AS times FROM queries.recomputed
),
held AS (
    SELECT
        coalesce(claims.claim_id, checked.claim_id, reasons.claim_id) AS claim_id,
        checked.basis,
        CASE
            WHEN claims.claim_id IS NULL THEN 'is not in paper.claims'
            WHEN checked.claim_id IS NULL AND reasons.claim_id IS NULL THEN 'is not recomputed, and no reason is given'
            WHEN checked.claim_id IS NOT NULL AND reasons.claim_id IS NOT NULL THEN 'is recomputed, and said to be not checkable'
            WHEN times > 1 THEN 'is recomputed twice on one basis'
            WHEN basis NOT IN ('printed tables', 'per-port data') THEN 'has an unknown basis'
            WHEN relation NOT IN ('equal', 'at most', 'at least', 'within') THEN 'has an unknown relation'
            WHEN claims.number IS NOT NULL AND recomputed_text IS NOT NULL THEN 'is a number, compared in words'
            WHEN checked.claim_id IS NOT NULL AND claims.number IS NULL AND recomputed_text IS NULL THEN 'is in words, compared as a number'
            WHEN claims.number IS NOT NULL AND recomputed IS NULL AND relation <> 'within' THEN 'has no recomputed value'
            WHEN relation = 'within' AND (low IS NULL OR high IS NULL) THEN 'lacks a bound'
            WHEN relation <> 'within' AND (recomputed < low - 1e-9 OR recomputed > high + 1e-9) THEN 'lies outside its own range'
            WHEN checked.claim_id IS NOT NULL AND complete IS NULL THEN 'does not say whether its data are complete'
        END AS fault
    FROM paper.claims AS claims
    FULL JOIN checked ON checked.claim_id = claims.claim_id
    FULL JOIN queries.audit_reasons AS reasons ON reasons.claim_id = coalesce(claims.claim_id, checked.claim_id)
)
SELECT claim_id, basis, fault FROM held WHERE fault IS NOT NULL ORDER BY claim_id, basis;
