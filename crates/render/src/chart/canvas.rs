//! A canvas of dots, drawn with the Braille patterns of Unicode: two dots wide, four high a cell.

/// The bit of each dot in a pattern, by row and column within a cell.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
const EMPTY: u32 = 0x2800;

/// Dots, counted from the upper left.
pub(super) struct Canvas {
    columns: usize,
    cells: Vec<u8>,
}

impl Canvas {
    /// A canvas of this many cells.
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self {
            columns,
            cells: vec![0; columns * rows],
        }
    }

    /// Dots from left to right, and from top to bottom.
    pub(super) fn dots(&self) -> (usize, usize) {
        (self.columns * 2, self.cells.len() / self.columns * 4)
    }

    /// Sets a dot; one outside is left out.
    pub(super) fn set(&mut self, x: usize, y: usize) {
        let (width, height) = self.dots();
        if x < width && y < height {
            self.cells[y / 4 * self.columns + x / 2] |= BITS[y % 4][x % 2];
        }
    }

    /// Sets the dots between two.
    pub(super) fn connect(&mut self, from: (usize, usize), to: (usize, usize)) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        let between = |from: usize, to: usize, step: usize| {
            let share = step as f64 / steps as f64;
            (from as f64 + (to as f64 - from as f64) * share).round() as usize
        };
        for step in 0..=steps {
            self.set(between(from.0, to.0, step), between(from.1, to.1, step));
        }
    }

    /// The lines of the drawing, without blanks at their ends.
    pub(super) fn lines(&self) -> Vec<String> {
        let character = |cell: &u8| match cell {
            0 => ' ',
            bits => char::from_u32(EMPTY + u32::from(*bits)).unwrap_or(' '),
        };
        self.cells
            .chunks(self.columns)
            .map(|row| {
                row.iter()
                    .map(character)
                    .collect::<String>()
                    .trim_end()
                    .to_string()
            })
            .collect()
    }
}
