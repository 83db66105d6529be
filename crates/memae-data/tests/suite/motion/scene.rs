//! Pictures of known motion: a textured ground, over which textured discs move by parts of a pixel.

/// A sum of waves, from 0.1 to 0.9: known between pixels, too.
#[derive(Clone)]
pub struct Texture(Vec<[f64; 4]>);

impl Texture {
    /// Waves of this many pixels and up to eight times as long, the longer the stronger, as in photographs.
    pub fn new(seed: u64, length: f64) -> Self {
        let mut random = Random(seed);
        let waves = (0..24).map(|wave| {
            let angle = std::f64::consts::TAU * random.unit();
            let longer = 8f64.powf((f64::from(wave) + random.unit()) / 24.0);
            let number = std::f64::consts::TAU / (length * longer);
            let phase = std::f64::consts::TAU * random.unit();
            let size = 0.03 * longer.sqrt();
            [number * angle.cos(), number * angle.sin(), phase, size]
        });
        Self(waves.collect())
    }

    pub fn at(&self, x: f64, y: f64) -> f64 {
        let waves = self.0.iter();
        let sum: f64 = waves
            .map(|[across, along, phase, size]| size * (across * x + along * y + phase).sin())
            .sum();
        (0.5 + sum).clamp(0.1, 0.9)
    }
}

/// A disc that goes straight on.
#[derive(Clone)]
pub struct Disc {
    pub at: [f64; 2],
    pub radius: f64,
    pub motion: [f64; 2],
    pub texture: Texture,
}

/// What a picture does as a whole from one frame to the next.
#[derive(Clone, Copy, Default)]
pub struct Camera {
    pub shift: [f64; 2],
    pub turn: f64,
    pub zoom: f64,
}

#[derive(Clone)]
pub struct Scene {
    pub height: usize,
    pub width: usize,
    pub ground: Texture,
    pub discs: Vec<Disc>,
    pub camera: Camera,
}

impl Scene {
    pub fn new(height: usize, width: usize, seed: u64) -> Self {
        Self {
            height,
            width,
            ground: Texture::new(seed, 9.0),
            discs: Vec::new(),
            camera: Camera::default(),
        }
    }

    pub fn with_disc(mut self, at: [f64; 2], radius: f64, motion: [f64; 2]) -> Self {
        let texture = Texture::new(self.discs.len() as u64 + 1_000, 7.0);
        self.discs.push(Disc {
            at,
            radius,
            motion,
            texture,
        });
        self
    }

    pub fn with_camera(mut self, camera: Camera) -> Self {
        self.camera = camera;
        self
    }

    /// The place on the ground that is seen here; the camera moves from frame to frame by the same similarity.
    fn ground_at(&self, frame: usize, [x, y]: [f64; 2]) -> [f64; 2] {
        let [cx, cy] = self.middle();
        let (mut x, mut y) = (x - cx, y - cy);
        let Camera { shift, turn, zoom } = self.camera;
        for _ in 0..frame {
            // The inverse of p -> (1 + zoom + i turn) p + shift.
            let (px, py) = (x - shift[0], y - shift[1]);
            let size = (1.0 + zoom).powi(2) + turn * turn;
            (x, y) = (
                ((1.0 + zoom) * px + turn * py) / size,
                ((1.0 + zoom) * py - turn * px) / size,
            );
        }
        [x + cx, y + cy]
    }

    fn middle(&self) -> [f64; 2] {
        [self.width, self.height].map(|side| (side - 1) as f64 / 2.0)
    }

    /// The disc at a place, the last one where several are.
    fn disc_at(&self, frame: usize, [x, y]: [f64; 2]) -> Option<(&Disc, [f64; 2])> {
        self.discs.iter().rev().find_map(|disc| {
            let middle = [0, 1].map(|axis| disc.at[axis] + frame as f64 * disc.motion[axis]);
            let [dx, dy] = [x - middle[0], y - middle[1]];
            (dx.hypot(dy) <= disc.radius).then_some((disc, [dx, dy]))
        })
    }

    fn value(&self, frame: usize, place: [f64; 2]) -> f64 {
        match self.disc_at(frame, place) {
            Some((disc, [x, y])) => disc.texture.at(x, y),
            None => {
                let [x, y] = self.ground_at(frame, place);
                self.ground.at(x, y)
            }
        }
    }

    /// A frame in [0, 1], the mean of sixteen places for each pixel where a disc is near, and else the value of its middle.
    pub fn values(&self, frame: usize) -> Vec<f32> {
        self.pixels()
            .map(|[x, y]| {
                let near = (-1..=1)
                    .flat_map(|dy| (-1..=1).map(move |dx| [x + f64::from(dx), y + f64::from(dy)]));
                let edge = {
                    let inside = near.map(|place| self.disc_at(frame, place).is_some());
                    let inside: Vec<bool> = inside.collect();
                    inside.contains(&true) && inside.contains(&false)
                };
                if !edge {
                    return self.value(frame, [x, y]) as f32;
                }
                let steps = || (0..4).map(|step| (f64::from(step) - 1.5) / 4.0);
                let places = steps().flat_map(|dy| steps().map(move |dx| [x + dx, y + dy]));
                (places.map(|place| self.value(frame, place)).sum::<f64>() / 16.0) as f32
            })
            .collect()
    }

    pub fn levels(&self, frame: usize) -> Vec<u8> {
        let values = self.values(frame);
        values
            .into_iter()
            .map(|value| (value * 255.0).round() as u8)
            .collect()
    }

    /// How far what is seen at each pixel of a frame is in the next one.
    pub fn truth(&self, frame: usize) -> Vec<[f64; 2]> {
        let [cx, cy] = self.middle();
        let Camera { shift, turn, zoom } = self.camera;
        self.pixels()
            .map(|place| match self.disc_at(frame, place) {
                Some((disc, _)) => disc.motion,
                None => {
                    let [x, y] = [place[0] - cx, place[1] - cy];
                    [
                        shift[0] + zoom * x - turn * y,
                        shift[1] + turn * x + zoom * y,
                    ]
                }
            })
            .collect()
    }

    fn pixels(&self) -> impl Iterator<Item = [f64; 2]> {
        let width = self.width;
        (0..self.height).flat_map(move |y| (0..width).map(move |x| [x as f64, y as f64]))
    }
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
