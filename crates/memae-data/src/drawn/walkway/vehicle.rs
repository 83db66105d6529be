//! What is larger than people: a cart and a van.

use crate::drawn::scene::form::Part;
use crate::drawn::scene::person::Person;
use crate::random::Random;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vehicle {
    body: f64,
    roof: f64,
    glass: f64,
    tyre: f64,
    load: f64,
    driver: Person,
}

impl Vehicle {
    pub(super) fn new(random: &mut Random) -> Self {
        // Glass must show against the body: it mirrors the sky in a dark one.
        let (body, glass) = if random.below(2) == 0 {
            (random.uniform(15.0, 40.0), random.uniform(115.0, 160.0))
        } else {
            (random.uniform(222.0, 245.0), random.uniform(35.0, 80.0))
        };
        Self {
            body,
            roof: random.uniform(215.0, 245.0),
            glass,
            load: 260.0 - body,
            tyre: random.uniform(20.0, 45.0),
            driver: Person::new(random),
        }
    }

    fn wheel(&self, x: f64, radius: f64) -> [Part; 2] {
        [
            Part::disc((x, radius), radius, self.tyre),
            Part::disc((x, radius), radius * 0.45, 130.0),
        ]
    }

    /// An open cart with a roof on posts, its driver, and a load behind.
    pub(super) fn cart(&self) -> Vec<Part> {
        let post = |from, to| Part::limb(from, to, [0.022; 2], 60.0);
        let mut parts = Vec::with_capacity(24);
        parts.push(post((-0.2, 0.4), (-0.24, 1.12)));
        parts.extend(self.driver.driving((-0.02, 0.48)));
        parts.push(Part::panel(
            &[(-0.72, 0.17), (0.74, 0.17), (0.74, 0.36), (-0.72, 0.42)],
            self.body,
        ));
        parts.push(Part::panel(
            &[(0.38, 0.3), (0.74, 0.3), (0.68, 0.6), (0.46, 0.64)],
            self.body,
        ));
        parts.push(Part::panel(
            &[(-0.74, 0.4), (-0.25, 0.4), (-0.25, 0.94), (-0.74, 0.84)],
            self.load,
        ));
        parts.push(post((0.5, 0.6), (0.4, 1.12)));
        parts.push(Part::panel(
            &[(-0.4, 1.08), (0.54, 1.08), (0.5, 1.18), (-0.38, 1.18)],
            self.roof,
        ));
        parts.extend(self.wheel(-0.45, 0.15));
        parts.extend(self.wheel(0.48, 0.15));
        parts
    }

    /// A closed van.
    pub(super) fn van(&self) -> Vec<Part> {
        let mut parts = Vec::with_capacity(10);
        parts.push(Part::panel(
            &[
                (-1.0, 0.15),
                (1.04, 0.15),
                (1.06, 0.5),
                (0.98, 0.66),
                (0.66, 1.14),
                (0.5, 1.2),
                (-0.98, 1.2),
                (-1.02, 1.1),
            ],
            self.body,
        ));
        parts.push(Part::panel(
            &[(-1.0, 0.15), (1.04, 0.15), (1.05, 0.3), (-1.0, 0.3)],
            self.body * 0.65,
        ));
        for window in [
            [(0.3, 0.7), (0.84, 0.66), (0.6, 1.08), (0.3, 1.08)],
            [(-0.3, 0.72), (0.18, 0.72), (0.18, 1.08), (-0.3, 1.08)],
        ] {
            parts.push(Part::panel(&window, self.glass));
        }
        parts.push(Part::disc((1.0, 0.45), 0.05, 235.0));
        parts.extend(self.wheel(-0.62, 0.19));
        parts.extend(self.wheel(0.64, 0.19));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicles_stand_on_the_ground_and_are_larger_than_people() {
        for seed in 0..50 {
            let vehicle = Vehicle::new(&mut Random::new(seed, 0));
            for (parts, length) in [(vehicle.cart(), 1.4), (vehicle.van(), 2.0)] {
                let bounds = || parts.iter().map(|part| part.form.bounds());
                let low = bounds().map(|(low, _)| low.y).fold(f64::INFINITY, f64::min);
                let back = bounds().map(|(low, _)| low.x).fold(0.0, f64::min);
                let front = bounds().map(|(_, high)| high.x).fold(0.0, f64::max);
                let high = bounds().map(|(_, high)| high.y).fold(0.0, f64::max);
                assert!(low.abs() < 1e-9, "{low}");
                assert!(front - back > length, "{back} {front}");
                assert!(high > 1.15, "{high}");
            }
        }
    }
}
