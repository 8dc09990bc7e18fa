-- name: audit_contradictions
-- title: Where the paper contradicts itself, or what is known of its ports, and how it may be read
-- source: all sections of the paper; query audit, docs/data.md
-- expect: unique (claim_id)
-- expect: likely_reading is not null
-- expect: what_follows is not null
-- The basis says what contradicts: the paper's own tables, or our per-port data where its tables say nothing.
-- likely_reading is an opinion, written by hand for each claim; all else is computed. No verdict depends on it, and a contradiction
-- without one fails the test, so that nobody forgets to think about it.
WITH readings AS (
    SELECT * FROM (VALUES
        ('C047', 'Divided by five, not by the seven years 1989 to 1995; the 2.75 of the same section does count both ends.'),
        ('C074', 'Table 2 has no row for India: Pulan, which is open to India and Nepal, is counted under Nepal.'),
        ('C079', 'The four counts of the same sentence make 60 of 87; 70.1 percent is 61, as with the 14 ports to Mongolia of our list.'),
        ('C116', 'Table 1 seems to include the passengers of airports (a total of 14.7 million), Table 2 leaves them out.'),
        ('C118', '21.1 percent is the share of the 20 ports of the Southwest, printed again by mistake.'),
        ('C171', 'One of the two amounts is too large, or they count more than Table 2 does; road alone agrees with its 57 percent.'),
        ('C179', 'One of the two shares of Alashankou is too large: 23.8 million tonnes fit into the total of Kazakhstan, 26.7 do not.'),
        ('C180', 'Again the shares of Alashankou: with its 23.8 million tonnes and the share of Horgos the sum is 40.5 and fits.'),
        ('C186', 'A slip of wording: both are Chinese ports in Guangxi that are open to Vietnam.'),
        ('C187', 'Spellings and older names; port_names brings them together.'),
        ('C194', 'The text calls the names examples, and that they are: in our list they are 62 of the 95 ports.'),
        ('C195', 'Shiwei lies on the Argun in Inner Mongolia; Table 3 puts it under the neighbouring province.'),
        ('C196', 'Hekou is in Yunnan, as sections 2.1.2 and 2.3 say; in Table 3 it stands before the two ports of Guangxi.'),
        ('C197', 'Mudanjiang is an inland city with an airport. Perhaps its passengers to Russia are meant.'),
        ('C204', 'True only if "western" means the provinces of the Western Development Strategy, with Yunnan and Guangxi (10 of 17).')
    ) AS reading(claim_id, likely_reading)
)
SELECT
    audit.claim_id,
    audit.section,
    audit.statement,
    audit.printed,
    audit.unit,
    coalesce(audit.recomputed_text, regexp_replace(CAST(round(audit.recomputed, 2) AS VARCHAR), '[.]0$', '')) AS what_follows,
    audit.basis,
    audit.why,
    readings.likely_reading
FROM queries.audit AS audit
LEFT JOIN readings ON readings.claim_id = audit.claim_id
WHERE audit.verdict = 'contradicts'
ORDER BY audit.claim_id;
