-- name: road_shares
-- title: Road cargo and people in 2012: the shares the paper prints, what follows from them, and where that cannot be
-- source: paper, sections 2.3 and 3.3, Table 2; table flows
-- The last two lines hold a sum against a total that it must not exceed. rail_shares has those that railways take part in.
WITH shares AS (
    SELECT
        CAST(row_number() OVER (ORDER BY share.value DESC) AS BIGINT) AS line,
        share.subject,
        share.value AS percent_printed,
        cargo.value / 1e6 AS computed
    FROM flows AS share
    JOIN flows AS cargo
        ON cargo.port_id = share.port_id AND cargo.measure = 'cargo' AND cargo.how = 'from_share'
    WHERE share.measure = 'share_of_road_cargo'
),
printed AS (
    SELECT
        max(value) FILTER (WHERE subject = 'all road ports' AND measure = 'cargo') / 1e6 AS road,
        max(value) FILTER (WHERE subject = 'all road ports' AND measure = 'persons') / 1e6 AS road_people,
        max(value) FILTER (WHERE place = 'Alashankou' AND how = 'stated' AND measure = 'cargo') / 1e6 AS alashankou,
        sum(value) FILTER (WHERE place = 'Alashankou' AND how = 'from_share') / 1e6 AS alashankou_from_shares,
        max(value) FILTER (WHERE port_id = 'horgos-road' AND how = 'from_share') / 1e6 AS horgos
    FROM flows
),
table2 AS (
    SELECT
        sum(cargo_1000_tonnes) / 1e3 AS cargo,
        sum(people_1000_person_times) / 1e3 AS people,
        max(cargo_1000_tonnes) FILTER (WHERE country = 'Kazakhstan') / 1e3 AS kazakhstan
    FROM paper.table2
),
answer AS (
    SELECT
        line, subject, 'million tonnes' AS unit, percent_printed, CAST(NULL AS DOUBLE) AS percent_computed,
        CAST(NULL AS DOUBLE) AS printed, computed
    FROM shares
    UNION ALL
    SELECT 11, 'these four', 'million tonnes', NULL, sum(percent_printed), NULL, sum(computed)
    FROM shares
    UNION ALL
    SELECT
        12, 'all road ports (share of Table 2)', 'million tonnes',
        (SELECT number FROM paper.claims WHERE claim_id = 'C170'), 100 * road / cargo, road, NULL
    FROM printed CROSS JOIN table2
    UNION ALL
    SELECT
        13, 'people at all road ports (share of Table 2)', 'million person-times',
        (SELECT number FROM paper.claims WHERE claim_id = 'C173'), 100 * road_people / people, road_people, NULL
    FROM printed CROSS JOIN table2
    UNION ALL
    SELECT
        14, 'Alashankou and Horgos road, from shares, against Kazakhstan in Table 2', 'million tonnes',
        NULL, NULL, kazakhstan, alashankou_from_shares + horgos
    FROM printed CROSS JOIN table2
    UNION ALL
    SELECT
        15, 'Alashankou of section 3.3 and Horgos road against Kazakhstan in Table 2', 'million tonnes',
        NULL, NULL, kazakhstan, alashankou + horgos
    FROM printed CROSS JOIN table2
)
SELECT
    subject,
    unit,
    percent_printed,
    round(percent_computed, 1) AS percent_computed,
    round(printed, 3) AS amount_printed,
    round(computed, 3) AS amount_computed,
    round(computed - printed, 3) AS difference
FROM answer
ORDER BY line;
