-- name: audit_by_basis
-- title: The verdict on every recomputation of a claim: printed value, recomputed value, difference
-- param: tolerance double = 0.05 between 0 and 0.5 -- how far, as a share of the printed value, "almost" and "nearly" may be off
-- source: table paper.claims against the query recomputed
-- expect: unique (claim_id, basis)
-- expect: verdict in ('consistent', 'rounding', 'contradicts', 'data incomplete')
-- expect: verdict <> 'data incomplete' or basis = 'per-port data'
-- THE RULE. A printed number is known to half a unit of its last digit. The verdict is
-- * consistent, where the recomputed value is within that half unit of the printed one; or the printed one keeps to the
--   bound (at most, at least, within); or the words are the same;
-- * rounding, where that is not so, but the printed number, give or take its half unit, meets the range from low to high
--   that the rounding of the inputs leaves; or the claim says "almost" or "nearly" and is off by no more than the tolerance;
-- * data incomplete, where our ports cannot judge: years or seasons are missing, sources differ, a port was chosen to meet a
--   total, or ports to a country are not as many as in Table 2. Then even agreement confirms nothing;
-- * contradicts, where nothing of this holds. Incomplete data contradict, too, if the printed number lies outside all that
--   their gaps leave open.
WITH printed AS (
    SELECT
        claim_id,
        section,
        statement,
        value,
        number,
        unit,
        0.5 * power(10.0, -length(split_part(value, '.', 2))) AS half,
        statement LIKE '%almost%' OR statement LIKE '%nearly%' AS approximate
    FROM paper.claims
),
measured AS (
    SELECT
        printed.*,
        recomputed.basis,
        recomputed.relation,
        recomputed.recomputed,
        recomputed.low,
        recomputed.high,
        recomputed.recomputed_text,
        recomputed.complete,
        recomputed.how,
        recomputed.recomputed - printed.number AS difference,
        -- half a unit, and a little for what binary fractions miss
        printed.half + 1e-9 AS slack,
        regexp_replace(CAST(round(recomputed.recomputed, 3) AS VARCHAR), '[.]0$', '') AS written,
        regexp_replace(CAST(round(recomputed.low, 3) AS VARCHAR), '[.]0$', '') AS low_written,
        regexp_replace(CAST(round(recomputed.high, 3) AS VARCHAR), '[.]0$', '') AS high_written
    FROM queries.recomputed AS recomputed
    JOIN printed ON printed.claim_id = recomputed.claim_id
)
SELECT
    claim_id,
    section,
    statement,
    value AS printed,
    unit,
    basis,
    relation,
    recomputed,
    recomputed_text,
    difference,
    CASE
        WHEN NOT complete AND (number + slack < low OR number - slack > high) THEN 'contradicts'
        WHEN NOT complete THEN 'data incomplete'
        WHEN recomputed_text = value THEN 'consistent'
        WHEN recomputed_text IS NOT NULL THEN 'contradicts'
        WHEN relation = 'equal' AND approximate AND difference <> 0 AND abs(difference) <= $tolerance * abs(number) THEN 'rounding'
        WHEN relation = 'equal' AND abs(difference) <= slack AND (NOT approximate OR difference = 0) THEN 'consistent'
        WHEN relation = 'equal' AND NOT approximate AND number + slack >= low AND number - slack <= high THEN 'rounding'
        WHEN relation = 'at most' AND number <= recomputed THEN 'consistent'
        WHEN relation = 'at most' AND number - slack <= high THEN 'rounding'
        WHEN relation = 'at least' AND number >= recomputed THEN 'consistent'
        WHEN relation = 'at least' AND number + slack >= low THEN 'rounding'
        WHEN relation = 'within' AND number BETWEEN low AND high THEN 'consistent'
        ELSE 'contradicts'
    END AS verdict,
    concat(
        CASE relation
            WHEN 'at most' THEN concat('at most ', written, ': ')
            WHEN 'at least' THEN concat('at least ', written, ': ')
            WHEN 'within' THEN concat(low_written, ' to ', high_written, ': ')
            ELSE ''
        END,
        how,
        CASE WHEN complete AND relation = 'equal' AND low < high THEN concat('; may be ', low_written, ' to ', high_written) ELSE '' END
    ) AS why
FROM measured
ORDER BY claim_id, basis DESC;
