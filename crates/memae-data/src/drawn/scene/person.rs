//! People: walking along, walking towards the camera or away from it, and on wheels.

use super::form::Part;
use super::wave::wave;
use crate::random::Random;

/// How much darker the limbs on the far side of a body are.
const FAR_SIDE: f64 = 0.8;

/// What tells one person from another. Lengths are in heights of a person of ordinary stature.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::drawn) struct Person {
    /// Height; 1 is ordinary.
    pub(in crate::drawn) stature: f64,
    /// Width of the body; 1 is ordinary.
    build: f64,
    /// Way made in two steps.
    pub(in crate::drawn) stride: f64,
    /// How far the arms swing; 1 is ordinary.
    swing: f64,
    top: f64,
    bottom: f64,
    skin: f64,
    hair: f64,
    shoes: f64,
    /// Grey of a bag on the back.
    bag: Option<f64>,
}

/// Grey of a piece of clothing: most are darker than the path, and some are lighter.
fn clothing(random: &mut Random) -> f64 {
    if random.below(8) == 0 {
        random.uniform(165.0, 185.0)
    } else {
        random.uniform(80.0, 115.0)
    }
}

impl Person {
    /// Someone in sports clothes, which are lighter than those of walkers.
    pub(in crate::drawn) fn in_sportswear(random: &mut Random) -> Self {
        Self {
            top: random.uniform(228.0, 250.0),
            bottom: random.uniform(205.0, 235.0),
            bag: None,
            ..Self::new(random)
        }
    }

    pub(in crate::drawn) fn new(random: &mut Random) -> Self {
        let bag = (random.below(6) == 0).then(|| clothing(random));
        Self {
            stature: (1.0 + 0.06 * random.bell()).clamp(0.85, 1.15),
            build: (1.0 + 0.1 * random.bell()).clamp(0.8, 1.3),
            stride: random.uniform(0.8, 0.92),
            swing: random.uniform(0.6, 1.2),
            top: clothing(random),
            bottom: random.uniform(75.0, 105.0),
            skin: random.uniform(125.0, 165.0),
            hair: random.uniform(60.0, 100.0),
            shoes: random.uniform(60.0, 100.0),
            bag,
        }
    }

    fn leg(&self, hip: (f64, f64), knee: (f64, f64), foot: (f64, f64), shade: f64) -> [Part; 3] {
        let grey = self.bottom * shade;
        [
            Part::limb(hip, knee, [0.062 * self.build, 0.05], grey),
            Part::limb(knee, foot, [0.05, 0.036], grey),
            Part::limb(
                foot,
                (foot.0 + 0.07, foot.1 - 0.005),
                [0.03; 2],
                self.shoes * shade,
            ),
        ]
    }

    fn arm(
        &self,
        shoulder: (f64, f64),
        elbow: (f64, f64),
        hand: (f64, f64),
        shade: f64,
    ) -> [Part; 3] {
        let grey = self.top * shade * 0.95;
        [
            Part::limb(shoulder, elbow, [0.04, 0.034], grey),
            Part::limb(elbow, hand, [0.034, 0.028], grey),
            Part::disc(hand, 0.03, self.skin * shade),
        ]
    }

    /// A head that looks ahead.
    fn head(&self, centre: (f64, f64)) -> [Part; 2] {
        [
            Part::disc((centre.0 - 0.012, centre.1 + 0.014), 0.078, self.hair),
            Part::disc((centre.0 + 0.022, centre.1 - 0.018), 0.06, self.skin),
        ]
    }

    /// A walker seen from the side, `turns` double steps on the way.
    pub(in crate::drawn) fn walking(&self, turns: f64) -> Vec<Part> {
        let bob = 0.012 * wave(2.0 * turns);
        let (hip, shoulder) = ((0.0, 0.5 + bob), (0.025, 0.78 + bob));
        // A foot on the ground must stay where it is while the body goes on: a quarter of the stride to either side.
        let leg = |turns: f64, shade| {
            let ahead = self.stride / 4.0 * wave(turns);
            let lift = wave(turns + 0.25).max(0.0);
            let foot = (ahead - 0.02, 0.03 + 0.07 * lift);
            let knee = (ahead * 0.5 + 0.03 + 0.06 * lift, 0.27 + 0.03 * lift);
            self.leg(hip, knee, foot, shade)
        };
        let arm = |turns: f64, shade| {
            let ahead = 0.17 * self.swing * wave(turns);
            let elbow = (shoulder.0 + ahead * 0.5 - 0.03, 0.63 + bob);
            let hand = (shoulder.0 + ahead + 0.02, 0.5 + bob + 0.2 * ahead.abs());
            self.arm(shoulder, elbow, hand, shade)
        };
        let mut parts = Vec::with_capacity(16);
        parts.extend(arm(turns, FAR_SIDE));
        parts.extend(leg(turns + 0.5, FAR_SIDE));
        parts.extend(leg(turns, 1.0));
        if let Some(bag) = self.bag {
            parts.push(Part::limb(
                (-0.1, 0.75 + bob),
                (-0.11, 0.6 + bob),
                [0.06, 0.07],
                bag,
            ));
        }
        parts.push(self.torso((0.0, 0.52 + bob), shoulder, 0.085));
        parts.extend(self.head((0.045, 0.92 + bob)));
        parts.extend(arm(turns + 0.5, 1.0));
        self.grown(parts)
    }

    fn torso(&self, hip: (f64, f64), shoulder: (f64, f64), radius: f64) -> Part {
        let radii = [radius * self.build, radius * 1.12 * self.build];
        Part::limb(hip, (shoulder.0, shoulder.1 - 0.02), radii, self.top)
    }

    /// A walker seen from the front (`towards`) or from behind.
    pub(in crate::drawn) fn crossing(&self, turns: f64, towards: bool) -> Vec<Part> {
        let bob = 0.012 * wave(2.0 * turns);
        let mut parts = Vec::with_capacity(16);
        for (side, turns) in [(-1.0, turns), (1.0, turns + 0.5)] {
            let lift = wave(turns).max(0.0);
            let (hip, knee) = ((side * 0.06, 0.5 + bob), (side * 0.075, 0.27 + 0.07 * lift));
            let foot = (side * 0.07, 0.03 + 0.1 * lift);
            let grey = self.bottom * (1.0 - 0.15 * lift);
            parts.push(Part::limb(hip, knee, [0.065 * self.build, 0.052], grey));
            parts.push(Part::limb(knee, foot, [0.052, 0.038], grey));
            parts.push(Part::disc(foot, 0.04, self.shoes));
        }
        for (side, turns) in [(-1.0, turns + 0.5), (1.0, turns)] {
            let lift = 0.06 * self.swing * wave(turns);
            let shoulder = (side * 0.12 * self.build, 0.77 + bob);
            let elbow = (side * 0.17 * self.build, 0.63 + bob);
            let hand = (side * 0.175 * self.build, 0.49 + bob + lift.max(0.0));
            parts.extend(self.arm(shoulder, elbow, hand, 1.0));
        }
        for side in [-0.045, 0.045] {
            let side = side * self.build;
            parts.push(self.torso((side, 0.53 + bob), (side * 1.4, 0.77 + bob), 0.085));
        }
        let face = if towards { self.skin } else { self.hair };
        parts.push(Part::disc((0.0, 0.935 + bob), 0.078, self.hair));
        parts.push(Part::disc((0.0, 0.91 + bob), 0.066, face));
        self.grown(parts)
    }

    /// A skater who glides on a board; the arms keep the balance.
    pub(in crate::drawn) fn skating(&self, turns: f64) -> Vec<Part> {
        let sway = wave(turns);
        let (hip, shoulder) = ((-0.06, 0.52), (0.06 + 0.02 * sway, 0.79));
        let mut parts = Vec::with_capacity(18);
        parts.extend(self.arm(shoulder, (0.19, 0.72), (0.31, 0.74 + 0.05 * sway), FAR_SIDE));
        parts.extend(self.leg(hip, (0.15, 0.34), (0.15, 0.1), FAR_SIDE));
        parts.extend(self.leg(hip, (0.0, 0.31), (-0.17, 0.1), 1.0));
        parts.push(Part::limb(
            (-0.3, 0.075),
            (0.32, 0.075),
            [0.022; 2],
            self.shoes * 0.5,
        ));
        parts.push(Part::disc((-0.2, 0.03), 0.03, 25.0));
        parts.push(Part::disc((0.22, 0.03), 0.03, 25.0));
        parts.push(self.torso((-0.05, 0.54), shoulder, 0.085));
        parts.extend(self.head((0.1 + 0.02 * sway, 0.925)));
        parts.extend(self.arm(shoulder, (-0.06, 0.69), (-0.19, 0.7 - 0.05 * sway), 1.0));
        self.grown(parts)
    }

    /// A cyclist, `turns` of the pedals on the way.
    pub(in crate::drawn) fn cycling(&self, turns: f64, frame: f64) -> Vec<Part> {
        const WHEEL: f64 = 0.19;
        const WHEELS: [(f64, f64); 2] = [(-0.31, WHEEL), (0.31, WHEEL)];
        const PEDALS: (f64, f64) = (-0.02, 0.21);
        const SEAT: (f64, f64) = (-0.12, 0.5);
        const BAR: (f64, f64) = (0.22, 0.56);
        let (hip, shoulder, hand) = ((-0.11, 0.56), (0.08, 0.85), (0.23, 0.58));
        let leg = |turns: f64, shade| {
            let foot = (
                PEDALS.0 + 0.09 * wave(turns),
                PEDALS.1 - 0.02 + 0.09 * wave(turns + 0.25),
            );
            let knee = ((hip.0 + foot.0) / 2.0 + 0.13, (hip.1 + foot.1) / 2.0 + 0.03);
            self.leg(hip, knee, foot, shade)
        };
        let mut parts = Vec::with_capacity(26);
        parts.extend(leg(turns + 0.5, FAR_SIDE));
        for wheel in WHEELS {
            parts.push(Part::ring(wheel, WHEEL - 0.025, 0.028, 30.0));
        }
        let tube = |from, to| Part::limb(from, to, [0.022; 2], frame);
        parts.extend([
            tube(WHEELS[0], PEDALS),
            tube(WHEELS[0], SEAT),
            tube(PEDALS, SEAT),
            tube(PEDALS, (0.2, 0.48)),
            tube(SEAT, (0.2, 0.48)),
            tube(WHEELS[1], BAR),
        ]);
        parts.extend(leg(turns, 1.0));
        parts.push(self.torso((-0.1, 0.58), shoulder, 0.085));
        parts.extend(self.head((0.15, 0.985)));
        parts.extend(self.arm(shoulder, (0.12, 0.68), hand, 1.0));
        self.grown(parts)
    }

    /// A driver from the hips up, seated at `hip`.
    pub(in crate::drawn) fn driving(&self, hip: (f64, f64)) -> Vec<Part> {
        let at = |x: f64, y: f64| (hip.0 + x, hip.1 + y);
        let shoulder = at(-0.02, 0.26);
        let mut parts = Vec::with_capacity(8);
        parts.push(Part::limb(hip, at(0.2, 0.0), [0.06; 2], self.bottom));
        parts.push(self.torso(hip, shoulder, 0.085));
        parts.extend(self.head(at(0.0, 0.4)));
        parts.extend(self.arm(shoulder, at(0.1, 0.13), at(0.24, 0.17), 1.0));
        parts
    }

    /// The parts at this person's stature.
    fn grown(&self, mut parts: Vec<Part>) -> Vec<Part> {
        for part in &mut parts {
            part.form.scale(self.stature);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lowest and highest point of the parts.
    fn extent(parts: &[Part]) -> (f64, f64) {
        let bounds = parts.iter().map(|part| part.form.bounds());
        bounds.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), bounds| {
            (low.min(bounds.0.y), high.max(bounds.1.y))
        })
    }

    #[test]
    fn everyone_stands_on_the_ground_and_is_about_as_high_as_a_person() {
        for seed in 0..100 {
            let person = Person::new(&mut Random::new(seed, 0));
            for step in 0..20 {
                let turns = f64::from(step) / 20.0;
                for parts in [
                    person.walking(turns),
                    person.crossing(turns, true),
                    person.crossing(turns, false),
                    person.skating(turns),
                    person.cycling(turns, 100.0),
                ] {
                    let (low, high) = extent(&parts);
                    // The box around a leg reaches half the width of its knee below the foot.
                    assert!((low / person.stature).abs() < 0.023, "{low}");
                    assert!((0.94..1.12).contains(&(high / person.stature)), "{high}");
                    assert!(parts.iter().all(|part| (0.0..=255.0).contains(&part.grey)));
                }
            }
        }
    }

    /// Half of the time each foot stands, and a standing foot moves back under the body as fast as the body goes.
    #[test]
    fn standing_feet_do_not_slide() {
        let person = Person::new(&mut Random::new(3, 0));
        let foot = |turns: f64| person.stride / 4.0 * wave(turns);
        let slid = foot(0.25) - foot(0.75) - person.stride / 2.0;
        assert!(slid.abs() < 1e-12, "{slid}");
    }
}
