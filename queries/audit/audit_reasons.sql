-- name: audit_reasons
-- title: Why some claims of the paper are not checkable
-- source: paper; docs/data.md
-- expect: unique (claim_id)
-- One row for each claim that has no recomputation on any basis. The reasons are written by hand; audit_coverage holds them against what is
-- recomputed, so that a claim can have a recomputation or a reason, and not both or neither.
WITH reasons AS (
    SELECT * FROM (VALUES
        ('a statistic that the paper takes from elsewhere; nothing here implies it', 'C002 C004 C005 C006 C007 C008 C009 C010 C011 C012'),
        ('a definition, to be read and not computed', 'C015 C099'),
        ('a date of history outside the subject of these tables', 'C018 C019 C036 C037 C039 C056 C057'),
        (
            'a date, event or measure that only the paper gives, and that nothing else in it decides',
            'C022 C202 C203 C207 C208 C209 C210 C211 C212 C214 C220 C221 C223 C224 C235'
        ),
        (
            'a figure that others are computed from: its result is checked (C168, C170, C171, C173, C178 to C182)',
            'C163 C164 C165 C166 C167 C169 C172 C174 C175 C176 C177'
        ),
        ('people are not divided into entries and exits anywhere', 'C183'),
        ('a rank among all ports; traffic is given for few of them', 'C238 C240'),
        ('Almaty lies beyond the places of the table cities', 'C218')
    ) AS reason(reason, claims)
)
SELECT unnest(string_to_array(claims, ' ')) AS claim_id, reason
FROM reasons
ORDER BY claim_id;
