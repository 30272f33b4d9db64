//! The regularised incomplete beta function and its inverse.
//!
//! In: shape parameters and a probability or a quantile. Out: the other. The function is its continued fraction (Abramowitz and
//! Stegun 26.5.8) by Lentz's method, the inverse is found by halving: slow and sure, as an audit asks a few hundred times.

/// Steps of the continued fraction; it needs about the square root of the larger parameter.
const STEPS_MAX: usize = 20_000;

/// Halvings: every bit of a double between 0 and 1.
const HALVINGS: usize = 80;

/// I_x(a, b): the probability that a Beta(a, b) variable is at most `x`; `a`, `b` > 0.
pub fn regularised_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x),
    );
    // The fraction converges fast on the side of the mean that holds x.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for step in 1..STEPS_MAX {
        let m = step as f64;
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            result *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    result
}

/// The quantile of Beta(a, b) at `probability`.
pub fn beta_inverse(probability: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if regularised_beta(middle, a, b) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_of_the_incomplete_beta() {
        // I_x(1, b) = 1 - (1 - x)^b; I_x(a, 1) = x^a; I_1/2(a, a) = 1/2; the others from tables of the binomial distribution.
        let cases = [
            (0.3, 1.0, 5.0, 1.0 - 0.7_f64.powi(5)),
            (0.3, 5.0, 1.0, 0.3_f64.powi(5)),
            (0.5, 7.5, 7.5, 0.5),
            (0.5, 900.0, 900.0, 0.5),
            (0.1, 3.0, 8.0, 0.070_190_826_4),
        ];
        for (x, a, b, expected) in cases {
            let found = regularised_beta(x, a, b);
            assert!((found - expected).abs() < 1e-10, "I_{x}({a}, {b}) = {found}");
        }
        assert_eq!(regularised_beta(0.0, 2.0, 3.0), 0.0);
        assert_eq!(regularised_beta(1.0, 2.0, 3.0), 1.0);
    }

    #[test]
    fn the_inverse_returns_where_the_function_came_from() {
        for (a, b) in [
            (0.5, 0.5),
            (1.0, 300.0),
            (297.0, 4.0),
            (2_000.0, 7.0),
            (50_000.0, 60_000.0),
        ] {
            for probability in [0.001, 0.025, 0.5, 0.975, 0.999] {
                let x = beta_inverse(probability, a, b);
                let back = regularised_beta(x, a, b);
                assert!((back - probability).abs() < 1e-9, "{a} {b} {probability} {back}");
            }
        }
    }
}
