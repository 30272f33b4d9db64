//! The project's own 64-bit hash.
//!
//! In: bytes. Out: a 64-bit number that is the same on every platform and in every version (golden vectors below),
//! because blocking keys, samples and new unified IDs rest on it. The method is multiply-and-fold over 8-byte
//! little-endian words with 128-bit products, as in wyhash (Wang Yi, public domain), simplified. It resists no attacker.

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const K0: u64 = 0xA076_1D64_78BD_642F;
const K1: u64 = 0xE703_7ED1_A0B4_28DB;

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Hash of `bytes`.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut state = SEED ^ (bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(chunk.try_into().expect("chunks of exactly 8 bytes"));
        state = fold(state ^ word, K0);
    }
    let mut last = [0u8; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    fold(state ^ u64::from_le_bytes(last) ^ K0, K1 ^ SEED)
}

/// Hash of a text.
pub fn hash_text(text: &str) -> u64 {
    hash_bytes(text.as_bytes())
}

/// Combines two hashes; the order matters.
pub fn mix(a: u64, b: u64) -> u64 {
    fold(a ^ K1, b.wrapping_add(SEED) ^ K0.rotate_left(17))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_vectors_hold() {
        let got = ["", "a", "ABC Ltd", "北京华夏科技有限公司"].map(hash_text);
        assert_eq!(got, GOLDEN);
    }

    const GOLDEN: [u64; 4] = [
        7_183_466_308_600_707_241,
        13_273_163_256_348_417_656,
        333_475_076_059_592_328,
        10_746_608_174_743_334_186,
    ];

    #[test]
    fn order_matters_when_mixing() {
        assert_ne!(mix(1, 2), mix(2, 1));
        assert_ne!(mix(0, 0), 0);
    }
}
