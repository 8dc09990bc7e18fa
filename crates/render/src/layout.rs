//! Decides how wide each column of a grid is, and which ones a narrow terminal hides.

/// Columns that a border and the blanks around a cell take: `│ cell `.
const FRAME: usize = 3;

/// How much room a column would like, and how little it can bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Shows everything.
    pub(crate) natural: usize,
    /// Still of use; never more than `natural`.
    pub(crate) least: usize,
}

/// A place in a line of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The column of this index, this wide.
    Column { index: usize, width: usize },
    /// Stands for the columns that are hidden.
    Gap,
}

impl Slot {
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Column { width, .. } => width,
            Self::Gap => 1,
        }
    }
}

/// Fits columns into a terminal: first the widest are narrowed, then the middle is hidden.
pub(crate) fn fit(columns: &[Extent], terminal: Option<usize>) -> Vec<Slot> {
    let all: Vec<usize> = (0..columns.len()).collect();
    let Some(terminal) = terminal else {
        return slots(columns, &all, usize::MAX);
    };
    if needed(columns, &all) <= terminal {
        return slots(columns, &all, room(terminal, all.len()));
    }
    let kept = outer_columns(columns, terminal);
    let gap = if kept.len() < columns.len() {
        FRAME + 1
    } else {
        0
    };
    slots(
        columns,
        &kept,
        room(terminal.saturating_sub(gap), kept.len()),
    )
}

/// Columns that are left for cells once the frame is drawn.
fn room(terminal: usize, columns: usize) -> usize {
    terminal.saturating_sub(FRAME * columns + 1)
}

/// The narrowest terminal that shows these columns.
fn needed(columns: &[Extent], kept: &[usize]) -> usize {
    let cells: usize = kept.iter().map(|&index| columns[index].least).sum();
    cells + FRAME * kept.len() + 1
}

/// The first and last columns that fit beside a gap, at least the first one, in order.
fn outer_columns(columns: &[Extent], terminal: usize) -> Vec<usize> {
    let room = terminal.saturating_sub(FRAME + 1);
    let (mut left, mut right) = (vec![0], Vec::new());
    let mut used = needed(columns, &left);
    let mut take = |index: usize| {
        let fits = used + columns[index].least + FRAME <= room;
        if fits {
            used += columns[index].least + FRAME;
        }
        fits
    };
    let (mut from, mut to) = (1, columns.len());
    let (mut left_open, mut right_open) = (true, true);
    while from < to && (left_open || right_open) {
        if right_open {
            right_open = take(to - 1);
            if right_open {
                to -= 1;
                right.push(to);
            }
        }
        if left_open && from < to {
            left_open = take(from);
            if left_open {
                left.push(from);
                from += 1;
            }
        }
    }
    right.reverse();
    left.extend(right);
    left
}

/// The kept columns with their widths, and a gap where the order jumps.
fn slots(columns: &[Extent], kept: &[usize], room: usize) -> Vec<Slot> {
    let widths = share(
        &kept.iter().map(|&index| columns[index]).collect::<Vec<_>>(),
        room,
    );
    let mut slots = Vec::with_capacity(kept.len() + 1);
    let mut next = 0;
    for (&index, width) in kept.iter().zip(widths) {
        if index != next {
            slots.push(Slot::Gap);
        }
        slots.push(Slot::Column { index, width });
        next = index + 1;
    }
    if next < columns.len() {
        slots.push(Slot::Gap);
    }
    slots
}

/// Widths that sum up to at most `room`: everything at its natural width under a common
/// limit, so that the widest columns give way first.
fn share(extents: &[Extent], room: usize) -> Vec<usize> {
    let widths = |limit: usize| {
        extents
            .iter()
            .map(move |extent| extent.natural.min(limit).max(extent.least))
    };
    let widest = extents
        .iter()
        .map(|extent| extent.natural)
        .max()
        .unwrap_or(0);
    let limit = (1..=widest.min(room))
        .rev()
        .find(|&limit| widths(limit).sum::<usize>() <= room)
        .unwrap_or(1);
    let mut widths: Vec<usize> = widths(limit).collect();
    let mut spare = room.saturating_sub(widths.iter().sum());
    for (width, extent) in widths.iter_mut().zip(extents) {
        if spare > 0 && *width < extent.natural {
            *width += 1;
            spare -= 1;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(natural: usize) -> Extent {
        Extent {
            natural,
            least: natural.min(12),
        }
    }

    fn number(natural: usize) -> Extent {
        Extent {
            natural,
            least: natural,
        }
    }

    /// Widths by column, `None` for the gap.
    fn shape(slots: &[Slot]) -> Vec<Option<(usize, usize)>> {
        slots
            .iter()
            .map(|slot| match slot {
                Slot::Column { index, width } => Some((*index, *width)),
                Slot::Gap => None,
            })
            .collect()
    }

    #[test]
    fn without_a_terminal_everything_is_natural() {
        assert_eq!(
            shape(&fit(&[text(500), number(3)], None)),
            [Some((0, 500)), Some((1, 3))]
        );
    }

    #[test]
    fn the_widest_texts_give_way_first() {
        // 80 columns, less 4 borders and 6 blanks, are 70: 6 for the number, 64 for two texts.
        let slots = fit(&[text(100), number(6), text(90)], Some(80));
        assert_eq!(shape(&slots), [Some((0, 32)), Some((1, 6)), Some((2, 32))]);
        let slots = fit(&[text(100), number(6), text(20)], Some(80));
        assert_eq!(shape(&slots), [Some((0, 44)), Some((1, 6)), Some((2, 20))]);
    }

    #[test]
    fn the_middle_is_hidden_and_the_rest_takes_the_room() {
        let slots = fit(&[number(10); 8], Some(50));
        // 3 columns of 13, the gap of 4 and the border of 1 are 44; a fourth does not fit.
        assert_eq!(
            shape(&slots),
            [Some((0, 10)), Some((1, 10)), None, Some((7, 10))]
        );
        let slots = fit(&[number(10), number(60), text(40)], Some(50));
        assert_eq!(shape(&slots), [Some((0, 10)), None, Some((2, 29))]);
    }

    #[test]
    fn one_column_is_always_shown() {
        assert_eq!(shape(&fit(&[text(100)], Some(20))), [Some((0, 16))]);
        assert_eq!(shape(&fit(&[number(30)], Some(20))), [Some((0, 30))]);
        assert_eq!(
            shape(&fit(&[number(30), text(9)], Some(20))),
            [Some((0, 30)), None]
        );
        assert_eq!(shape(&fit(&[], Some(20))), []);
    }

    #[test]
    fn a_line_never_exceeds_the_terminal_when_the_least_fits() {
        for terminal in 20..120 {
            for count in 1..12 {
                let columns: Vec<Extent> = (0..count)
                    .map(|index| {
                        if index % 3 == 0 {
                            number(4 + index)
                        } else {
                            text(index * 11)
                        }
                    })
                    .collect();
                let slots = fit(&columns, Some(terminal));
                let line: usize = slots.iter().map(|slot| slot.width() + FRAME).sum();
                assert!(line < terminal, "{columns:?} in {terminal}: {slots:?}");
            }
        }
    }
}
