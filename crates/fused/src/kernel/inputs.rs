//! Adds the values of an aggregate's input to their groups, without the rows that a filter or NULL leaves out.

use std::iter::repeat_n;

use datafusion::error::Result;

use super::accumulators::Groups;
use super::missing::Missing;
use super::numbers::{InputValues, Numbers};
use super::open_row_group::{InputByCode, mask_of};
use super::rows::Rows;
use super::{BLOCK, Table};
use crate::pages::{Block, Cells};
use crate::plan::{Computation, NumberKind, Query};

/// Room for what is known of the rows of a block.
pub(super) struct Scratch {
    /// The values of each input.
    numbers: Vec<Numbers>,
    left_out: LeftOut,
    /// The groups, with another one for the rows left out.
    masked: Vec<u32>,
    key_codes: Vec<u32>,
}

/// The rows that an input leaves out.
struct LeftOut {
    /// 1 for each such row; meaningless unless there are any.
    marks: Vec<u8>,
    any: bool,
}

/// Where the values of an input are.
enum Source<'a> {
    Coded(&'a InputByCode, &'a Block),
    /// In the scratch, one a row.
    Each,
}

impl Scratch {
    pub(super) fn new(query: &Query) -> Self {
        let numbers = query.inputs.iter().map(|input| Numbers::new(input.kind));
        Self {
            numbers: numbers.collect(),
            left_out: LeftOut {
                marks: vec![0; BLOCK],
                any: false,
            },
            masked: vec![0; BLOCK],
            key_codes: vec![0; BLOCK],
        }
    }
}

impl LeftOut {
    /// Marks rows beside those that are marked already.
    fn mark(&mut self, marks: impl Iterator<Item = u8>) {
        let rows = self.marks.iter_mut().zip(marks);
        if self.any {
            rows.for_each(|(row, mark)| *row |= mark);
        } else {
            rows.for_each(|(row, mark)| *row = mark);
        }
        self.any = true;
    }

    /// Marks the rows without a value.
    fn mark_nulls(&mut self, block: &Block) {
        if let Some(valid) = block.validity() {
            self.mark(valid.iter().map(|valid| u8::from(*valid == 0)));
        }
    }
}

impl Rows<'_> {
    /// Adds an input's values to their groups; those left out go to the group `refused`.
    pub(super) fn add(
        &self,
        index: usize,
        groups: Groups<'_>,
        refused: u32,
        scratch: &mut Scratch,
        table: &mut Table,
    ) -> Result<()> {
        let input = &self.query.inputs[index];
        if input.argument.is_none() && input.filter.is_none() {
            return Ok(());
        }
        let left_out = &mut scratch.left_out;
        left_out.any = false;
        if let Some(filter) = &input.filter {
            self.leave_out(index, filter, left_out)?;
        }
        let numbers = &mut scratch.numbers[index];
        let source = match &input.argument {
            None => None,
            Some(argument) => Some(self.values(index, argument, numbers, left_out)?),
        };
        if input.is_summed() {
            let magnitude = match &source {
                Some(Source::Coded(by_code, _)) => by_code.magnitude,
                Some(Source::Each) => numbers.magnitude(),
                None => 0,
            };
            table.bound(index, self.count, magnitude)?;
        }
        let given = match source {
            None => InputValues::None,
            Some(Source::Each) => numbers.each(),
            Some(Source::Coded(by_code, block)) => match block.cells {
                Cells::Constant(code) => by_code.numbers.same(code),
                _ => by_code.numbers.coded(block.codes()),
            },
        };
        let key_codes = &mut scratch.key_codes[..self.count];
        if let NumberKind::KeyCode(key) = input.kind
            && let Some(constant) = self.key_codes(key, 1, true, key_codes)?
        {
            key_codes.fill(constant);
        }
        let mut groups = groups;
        if left_out.any {
            let marks = &left_out.marks[..self.count];
            table.count_missing(index, groups, marks);
            let masked = &mut scratch.masked[..self.count];
            for (row, (masked, mark)) in masked.iter_mut().zip(marks).enumerate() {
                let group = match groups {
                    Groups::One(group, _) => group,
                    Groups::Each(groups) => groups[row],
                };
                *masked = if *mark == 0 { group } else { refused };
            }
            groups = Groups::Each(masked);
        }
        table.update(index, groups, given, key_codes);
        Ok(())
    }

    /// Marks the rows that do not pass an input's own filter.
    fn leave_out(&self, index: usize, filter: &Computation, left_out: &mut LeftOut) -> Result<()> {
        let mask = self.opened.input_filters[index].as_ref();
        match mask.zip(self.block_of(filter)) {
            Some((
                mask,
                Block {
                    cells: Cells::Constant(code),
                    ..
                },
            )) => {
                if mask[*code as usize] == 0 {
                    left_out.mark(repeat_n(1, self.count));
                }
            }
            Some((
                mask,
                block @ Block {
                    cells: Cells::Codes,
                    ..
                },
            )) => {
                left_out.mark(block.codes().iter().map(|code| 1 - mask[*code as usize]));
            }
            _ => {
                let mask = mask_of(&self.evaluate(filter)?)?;
                left_out.mark(mask.iter().map(|passes| 1 - passes));
            }
        }
        Ok(())
    }

    /// Finds the values of an argument and marks the rows that have none.
    fn values(
        &self,
        index: usize,
        argument: &Computation,
        numbers: &mut Numbers,
        left_out: &mut LeftOut,
    ) -> Result<Source<'_>> {
        let by_code = self.opened.inputs[index].as_ref();
        match (self.block_of(argument), by_code) {
            (
                Some(
                    block @ Block {
                        cells: Cells::Constant(code),
                        ..
                    },
                ),
                Some(by_code),
            ) => {
                if by_code.missing.is_at(*code) {
                    left_out.mark(repeat_n(1, self.count));
                }
                return Ok(Source::Coded(by_code, block));
            }
            (
                Some(
                    block @ Block {
                        cells: Cells::Codes,
                        ..
                    },
                ),
                Some(by_code),
            ) => {
                match &by_code.missing {
                    Missing::Nowhere => {}
                    Missing::NullAlone(_) => left_out.mark_nulls(block),
                    Missing::Marked(marks) => {
                        left_out.mark(block.codes().iter().map(|code| marks[*code as usize]));
                    }
                }
                return Ok(Source::Coded(by_code, block));
            }
            (
                Some(
                    block @ Block {
                        cells: Cells::Lanes(layout),
                        ..
                    },
                ),
                _,
            ) => {
                if let Some(from) = &argument.bare
                    && numbers.read(block.lanes(), from, layout)
                {
                    left_out.mark_nulls(block);
                    return Ok(Source::Each);
                }
            }
            _ => {}
        }
        let array = self.evaluate(argument)?;
        let (own, nulls) = Numbers::of(&array, self.query.inputs[index].kind)?;
        *numbers = own;
        if let Some(nulls) = nulls {
            left_out.mark(nulls.iter().map(|valid| u8::from(!valid)));
        }
        Ok(Source::Each)
    }
}
