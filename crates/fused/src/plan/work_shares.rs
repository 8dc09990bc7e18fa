//! How rows are shared out: row groups, and parts of the last ones where whole ones would leave threads without work.

use std::ops::Range;

use super::RowGroup;

/// Tables that are made at least, so that threads share the work.
pub(crate) const FEWEST_TABLES: usize = 8;

/// Fewer rows than this are not worth opening a row group twice.
const FEWEST_ROWS: usize = 1 << 13;

/// Some rows of a row group, which are summed apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkShare {
    /// The place of the row group in the query.
    pub(crate) row_group: usize,
    pub(crate) rows: Range<usize>,
}

/// All rows of all row groups in their order, so that sums depend on nothing but the number of threads.
pub(crate) fn work_shares(row_groups: &[RowGroup], threads: usize) -> Vec<WorkShare> {
    let threads = threads.max(1);
    let rest = row_groups.len() % threads;
    let whole = row_groups.len() - rest;
    let mut shares = Vec::with_capacity(row_groups.len() + threads);
    for (row_group, group) in row_groups.iter().enumerate() {
        // As many as the threads take in one turn: each part opens its row group for itself.
        let parts = match row_group < whole {
            true => 1,
            false => (threads / rest).min(group.rows / FEWEST_ROWS).max(1),
        };
        let bound = |part: usize| group.rows * part / parts;
        shares.extend((0..parts).map(|part| WorkShare {
            row_group,
            rows: bound(part)..bound(part + 1),
        }));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of_shares(rows: &[usize], threads: usize) -> Vec<(usize, usize)> {
        let group = |(index, rows): (usize, &usize)| RowGroup {
            file: 0,
            index,
            rows: *rows,
        };
        let groups: Vec<_> = rows.iter().enumerate().map(group).collect();
        let shares = work_shares(&groups, threads);
        for (index, rows) in rows.iter().enumerate() {
            let own = shares.iter().filter(|share| share.row_group == index);
            let ends: Vec<_> = own
                .flat_map(|share| [share.rows.start, share.rows.end])
                .collect();
            assert_eq!((ends.first(), ends.last()), (Some(&0), Some(rows)));
            assert!(
                ends[1..ends.len() - 1]
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .all(|[end, start]| end == start)
            );
        }
        shares
            .iter()
            .map(|share| (share.row_group, share.rows.len()))
            .collect()
    }

    #[test]
    fn the_last_row_groups_are_shared() {
        let million = 1 << 20;
        let half = million / 2;
        assert_eq!(
            rows_of_shares(&[million; 3], 2),
            [(0, million), (1, million), (2, half), (2, half)]
        );
        assert_eq!(
            rows_of_shares(&[million; 2], 2),
            [(0, million), (1, million)]
        );
        assert_eq!(rows_of_shares(&[million], 4), [(0, million / 4); 4]);
        assert_eq!(rows_of_shares(&[million; 3], 4).len(), 3);
        assert_eq!(rows_of_shares(&[1000], 8), [(0, 1000)]);
        assert_eq!(rows_of_shares(&[], 2), []);
    }
}
