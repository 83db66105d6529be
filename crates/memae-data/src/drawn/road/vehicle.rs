//! What drives: cars, vans, pickups, lorries and bicycles.

use super::camera::{Camera, Place};
use super::layout::Pose;
use super::solid::{Block, Solid};
use crate::drawn::scene::canvas::{Canvas, Placement};
use crate::drawn::scene::form::{Form, Point};
use crate::drawn::scene::person::Person;
use crate::random::Random;

/// Height of a person of ordinary stature, in metres.
pub(super) const PERSON: f64 = 1.8;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Build {
    Car,
    Van,
    /// An open bed with some cartons on it.
    Pickup {
        cartons: usize,
    },
    Lorry,
    Bicycle {
        rider: Person,
        frame: f64,
    },
}

/// Colours, and what is of one size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vehicle {
    pub(super) build: Build,
    /// Length, half the width and height, in metres.
    pub(super) length: f64,
    pub(super) half: f64,
    height: f64,
    body: f64,
    glass: f64,
    tyre: f64,
    load: f64,
}

/// Side of a carton in metres.
pub(super) const CARTON: f64 = 1.1;
/// Height of a pickup's bed above the ground.
pub(super) const BED: f64 = 0.7;

impl Vehicle {
    /// One of those that drive on the road; a pickup with cartons if it must have some.
    pub(super) fn on_road(loaded: bool, random: &mut Random) -> Self {
        let lot = random.below(100);
        let cartons = 1 + random.below(2) as usize;
        let grown = random.uniform(0.95, 1.05);
        let (build, length, half, height) = if loaded || lot >= 86 {
            (Build::Pickup { cartons }, 5.3, 0.98, 1.65)
        } else if lot < 60 {
            (Build::Car, 4.3, 0.88, 1.45)
        } else if lot < 78 {
            (Build::Van, 5.0, 0.98, 2.1)
        } else {
            (Build::Lorry, 7.0, 1.12, 2.6)
        };
        Self::coloured(build, length * grown, half, height * grown, random)
    }

    pub(super) fn bicycle(random: &mut Random) -> Self {
        let build = Build::Bicycle {
            rider: Person::new(random),
            frame: random.uniform(30.0, 220.0),
        };
        Self::coloured(build, 1.8, 0.3, PERSON, random)
    }

    fn coloured(build: Build, length: f64, half: f64, height: f64, random: &mut Random) -> Self {
        // Lighter or darker than the asphalt, as most are.
        let body = match random.below(10) {
            0..4 => random.uniform(190.0, 230.0),
            4..6 => random.uniform(150.0, 180.0),
            _ => random.uniform(38.0, 72.0),
        };
        Self {
            build,
            length,
            half,
            height,
            body,
            glass: if body < 100.0 {
                random.uniform(85.0, 120.0)
            } else {
                random.uniform(40.0, 70.0)
            },
            tyre: random.uniform(22.0, 40.0),
            load: random.uniform(165.0, 190.0),
        }
    }

    /// Whether it is short enough for the side street.
    pub(super) fn may_turn(&self) -> bool {
        matches!(self.build, Build::Car | Build::Van)
    }

    /// Share of a lane's usual speed at which it likes to drive.
    pub(super) fn pace(&self) -> f64 {
        match self.build {
            Build::Lorry => 0.86,
            Build::Pickup { .. } => 0.95,
            _ => 1.0,
        }
    }

    /// Takes a carton from the bed, and says where it lay, how far behind the vehicle's middle, and its grey.
    pub(super) fn unload(&mut self) -> Option<(f64, f64)> {
        let Build::Pickup { cartons } = &mut self.build else {
            return None;
        };
        *cartons = cartons.checked_sub(1)?;
        Some((carton_at(*cartons, self.length), self.load))
    }

    fn blocks(&self) -> Vec<Block> {
        let (length, half, height) = (self.length, self.half, self.height);
        let (back, front) = (-0.5 * length, 0.5 * length);
        let body = [0.82, 0.7, 1.06].map(|share| self.body * share);
        let glazed = [self.glass, self.glass * 0.9, body[2]];
        let block = |ahead, up, half, slant, greys| Block {
            ahead,
            up,
            half,
            slant,
            greys,
        };
        match self.build {
            Build::Car => vec![
                block((back, front), (0.22, 0.82), half, (0.04, 0.08, 0.05), body),
                block(
                    (back + 0.13 * length, front - 0.26 * length),
                    (0.82, height),
                    half - 0.07,
                    (0.32, 0.62, 0.13),
                    glazed,
                ),
            ],
            Build::Van => vec![
                block((back, front), (0.25, 1.1), half, (0.0, 0.1, 0.0), body),
                // Windows in front, and none in what carries the load.
                block(
                    (back, 0.12 * length),
                    (1.1, height),
                    half,
                    (0.03, 0.0, 0.08),
                    body,
                ),
                block(
                    (0.12 * length, front - 0.1),
                    (1.1, height),
                    half,
                    (0.0, 0.75, 0.08),
                    glazed,
                ),
            ],
            Build::Pickup { cartons } => {
                let mut blocks = vec![
                    block((back, front), (0.25, BED), half, (0.0, 0.1, 0.0), body),
                    block(
                        (0.02, front - 0.02),
                        (BED, 1.0),
                        half,
                        (0.0, 0.5, 0.03),
                        body,
                    ),
                    block(
                        (0.05, front - 0.9),
                        (1.0, height),
                        half - 0.05,
                        (0.1, 0.5, 0.12),
                        glazed,
                    ),
                ];
                for carton in 0..cartons {
                    let middle = carton_at(carton, length);
                    let ahead = (middle - 0.5 * CARTON, middle + 0.5 * CARTON);
                    let greys = [0.85, 0.75, 1.05].map(|share| self.load * share);
                    let up = (BED, BED + CARTON);
                    blocks.push(block(ahead, up, 0.5 * CARTON, (0.0, 0.0, 0.0), greys));
                }
                blocks
            }
            Build::Lorry => {
                let cargo = [0.9, 0.8, 1.05].map(|share| self.load * share);
                vec![
                    block(
                        (back, front),
                        (0.35, 0.75),
                        half,
                        (0.0, 0.0, 0.0),
                        [self.tyre * 1.6; 3],
                    ),
                    block(
                        (back, front - 1.9),
                        (0.75, height),
                        half,
                        (0.0, 0.0, 0.0),
                        cargo,
                    ),
                    block(
                        (front - 1.7, front),
                        (0.75, 1.3),
                        half - 0.05,
                        (0.0, 0.05, 0.0),
                        body,
                    ),
                    block(
                        (front - 1.7, front - 0.05),
                        (1.3, 2.1),
                        half - 0.05,
                        (0.0, 0.3, 0.08),
                        glazed,
                    ),
                ]
            }
            Build::Bicycle { .. } => Vec::new(),
        }
    }

    /// Paints the vehicle; `turns` of the pedals tell how a rider's legs are.
    pub(super) fn paint(
        &self,
        canvas: &mut Canvas,
        camera: &Camera,
        pose: &Pose,
        turns: f64,
        light: f64,
        anomaly: Option<usize>,
    ) {
        if let Build::Bicycle { rider, frame } = &self.build {
            let facing = if pose.ahead.0 < 0.0 { -1.0 } else { 1.0 };
            let placement = standing(camera, pose.place(), facing);
            canvas.paint(&rider.cycling(turns, *frame), &placement, light, anomaly);
            return;
        }
        let blocks = self.blocks();
        let mut solids: Vec<(f64, Solid)> = blocks
            .iter()
            .map(|block| (block.up.0, Solid::on(pose, block)))
            .collect();
        // From the lowest to the highest, and of those at one height the one that is further away first.
        solids.sort_by(|(a, first), (b, second)| {
            let order = second.distance(camera).total_cmp(&first.distance(camera));
            a.total_cmp(b).then(order)
        });
        for (number, (_, solid)) in solids.iter().enumerate() {
            solid.paint(canvas, camera, light, anomaly);
            if number == 0 {
                self.paint_wheels(canvas, camera, pose, light, anomaly);
                self.paint_lamps(canvas, camera, pose, light, anomaly);
            }
        }
    }

    fn paint_wheels(
        &self,
        canvas: &mut Canvas,
        camera: &Camera,
        pose: &Pose,
        light: f64,
        anomaly: Option<usize>,
    ) {
        const DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;
        const OCTAGON: [(f64, f64); 8] = [
            (1.0, 0.0),
            (DIAGONAL, DIAGONAL),
            (0.0, 1.0),
            (-DIAGONAL, DIAGONAL),
            (-1.0, 0.0),
            (-DIAGONAL, -DIAGONAL),
            (0.0, -1.0),
            (DIAGONAL, -DIAGONAL),
        ];
        // The side that is turned to the camera.
        let eye = camera.eye().minus(pose.place());
        let left = pose.ahead.0 * eye.y - pose.ahead.1 * eye.x;
        let side = if left > 0.0 { self.half } else { -self.half };
        let radius = if self.height > 2.3 { 0.42 } else { 0.33 };
        for axle in [-0.31, 0.31] {
            for (radius, grey) in [(radius, self.tyre), (0.45 * radius, 125.0)] {
                let rim = OCTAGON.map(|(right, up)| {
                    let ahead = axle * self.length + radius * right;
                    camera.project(pose.at(ahead, side, 0.33 + radius * up))
                });
                canvas.fill(&Form::Panel(rim.to_vec()), grey * light, anomaly);
            }
        }
    }

    fn paint_lamps(
        &self,
        canvas: &mut Canvas,
        camera: &Camera,
        pose: &Pose,
        light: f64,
        anomaly: Option<usize>,
    ) {
        for (end, grey) in [(0.5, 240.0), (-0.5, 95.0)] {
            // Only on the end that is turned to the camera.
            let middle = pose.at(end * self.length, 0.0, 0.6);
            let eye = camera.eye().minus(middle);
            let towards = (pose.ahead.0 * eye.x + pose.ahead.1 * eye.y) * end;
            if towards <= 0.0 {
                continue;
            }
            for side in [-0.72, 0.72] {
                let lamp = [(-0.18, -0.08), (0.18, -0.08), (0.18, 0.08), (-0.18, 0.08)];
                let corners = lamp.map(|(left, up)| {
                    let left = side * self.half + left;
                    camera.project(pose.at(end * self.length, left, 0.6 + up))
                });
                canvas.fill(&Form::Panel(corners.to_vec()), grey * light, anomaly);
            }
        }
    }

    /// The shadow on the ground.
    pub(super) fn shadow(&self, camera: &Camera, pose: &Pose) -> Form {
        let (half_length, half) = (0.5 * self.length, self.half);
        let reach = 0.25 * self.height;
        let corners = [
            (-half_length, -half),
            (half_length, -half),
            (half_length, half),
            (-half_length, half),
        ];
        let corners = corners.map(|(ahead, left)| {
            let place = pose.at(ahead, left, 0.0);
            camera.project(Place::new(place.x + reach, place.y - 0.3 * reach, 0.0))
        });
        Form::Panel(corners.to_vec())
    }
}

/// How far from a pickup's middle a carton lies on its bed; the last one is at the back.
fn carton_at(carton: usize, length: f64) -> f64 {
    -0.5 * length + 0.08 + 0.5 * CARTON + (1.0 - carton as f64) * (CARTON + 0.06)
}

/// Where a person or a rider stands in the picture.
pub(super) fn standing(camera: &Camera, place: Place, facing: f64) -> Placement {
    let Point { x, y } = camera.project(place);
    Placement {
        x,
        row: y,
        size: PERSON * camera.upright(place),
        facing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vehicles() -> Vec<Vehicle> {
        (0..300)
            .map(|seed| Vehicle::on_road(false, &mut Random::new(seed, 0)))
            .collect()
    }

    #[test]
    fn bodies_fill_the_length_and_the_height_and_no_more() {
        for vehicle in vehicles() {
            let blocks = vehicle.blocks();
            let over = |pick: fn(f64, f64) -> f64, of: fn(&Block) -> f64| {
                blocks.iter().map(of).reduce(pick).expect("some blocks")
            };
            let back = over(f64::min, |block| block.ahead.0);
            let front = over(f64::max, |block| block.ahead.1);
            let half = over(f64::max, |block| block.half);
            let loaded = matches!(vehicle.build, Build::Pickup { .. });
            let high = over(f64::max, |block| block.up.1);
            assert!((front - back - vehicle.length).abs() < 1e-9, "{vehicle:?}");
            assert_eq!(half, vehicle.half);
            assert_eq!(high, if loaded { BED + CARTON } else { vehicle.height });
            for block in &blocks {
                assert!(block.ahead.0 + block.slant.0 < block.ahead.1 - block.slant.1);
                assert!(block.up.0 < block.up.1);
                assert!(block.greys.iter().all(|grey| (0.0..=255.0).contains(grey)));
            }
        }
    }

    #[test]
    fn every_build_is_on_the_road_and_only_short_ones_turn() {
        let vehicles = vehicles();
        let share = |is: fn(&Build) -> bool| {
            let count = vehicles.iter().filter(|vehicle| is(&vehicle.build)).count();
            count as f64 / vehicles.len() as f64
        };
        assert!((0.5..0.7).contains(&share(|build| *build == Build::Car)));
        assert!((0.1..0.3).contains(&share(|build| *build == Build::Van)));
        assert!((0.02..0.15).contains(&share(|build| *build == Build::Lorry)));
        assert!((0.07..0.25).contains(&share(|build| matches!(build, Build::Pickup { .. }))));
        assert!(vehicles.iter().any(Vehicle::may_turn));
        assert!(
            vehicles
                .iter()
                .all(|vehicle| !vehicle.may_turn() || vehicle.length < 5.3)
        );
    }

    #[test]
    fn cartons_are_taken_from_the_back_until_there_are_none() {
        for seed in 0..50 {
            let mut vehicle = Vehicle::on_road(true, &mut Random::new(seed, 0));
            let Build::Pickup { cartons } = vehicle.build else {
                panic!("{vehicle:?}")
            };
            let at: Vec<f64> = std::iter::from_fn(|| vehicle.unload())
                .map(|(at, _)| at)
                .collect();
            assert_eq!(at.len(), cartons);
            assert!(at.is_sorted());
            // On the bed, behind the cabin.
            let bed = -0.5 * vehicle.length..=0.1;
            for at in at {
                assert!(
                    bed.contains(&(at - 0.5 * CARTON)) && bed.contains(&(at + 0.5 * CARTON)),
                    "{at}"
                );
            }
        }
    }
}
