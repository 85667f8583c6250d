//! A chunk: up to 256 samples of one series in a few hundred bytes.
//!
//! ```text
//! version 1, kind, varint n, times, columns
//! times    zigzag varint of the first, then of how each distance differs from the one before
//! numbers  0: decimals, zigzag varint of the first and of each difference
//!          1: eight bytes each; 2: one number for all
//! maybe    0: none is there; 1: all are; 2: a bit each; then the numbers that are there
//! yes      a bit each
//! words    varint count, each a varint length and its bytes; then an index each
//! ```
//!
//! Decoding never panics, and never takes more memory than a chunk of 256 samples has.

/// The most samples of a chunk.
pub(crate) const MOST: usize = 256;
/// Numbers are kept as whole numbers of up to this many decimals where that is exact.
const MOST_DECIMALS: u8 = 6;

/// What one record comes down to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sample {
    /// A number, never infinite.
    Number(f64),
    /// Power, voltage, current.
    Power(f64, Option<f64>, Option<f64>),
    /// Yes or no.
    Yes(bool),
    /// Anything else, as JSON.
    Words(String),
}

/// Samples of one kind, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Samples {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Power, voltage, current.
    Power(Vec<(f64, Option<f64>, Option<f64>)>),
    /// Yes or no.
    Yes(Vec<bool>),
    /// Different words, and which of them each sample is.
    Words(Vec<String>, Vec<u8>),
}

/// What a chunk holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) times: Vec<i64>,
    pub(crate) samples: Samples,
}

/// Bytes that are no chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a chunk")]
pub(crate) struct NoChunk;

impl Samples {
    /// None yet, of the kind of that sample.
    pub(crate) fn like(sample: &Sample) -> Self {
        match sample {
            Sample::Number(_) => Self::Numbers(Vec::new()),
            Sample::Power(..) => Self::Power(Vec::new()),
            Sample::Yes(_) => Self::Yes(Vec::new()),
            Sample::Words(_) => Self::Words(Vec::new(), Vec::new()),
        }
    }

    /// Adds one. `false` when it is of another kind, or one word too many.
    pub(crate) fn push(&mut self, sample: Sample) -> bool {
        match (self, sample) {
            (Self::Numbers(all), Sample::Number(it)) => all.push(it),
            (Self::Power(all), Sample::Power(power, voltage, current)) => {
                all.push((power, voltage, current));
            }
            (Self::Yes(all), Sample::Yes(it)) => all.push(it),
            (Self::Words(words, indexes), Sample::Words(it)) => {
                let place = words.iter().position(|word| *word == it).unwrap_or(words.len());
                let Ok(index) = u8::try_from(place) else { return false };
                if place == words.len() {
                    words.push(it);
                }
                indexes.push(index);
            }
            _ => return false,
        }
        true
    }

    /// The sample at that place.
    pub(crate) fn get(&self, place: usize) -> Option<Sample> {
        match self {
            Self::Numbers(all) => all.get(place).map(|it| Sample::Number(*it)),
            Self::Power(all) => all
                .get(place)
                .map(|&(power, voltage, current)| Sample::Power(power, voltage, current)),
            Self::Yes(all) => all.get(place).map(|it| Sample::Yes(*it)),
            Self::Words(words, indexes) => {
                let index = *indexes.get(place)?;
                words.get(usize::from(index)).cloned().map(Sample::Words)
            }
        }
    }

    /// The least, the most and the sum of what is a number (of power, the power).
    pub(crate) fn extent(&self) -> Option<(f64, f64, f64)> {
        let fold = |numbers: &mut dyn Iterator<Item = f64>| {
            numbers.fold(None, |extent: Option<(f64, f64, f64)>, it| {
                let (min, max, sum) = extent.unwrap_or((it, it, 0.0));
                Some((min.min(it), max.max(it), sum + it))
            })
        };
        match self {
            Self::Numbers(all) => fold(&mut all.iter().copied()),
            Self::Power(all) => fold(&mut all.iter().map(|it| it.0)),
            Self::Yes(_) | Self::Words(..) => None,
        }
    }
}

/// Seals samples; at most [`MOST`].
pub(crate) fn encode(times: &[i64], samples: &Samples) -> Vec<u8> {
    let kind = match samples {
        Samples::Numbers(_) => 0,
        Samples::Power(_) => 1,
        Samples::Yes(_) => 2,
        Samples::Words(..) => 3,
    };
    let mut out = vec![1, kind];
    put_varint(&mut out, times.len() as u64);
    put_times(&mut out, times);
    match samples {
        Samples::Numbers(all) => put_numbers(&mut out, all),
        Samples::Power(all) => {
            put_numbers(&mut out, &all.iter().map(|it| it.0).collect::<Vec<_>>());
            put_maybe(&mut out, &all.iter().map(|it| it.1).collect::<Vec<_>>());
            put_maybe(&mut out, &all.iter().map(|it| it.2).collect::<Vec<_>>());
        }
        Samples::Yes(all) => put_bits(&mut out, all),
        Samples::Words(words, indexes) => {
            put_varint(&mut out, words.len() as u64);
            for word in words {
                put_varint(&mut out, word.len() as u64);
                out.extend_from_slice(word.as_bytes());
            }
            out.extend_from_slice(indexes);
        }
    }
    out
}

fn put_times(out: &mut Vec<u8>, times: &[i64]) {
    let (mut before, mut distance) = (0_i64, 0_i64);
    for (place, &time) in times.iter().enumerate() {
        let step = time.wrapping_sub(before);
        put_signed(out, step.wrapping_sub(distance));
        // The first is no distance from another.
        distance = if place == 0 { 0 } else { step };
        before = time;
    }
}

fn put_numbers(out: &mut Vec<u8>, numbers: &[f64]) {
    let first = numbers.first().copied().unwrap_or_default();
    if numbers.iter().all(|it| it.to_bits() == first.to_bits()) {
        out.push(2);
        out.extend_from_slice(&first.to_le_bytes());
        return;
    }
    if let Some((decimals, wholes)) = as_decimals(numbers) {
        let mut scaled = vec![0, decimals];
        let mut before = 0;
        for whole in wholes {
            put_signed(&mut scaled, whole - before);
            before = whole;
        }
        if scaled.len() < 8 * numbers.len() {
            out.extend_from_slice(&scaled);
            return;
        }
    }
    out.push(1);
    numbers.iter().for_each(|it| out.extend_from_slice(&it.to_le_bytes()));
}

/// The fewest decimals with which every one is exactly itself again.
fn as_decimals(numbers: &[f64]) -> Option<(u8, Vec<i64>)> {
    (0..=MOST_DECIMALS).find_map(|decimals| {
        let wholes = numbers.iter().map(|&number| whole_of(number, decimals));
        Some((decimals, wholes.collect::<Option<Vec<i64>>>()?))
    })
}

fn whole_of(number: f64, decimals: u8) -> Option<i64> {
    /// Whole numbers up to here have a float each.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let scaled = (number * scale(decimals)).round();
    let whole = (scaled.abs() < EXACT).then_some(scaled as i64)?;
    (number_of(whole, decimals).to_bits() == number.to_bits()).then_some(whole)
}

fn number_of(whole: i64, decimals: u8) -> f64 {
    whole as f64 / scale(decimals)
}

fn scale(decimals: u8) -> f64 {
    10_f64.powi(i32::from(decimals))
}

fn put_maybe(out: &mut Vec<u8>, numbers: &[Option<f64>]) {
    let there: Vec<f64> = numbers.iter().copied().flatten().collect();
    if there.is_empty() {
        out.push(0);
    } else if there.len() == numbers.len() {
        out.push(1);
        put_numbers(out, &there);
    } else {
        out.push(2);
        put_bits(out, &numbers.iter().map(Option::is_some).collect::<Vec<_>>());
        put_numbers(out, &there);
    }
}

fn put_bits(out: &mut Vec<u8>, bits: &[bool]) {
    out.extend(bits.chunks(8).map(|eight| {
        eight.iter().enumerate().fold(0, |byte, (place, &bit)| byte | (u8::from(bit) << place))
    }));
}

fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_varint(out, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads a chunk.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, NoChunk> {
    let mut from = Bytes(bytes);
    if from.byte()? != 1 {
        return Err(NoChunk);
    }
    let kind = from.byte()?;
    let n = from.count(MOST)?;
    let times = from.times(n)?;
    let samples = match kind {
        0 => Samples::Numbers(from.numbers(n)?),
        1 => {
            let (power, voltage, current) = (from.numbers(n)?, from.maybe(n)?, from.maybe(n)?);
            let both = voltage.into_iter().zip(current);
            Samples::Power(power.into_iter().zip(both).map(|(it, (v, a))| (it, v, a)).collect())
        }
        2 => Samples::Yes(from.bits(n)?),
        3 => from.words(n)?,
        _ => return Err(NoChunk),
    };
    if from.0.is_empty() { Ok(Decoded { times, samples }) } else { Err(NoChunk) }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], NoChunk> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NoChunk)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, NoChunk> {
        let (&byte, rest) = self.0.split_first().ok_or(NoChunk)?;
        self.0 = rest;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, NoChunk> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(NoChunk)
    }

    fn signed(&mut self) -> Result<i64, NoChunk> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    fn count(&mut self, most: usize) -> Result<usize, NoChunk> {
        let count = usize::try_from(self.varint()?).map_err(|_| NoChunk)?;
        if count <= most { Ok(count) } else { Err(NoChunk) }
    }

    fn times(&mut self, n: usize) -> Result<Vec<i64>, NoChunk> {
        let (mut before, mut distance) = (0_i64, 0_i64);
        let mut times = Vec::with_capacity(n);
        for place in 0..n {
            let step = distance.wrapping_add(self.signed()?);
            distance = if place == 0 { 0 } else { step };
            before = before.wrapping_add(step);
            times.push(before);
        }
        Ok(times)
    }

    fn float(&mut self) -> Result<f64, NoChunk> {
        let bytes = self.take(8)?.try_into().map_err(|_| NoChunk)?;
        Ok(f64::from_le_bytes(bytes))
    }

    fn numbers(&mut self, n: usize) -> Result<Vec<f64>, NoChunk> {
        match self.byte()? {
            0 => {
                let decimals = self.byte()?;
                let scale =
                    if decimals <= MOST_DECIMALS { scale(decimals) } else { return Err(NoChunk) };
                let mut whole = 0_i64;
                let mut numbers = Vec::with_capacity(n);
                for _ in 0..n {
                    whole = whole.wrapping_add(self.signed()?);
                    numbers.push(whole as f64 / scale);
                }
                Ok(numbers)
            }
            1 => (0..n).map(|_| self.float()).collect(),
            2 => Ok(vec![self.float()?; n]),
            _ => Err(NoChunk),
        }
    }

    fn maybe(&mut self, n: usize) -> Result<Vec<Option<f64>>, NoChunk> {
        match self.byte()? {
            0 => Ok(vec![None; n]),
            1 => Ok(self.numbers(n)?.into_iter().map(Some).collect()),
            2 => {
                let bits = self.bits(n)?;
                let mut there = self.numbers(bits.iter().filter(|it| **it).count())?.into_iter();
                Ok(bits.into_iter().map(|it| if it { there.next() } else { None }).collect())
            }
            _ => Err(NoChunk),
        }
    }

    fn bits(&mut self, n: usize) -> Result<Vec<bool>, NoChunk> {
        let bytes = self.take(n.div_ceil(8))?;
        let bits = bytes.iter().flat_map(|byte| (0..8).map(move |place| byte >> place & 1 == 1));
        Ok(bits.take(n).collect())
    }

    fn words(&mut self, n: usize) -> Result<Samples, NoChunk> {
        let count = self.count(n)?;
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            let length = self.count(self.0.len())?;
            let word = std::str::from_utf8(self.take(length)?).map_err(|_| NoChunk)?;
            words.push(word.to_owned());
        }
        let indexes = self.take(n)?.to_vec();
        if indexes.iter().any(|it| usize::from(*it) >= count) {
            return Err(NoChunk);
        }
        Ok(Samples::Words(words, indexes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (-100_000_i64..100_000, 0_u8..7).prop_map(|(whole, it)| number_of(whole, it)),
            1 => any::<f64>().prop_filter("a number", |it| it.is_finite()),
            1 => Just(-0.0),
        ]
    }

    fn samples() -> impl Strategy<Value = Vec<Sample>> {
        let number_or_none = || proptest::option::of(number());
        let size = 1..=MOST;
        prop_oneof![
            proptest::collection::vec(number().prop_map(Sample::Number), size.clone()),
            proptest::collection::vec(
                (number(), number_or_none(), number_or_none())
                    .prop_map(|(power, volt, ampere)| Sample::Power(power, volt, ampere)),
                size.clone()
            ),
            proptest::collection::vec(any::<bool>().prop_map(Sample::Yes), size.clone()),
            proptest::collection::vec("\\PC{0,3}".prop_map(Sample::Words), size),
        ]
    }

    fn bits(sample: &Sample) -> String {
        match sample {
            Sample::Number(it) => it.to_bits().to_string(),
            Sample::Power(it, volt, ampere) => {
                format!(
                    "{} {:?} {:?}",
                    it.to_bits(),
                    volt.map(f64::to_bits),
                    ampere.map(f64::to_bits)
                )
            }
            other => format!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_comes_back_to_the_bit(
            samples in samples(),
            start in any::<i64>(),
            steps in proptest::collection::vec(prop_oneof![0_i64..20_000, any::<i64>()], MOST),
        ) {
            let mut time = start;
            let mut times = Vec::new();
            let mut all = Samples::like(&samples[0]);
            for (sample, step) in samples.iter().zip(steps) {
                times.push(time);
                time = time.wrapping_add(step);
                prop_assert!(all.push(sample.clone()));
            }
            let decoded = decode(&encode(&times, &all)).unwrap();
            prop_assert_eq!(&decoded.times, &times);
            for (place, sample) in samples.iter().enumerate() {
                prop_assert_eq!(bits(&decoded.samples.get(place).unwrap()), bits(sample));
            }
        }

        #[test]
        fn no_bytes_make_it_panic_or_take_much_memory(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
        ) {
            let mut bytes = bytes;
            if let Ok(decoded) = decode(&bytes) {
                prop_assert!(decoded.times.len() <= MOST);
            }
            // As far in as can be: the beginning of a chunk, then anything.
            for kind in 0..4 {
                bytes.splice(0..bytes.len().min(4), [1, kind, 0x80, 2]);
                if let Ok(decoded) = decode(&bytes) {
                    prop_assert_eq!(decoded.times.len(), 256);
                }
            }
        }

        #[test]
        fn a_chunk_that_is_cut_short_or_too_long_is_none(samples in samples(), at in 0_usize..9_000) {
            let mut all = Samples::like(&samples[0]);
            let times: Vec<i64> = (0..).take(samples.len()).collect();
            samples.into_iter().for_each(|it| assert!(all.push(it)));
            let mut bytes = encode(&times, &all);
            prop_assert!(decode(&bytes[..at % bytes.len()]).is_err());
            bytes.push(0);
            prop_assert!(decode(&bytes).is_err());
        }
    }

    #[test]
    fn regular_readings_take_few_bytes() {
        let times: Vec<i64> = (0..256).map(|it| 1_790_000_000_000 + it * 10_000 + it % 7).collect();
        let numbers = (0..256).map(|it| number_of(215 + (it / 9) % 5, 1)).collect();
        let bytes = encode(&times, &Samples::Numbers(numbers));
        assert!(bytes.len() < 256 * 5 / 2, "{}", bytes.len());
    }
}
