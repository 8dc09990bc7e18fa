//! Numbers in groups of seven bits.

use datafusion::common::exec_err;
use datafusion::error::Result;

/// Reads a number, lowest bits first, and moves the position behind it.
pub(super) fn variable_length(data: &[u8], position: &mut usize) -> Result<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let Some(byte) = data.get(*position) else {
            return exec_err!("a Parquet page ends before its last value");
        };
        *position += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    exec_err!("a Parquet page has a number of more than 64 bits")
}

/// Reads a number whose sign is its lowest bit; only its bits count, so that sums of it wrap.
pub(super) fn zigzag(data: &[u8], position: &mut usize) -> Result<u64> {
    let number = variable_length(data, position)?;
    Ok((number >> 1) ^ (number & 1).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the documentation of Protocol Buffers (Encoding), from which Parquet has this.
    #[test]
    fn known_numbers_are_read() -> Result<()> {
        assert_eq!(variable_length(&[0x96, 0x01], &mut 0)?, 150);
        let signed = |byte: u8| zigzag(&[byte], &mut 0).map(u64::cast_signed);
        assert_eq!(
            (signed(0)?, signed(1)?, signed(2)?, signed(3)?),
            (0, -1, 1, -2)
        );
        assert!(variable_length(&[0x80], &mut 0).is_err());
        assert!(variable_length(&[0xff; 11], &mut 0).is_err());
        Ok(())
    }
}
