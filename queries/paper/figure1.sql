-- name: figure1
-- title: Figure 1: ports opened each year since 1930, by type of transport and stage, with the peaks
-- expect: rows = 85
-- expect: unique (year)
-- expect: ports = rail + road + river + air
-- source: paper, Figure 1 ("The development history of border ports in China since 1930") and sections 2.1.1 to 2.1.4
-- The drawing itself was not seen: its caption and the text are known. The years are of the 81 ports that have one.
-- peak_printed is the peak the paper names and its number of ports; peak_found is one that the dated ports show (opening_peaks).
SELECT
    years.year,
    years.stage,
    years.ports,
    years.so_far,
    years.rail,
    years.road,
    years.river,
    years.air,
    CASE WHEN printed.ports IS NOT NULL THEN concat(printed.first_year, '-', printed.last_year, ': ', printed.ports) END AS peak_printed,
    CASE WHEN found.ports IS NOT NULL THEN concat(found.first_year, '-', found.last_year, ': ', found.ports) END AS peak_found
FROM queries.openings_per_year AS years
LEFT JOIN queries.opening_peaks AS printed
    ON printed.according_to = 'paper' AND years.year BETWEEN printed.first_year AND printed.last_year
LEFT JOIN queries.opening_peaks AS found
    ON found.according_to = 'dated ports' AND years.year BETWEEN found.first_year AND found.last_year
ORDER BY years.year;
