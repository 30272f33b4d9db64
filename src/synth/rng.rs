//! The generator's own random numbers: seeded, splittable, and the same on every machine and for any number of threads.
//!
//! In: a seed and a path of numbers that says what is being decided (group, record, aspect). Out: a stream of 64-bit numbers.
//! Method: SplitMix64 (Steele, Lea, Flood 2014) mixes seed and path into the state of xoshiro256** 1.0 (Blackman and Vigna 2018).
//! Every decision has its own path, so adding one decision does not move the others. All arithmetic is on integers.
//! What the numbers are used for is left to the other files of this folder.

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Rng {
    state: [u64; 4],
}

/// One step of SplitMix64: advances `state` and gives a well-mixed number.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Mixes `seed` and `path` into one number; different paths give unrelated numbers.
pub(super) fn mix(seed: u64, path: &[u64]) -> u64 {
    let mut state = seed;
    let mut mixed = split_mix(&mut state);
    for &step in path {
        state = mixed ^ step.wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed = split_mix(&mut state);
    }
    mixed
}

impl Rng {
    /// The stream that belongs to `path` under `seed`.
    pub(super) fn new(seed: u64, path: &[u64]) -> Self {
        let mut state = mix(seed, path);
        let mut words = [0; 4];
        for word in &mut words {
            *word = split_mix(&mut state);
        }
        Self { state: words }
    }

    /// The next 64 random bits.
    pub(super) fn next(&mut self) -> u64 {
        let result = self.state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = self.state[1] << 17;
        self.state[2] ^= self.state[0];
        self.state[3] ^= self.state[1];
        self.state[1] ^= self.state[2];
        self.state[0] ^= self.state[3];
        self.state[2] ^= shifted;
        self.state[3] = self.state[3].rotate_left(45);
        result
    }

    /// A number in `0..limit`; 0 when `limit` is 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// An index in `0..len`; 0 when `len` is 0.
    pub(super) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number in `low..=high`; `low` when the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or(0);
        low + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True in `permille` of 1,000 cases.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One item of a list that is not empty.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.index(items.len())]
    }

    /// One item of a list that is not empty, by reference.
    pub(super) fn pick_ref<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// One char of a text; a space when the text is empty.
    pub(super) fn pick_char(&mut self, chars: &str) -> char {
        let index = self.index(chars.chars().count());
        chars.chars().nth(index).unwrap_or(' ')
    }

    /// Adds `count` random digits to `out`.
    pub(super) fn digits(&mut self, count: usize, out: &mut String) {
        for _ in 0..count {
            out.push(char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0)));
        }
    }
}

/// A list of weights to draw indexes by: life is not uniform.
#[derive(Debug, Clone)]
pub(super) struct Skew {
    cumulative: Vec<u64>,
}

impl Skew {
    /// Draws index `i` in proportion to the `i`-th weight.
    pub(super) fn weighted(weights: impl IntoIterator<Item = u64>) -> Self {
        let mut total = 0;
        let cumulative = weights
            .into_iter()
            .map(|weight| {
                total += weight;
                total
            })
            .collect();
        Self { cumulative }
    }

    /// Zipf-like: index `i` of `len` has weight 1 / (i + 1 + `flatness`).
    pub(super) fn zipf(len: usize, flatness: u64) -> Self {
        Self::weighted((0..len as u64).map(|rank| 10_000_000 / (rank + 1 + flatness)))
    }

    /// One index; 0 when the list is empty.
    pub(super) fn pick(&self, rng: &mut Rng) -> usize {
        let Some(&total) = self.cumulative.last() else {
            return 0;
        };
        let drawn = rng.below(total);
        self.cumulative.partition_point(|&sum| sum <= drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;
    use super::Skew;
    use super::mix;

    #[test]
    fn the_same_path_gives_the_same_stream_and_another_path_another() {
        let mut first = Rng::new(7, &[1, 2]);
        let mut again = Rng::new(7, &[1, 2]);
        let mut other = Rng::new(7, &[2, 1]);
        let drawn: Vec<u64> = (0..8).map(|_| first.next()).collect();
        assert_eq!(drawn, (0..8).map(|_| again.next()).collect::<Vec<u64>>());
        assert_ne!(drawn, (0..8).map(|_| other.next()).collect::<Vec<u64>>());
        assert_ne!(mix(7, &[0]), mix(7, &[0, 0]));
    }

    #[test]
    fn split_mix_follows_the_published_vector() {
        let mut state = 1_234_567;
        assert_eq!(super::split_mix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(super::split_mix(&mut state), 3_203_168_211_198_807_973);
    }

    #[test]
    fn draws_stay_in_range_even_for_empty_ranges() {
        let mut rng = Rng::new(1, &[]);
        assert!((0..1000).all(|_| (3..=9).contains(&rng.between(3, 9))));
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.between(5, 4), 5);
        assert_eq!(rng.pick_char("王"), '王');
    }

    #[test]
    fn a_zipf_list_draws_its_head_most() {
        let skew = Skew::zipf(100, 0);
        let mut rng = Rng::new(3, &[]);
        let mut counts = [0_u32; 100];
        for _ in 0..20_000 {
            counts[skew.pick(&mut rng)] += 1;
        }
        assert!(counts[0] > counts[9] * 5 && counts[9] > counts[99]);
    }
}
