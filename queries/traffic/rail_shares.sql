-- name: rail_shares
-- title: Railway cargo in 2012: the shares the paper prints, what follows from them, and where that cannot be
-- source: paper, sections 2.3 and 3.3, Table 2; table flows
-- The last three lines hold a sum against a total that it must not exceed, or should equal.
WITH shares AS (
    SELECT
        CAST(row_number() OVER (ORDER BY share.value DESC) AS BIGINT) AS line,
        share.subject,
        share.value AS percent_printed,
        cargo.value / 1e6 AS computed
    FROM flows AS share
    JOIN flows AS cargo
        ON cargo.port_id = share.port_id AND cargo.measure = 'cargo' AND cargo.how = 'from_share'
    WHERE share.measure = 'share_of_rail_cargo'
),
printed AS (
    SELECT
        max(value) FILTER (WHERE subject = 'all railway ports') / 1e6 AS railway,
        max(value) FILTER (WHERE subject = 'all road ports') / 1e6 AS road,
        max(value) FILTER (WHERE place = 'Alashankou' AND how = 'stated') / 1e6 AS alashankou,
        sum(value) FILTER (WHERE place = 'Alashankou' AND how = 'from_share') / 1e6 AS alashankou_from_shares
    FROM flows
    WHERE measure = 'cargo'
),
table2 AS (
    SELECT
        sum(cargo_1000_tonnes) / 1e3 AS all_countries,
        max(cargo_1000_tonnes) FILTER (WHERE country = 'Russia') / 1e3 AS russia
    FROM paper.table2
),
answer AS (
    SELECT
        line, subject, percent_printed, CAST(NULL AS DOUBLE) AS percent_computed,
        CAST(NULL AS DOUBLE) AS printed, computed
    FROM shares
    UNION ALL
    SELECT
        11, 'these four',
        (SELECT number FROM paper.claims WHERE claim_id = 'C168'), sum(percent_printed),
        NULL, sum(computed)
    FROM shares
    UNION ALL
    SELECT
        12, 'the other railway ports (remainder)',
        NULL, 100 - sum(percent_printed),
        NULL, min(printed.railway) - sum(computed)
    FROM shares CROSS JOIN printed
    UNION ALL
    SELECT 13, 'all railway ports (share of Table 2)', NULL, 100 * railway / all_countries, railway, NULL
    FROM printed CROSS JOIN table2
    UNION ALL
    SELECT 14, 'railway and road against the sum of Table 2', NULL, NULL, all_countries, railway + road
    FROM printed CROSS JOIN table2
    UNION ALL
    SELECT 15, 'Alashankou rail and road against section 3.3', NULL, NULL, alashankou, alashankou_from_shares
    FROM printed
    UNION ALL
    SELECT 16, 'Manzhouli and Suifenhe against Russia in Table 2', NULL, NULL, min(russia), sum(computed)
    FROM shares CROSS JOIN table2
    WHERE subject LIKE 'Manzhouli%' OR subject = 'Suifenhe'
)
SELECT
    subject,
    percent_printed,
    round(percent_computed, 1) AS percent_computed,
    round(printed, 3) AS million_tonnes_printed,
    round(computed, 3) AS million_tonnes_computed,
    round(computed - printed, 3) AS difference
FROM answer
ORDER BY line;
