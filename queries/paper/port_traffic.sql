-- name: port_traffic
-- title: The ports whose cargo or people of 2012 the paper prints or lets one work out, largest first
-- expect: unique (port_id) ; cargo_1000_tonnes is not null or people_1000_person_times is not null
-- source: paper, sections 2.3 and 3.2 to 3.4 and Table 2; table flows
-- cargo_how and people_how: stated is printed; from_share is a printed share of a printed total; single_port_country is the line of a
-- country with one port; subtraction is a total less the other port; "at least" is a lower bound. All other ports are not known.
SELECT port_id, region, neighbour_country, cargo_1000_tonnes, cargo_how, people_1000_person_times, people_how
FROM queries.figure2
WHERE cargo_1000_tonnes IS NOT NULL OR people_1000_person_times IS NOT NULL
ORDER BY cargo_1000_tonnes DESC NULLS LAST, people_1000_person_times DESC, port_id;
