//! What every generated record shares: word lists split once, and the weights by which they are drawn.
//!
//! In: seed, locale, number of sources and nights. Out: [`World`], read-only, shared by all threads.

use super::Locale;
use super::companies;
use super::latin;
use super::noise::Noise;
use super::people;
use super::places;
use super::rng::Skew;

/// Clusters have at most this many records.
pub(super) const CLUSTER_MAX: usize = 20;

/// Word lists, weights and settings of one generation.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) locale: Locale,
    pub(super) nights: u32,
    pub(super) cities: Vec<places::City>,
    pub(super) roads: Vec<&'static str>,
    pub(super) offices: Vec<&'static str>,
    pub(super) homes: Vec<&'static str>,
    pub(super) surnames: Vec<&'static str>,
    pub(super) male: Vec<char>,
    pub(super) female: Vec<char>,
    pub(super) titles: Vec<&'static str>,
    pub(super) brand_chars: Vec<char>,
    pub(super) industries: Vec<(&'static str, &'static str)>,
    pub(super) forms: Vec<&'static str>,
    pub(super) shop_trades: Vec<&'static str>,
    pub(super) shop_forms: Vec<&'static str>,
    pub(super) latin: Latin,
    pub(super) noise: Noise,
    pub(super) source_skew: Skew,
    pub(super) cluster_skew: Skew,
    pub(super) city_skew: Skew,
    pub(super) surname_skew: Skew,
    pub(super) male_skew: Skew,
    pub(super) female_skew: Skew,
    pub(super) brand_skew: Skew,
    pub(super) industry_skew: Skew,
    pub(super) form_skew: Skew,
}

/// Latin word lists and their weights.
#[derive(Debug)]
pub(super) struct Latin {
    pub(super) cities: Vec<latin::LatinCity>,
    pub(super) surnames: Vec<&'static str>,
    /// Given name and short form (the same when there is none).
    pub(super) male: Vec<(&'static str, &'static str)>,
    pub(super) female: Vec<(&'static str, &'static str)>,
    pub(super) streets: Vec<String>,
    pub(super) firm_words: Vec<String>,
    pub(super) firm_trades: Vec<String>,
    pub(super) firm_forms: Vec<&'static str>,
    pub(super) city_skew: Skew,
    pub(super) surname_skew: Skew,
    pub(super) given_skew: Skew,
    pub(super) street_skew: Skew,
    pub(super) firm_skew: Skew,
}

fn split(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

fn chars(list: &str) -> Vec<char> {
    list.chars().filter(|found| !found.is_whitespace()).collect()
}

fn with_short_forms(list: &'static str) -> Vec<(&'static str, &'static str)> {
    list.split_whitespace()
        .map(|entry| entry.split_once('/').unwrap_or((entry, entry)))
        .collect()
}

impl Latin {
    fn new() -> Self {
        let (surnames, streets) = (split(latin::SURNAMES), latin::words(latin::STREETS));
        let (male, female) = (with_short_forms(latin::MALE), with_short_forms(latin::FEMALE));
        let (cities, firm_words) = (latin::cities(), latin::words(latin::FIRM_WORDS));
        Self {
            city_skew: Skew::zipf(cities.len(), 3),
            surname_skew: Skew::zipf(surnames.len(), 4),
            given_skew: Skew::zipf(male.len().max(female.len()), 4),
            street_skew: Skew::zipf(streets.len(), 6),
            firm_skew: Skew::zipf(firm_words.len(), 8),
            firm_trades: latin::words(latin::FIRM_TRADES),
            firm_forms: split(latin::FIRM_FORMS),
            cities,
            surnames,
            male,
            female,
            streets,
            firm_words,
        }
    }
}

impl World {
    /// Splits the lists and builds the weights.
    pub(super) fn new(seed: u64, locale: Locale, sources: usize, nights: u32) -> Self {
        let (cities, surnames) = (places::cities(), split(people::SURNAMES));
        let (male, female) = (chars(people::MALE), chars(people::FEMALE));
        let (brand_chars, industries) = (companies::brand_chars(), companies::industries());
        Self {
            seed,
            locale,
            nights: nights.max(1),
            roads: split(places::ROADS),
            offices: split(places::OFFICES),
            homes: split(places::HOMES),
            titles: split(people::TITLES),
            forms: split(companies::FORMS),
            shop_trades: companies::shop_trades(),
            shop_forms: companies::shop_forms(),
            latin: Latin::new(),
            noise: Noise::new(),
            // The largest subsidiary has about three times the records of the fifth.
            source_skew: Skew::zipf(sources.max(1), 1),
            // Sizes fall as k^-2.5: seven in ten customers are known once, few many times.
            cluster_skew: Skew::weighted((1..=CLUSTER_MAX).map(cluster_weight)),
            city_skew: Skew::zipf(cities.len(), 2),
            surname_skew: people::surname_skew(surnames.len()),
            male_skew: Skew::zipf(male.len(), 8),
            female_skew: Skew::zipf(female.len(), 8),
            brand_skew: Skew::zipf(brand_chars.len(), 25),
            industry_skew: Skew::zipf(industries.len(), 3),
            form_skew: Skew::weighted([820, 80, 60, 25, 15]),
            cities,
            surnames,
            male,
            female,
            brand_chars,
            industries,
        }
    }
}

/// Ten million over k^2.5 in integers, so that every machine agrees.
fn cluster_weight(size: usize) -> u64 {
    let size = size as u64;
    10_000_000 * 1000 / (size * size * (size * 1_000_000).isqrt())
}
