//! Units that work on one row together, and what they agree on.

use cubecl::client::Client;
use cubecl::ir::features::Plane;
use cubecl::prelude::*;

/// Units of a cube at most: enough to hide the latency of memory, few enough that several cubes
/// share a multiprocessor.
const MOST_UNITS: u32 = 256;
/// Cubes along the first axis of a grid; every GPU API allows more.
const MOST_CUBES: usize = 1 << 15;

/// The units of a cube that works on one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Team {
    /// Units of a plane; 1 where planes cannot be used.
    pub plane: u32,
    /// Planes of the cube, a power of two.
    pub planes: u32,
}

impl Team {
    /// For rows of this length.
    pub fn new(client: &Client, row_length: usize) -> Self {
        let properties = client.properties();
        let hardware = &properties.hardware;
        let most = (hardware.max_units_per_cube + 1).next_power_of_two() / 2;
        let most = most.min(MOST_UNITS);
        // Planes of one known size only: the planes of a cube must be countable.
        let plane = match hardware.plane_size_min == hardware.plane_size_max
            && hardware.plane_size_min.is_power_of_two()
            && hardware.plane_size_min <= most
            && properties.features.plane.contains(Plane::Ops)
        {
            true => hardware.plane_size_min,
            false => 1,
        };
        let row_length = u32::try_from(row_length).unwrap_or(most).min(most);
        let units = row_length.next_power_of_two().max(32).min(most).max(plane);
        Self {
            plane,
            planes: units / plane,
        }
    }

    pub fn cube_dim(self) -> CubeDim {
        match self.plane {
            1 => CubeDim::new_1d(self.planes),
            plane => CubeDim::new_2d(plane, self.planes),
        }
    }

    pub fn units(self) -> usize {
        (self.plane * self.planes) as usize
    }
}

/// A grid of at least `count` cubes; a kernel stops the cubes that are too many.
pub(super) fn grid(count: usize) -> CubeCount {
    let wide = count.clamp(1, MOST_CUBES);
    CubeCount::Static(wide as u32, count.div_ceil(wide) as u32, 1)
}

/// How values of several units become one.
#[cube]
pub(super) trait Agreement<T: Numeric>: 'static + Send + Sync {
    fn of_plane(value: T) -> T;
    fn of_two(a: T, b: T) -> T;
}

pub(super) struct Total;
pub(super) struct Largest;
pub(super) struct Smallest;

#[cube]
impl<T: Numeric> Agreement<T> for Total {
    fn of_plane(value: T) -> T {
        plane_sum(value)
    }
    fn of_two(a: T, b: T) -> T {
        a + b
    }
}

#[cube]
impl<T: Numeric> Agreement<T> for Largest {
    fn of_plane(value: T) -> T {
        plane_max(value)
    }
    fn of_two(a: T, b: T) -> T {
        max(a, b)
    }
}

#[cube]
impl<T: Numeric> Agreement<T> for Smallest {
    fn of_plane(value: T) -> T {
        plane_min(value)
    }
    fn of_two(a: T, b: T) -> T {
        min(a, b)
    }
}

/// One value of the values of all units, the same for all; in the same order every time.
///
/// All units of the cube must call it. `room` has a place for every plane.
#[cube]
pub(super) fn agree<T: Numeric, A: Agreement<T>>(
    value: T,
    room: &mut Shared<[T]>,
    #[comptime] team: Team,
) -> T {
    let mut agreed = value;
    if comptime!(team.plane > 1) {
        agreed = A::of_plane(agreed);
    }
    if comptime!(team.planes > 1) {
        let plane = UNIT_POS / team.plane;
        if plane * team.plane == UNIT_POS {
            room[plane as usize] = agreed;
        }
        sync_cube();
        let halvings = comptime!(team.planes.trailing_zeros());
        #[unroll]
        for halving in 0..halvings {
            let half = comptime!(team.planes >> (halving + 1));
            if UNIT_POS < half {
                let place = UNIT_POS as usize;
                room[place] = A::of_two(room[place], room[place + half as usize]);
            }
            sync_cube();
        }
        agreed = room[0];
        // The room may be used again.
        sync_cube();
    }
    agreed
}
