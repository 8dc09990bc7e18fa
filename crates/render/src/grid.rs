//! Draws the lines of a grid: borders, names, types, cells.

use arrow::datatypes::Field;

use kouan_words::{cut, type_name, visible, width};

use crate::Settings;
use crate::layout::{Extent, Slot, fit};
use crate::renderer::dim;
use crate::types::{is_numeric, is_whole};

/// A type's name does not make a column wider than this.
const WIDEST_TYPE: usize = 24;
/// A text cut to this width is still of use.
const NARROWEST_TEXT: usize = 10;
/// The name of a column of numbers cut to this width is still of use.
const NARROWEST_NAME: usize = 8;

/// A column's head, and the width of the cells below it.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    name: String,
    type_name: String,
    is_numeric: bool,
    is_whole: bool,
    widest_cell: usize,
}

impl Column {
    pub(crate) fn new(field: &Field) -> Self {
        Self {
            name: visible(field.name()).into_owned(),
            type_name: visible(&type_name(field.data_type())).into_owned(),
            is_numeric: is_numeric(field.data_type()),
            is_whole: is_whole(field.data_type()),
            widest_cell: 0,
        }
    }

    /// Makes room for a cell.
    pub(crate) fn measure(&mut self, cell: &Cell) {
        self.widest_cell = self.widest_cell.max(width(&cell.text));
    }

    fn extent(&self) -> Extent {
        let head = width(&self.name).max(width(&self.type_name).min(WIDEST_TYPE));
        let natural = head.max(self.widest_cell).max(1);
        let least = if self.is_whole {
            head.min(NARROWEST_NAME).max(self.widest_cell)
        } else {
            NARROWEST_TEXT
        };
        Extent {
            natural,
            least: least.min(natural),
        }
    }
}

/// A value as it is shown.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) is_null: bool,
}

/// Columns in their places, ready to be drawn.
#[derive(Debug)]
pub(crate) struct Grid {
    columns: Vec<Column>,
    slots: Vec<Slot>,
    color: bool,
    /// Without a terminal nothing is cut.
    is_cut: bool,
}

impl Grid {
    /// Fits the columns, which have been measured, into the terminal.
    pub(crate) fn new(columns: Vec<Column>, settings: &Settings) -> Self {
        let extents: Vec<Extent> = columns.iter().map(Column::extent).collect();
        Self {
            slots: fit(&extents, settings.width),
            columns,
            color: settings.color,
            is_cut: settings.width.is_some(),
        }
    }

    /// How many columns found a place.
    pub(crate) fn columns_shown(&self) -> usize {
        let shown = |slot: &&Slot| matches!(slot, Slot::Column { .. });
        self.slots.iter().filter(shown).count()
    }

    /// The upper border, the names, the types, and a rule.
    pub(crate) fn header(&self) -> String {
        let names = self.line("…", |column, slot| {
            let name = cut(&self.columns[column].name, slot.width());
            self.pad(column, slot, &name, self.bold(&name))
        });
        let types = self.line(" ", |column, slot| {
            let name = cut(&self.columns[column].type_name, slot.width());
            self.pad(column, slot, &name, dim(name.to_string(), self.color))
        });
        let (top, rule) = (self.border("┌", "┬", "┐"), self.border("├", "┼", "┤"));
        format!("{top}{names}{types}{rule}")
    }

    /// A row of cells, one for each column, hidden ones too.
    pub(crate) fn row(&self, cells: &[Cell]) -> String {
        self.line("…", |column, slot| {
            let Cell { text, is_null } = &cells[column];
            let is_cut = self.is_cut && !self.columns[column].is_whole;
            let text = if is_cut {
                cut(text, slot.width())
            } else {
                text.into()
            };
            let styled = dim(text.to_string(), self.color && *is_null);
            self.pad(column, slot, &text, styled)
        })
    }

    /// True when a row loses nothing here that more room would have kept.
    pub(crate) fn has_room_for(&self, cells: &[Cell]) -> bool {
        self.slots.iter().all(|slot| match *slot {
            Slot::Gap => true,
            Slot::Column { index, .. } => {
                let (column, room) = (&self.columns[index], slot.width());
                let was_cut = !column.is_whole && room < column.extent().natural;
                was_cut || width(&cells[index].text) <= room
            }
        })
    }

    /// The line that stands for rows that are not shown.
    pub(crate) fn hidden_rows(&self) -> String {
        self.line("·", |column, slot| {
            self.pad(column, slot, "·", dim("·".to_owned(), self.color))
        })
    }

    /// The lower border.
    pub(crate) fn footer(&self) -> String {
        self.border("└", "┴", "┘")
    }

    /// A line of cells, with `gap` where columns are hidden.
    fn line(&self, gap: &str, cell: impl Fn(usize, Slot) -> String) -> String {
        let cells: Vec<String> = self
            .slots
            .iter()
            .map(|&slot| match slot {
                Slot::Column { index, .. } => cell(index, slot),
                Slot::Gap => dim(gap.to_owned(), self.color),
            })
            .collect();
        format!("│ {} │\n", cells.join(" │ "))
    }

    /// Blanks around a text, whose style takes no room.
    fn pad(&self, column: usize, slot: Slot, text: &str, styled: String) -> String {
        let blanks = " ".repeat(slot.width().saturating_sub(width(text)));
        if self.columns[column].is_numeric {
            blanks + &styled
        } else {
            styled + &blanks
        }
    }

    fn border(&self, left: &str, middle: &str, right: &str) -> String {
        let dashes: Vec<String> = self
            .slots
            .iter()
            .map(|slot| "─".repeat(slot.width() + 2))
            .collect();
        format!("{left}{}{right}\n", dashes.join(middle))
    }

    fn bold(&self, text: &str) -> String {
        if self.color {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
