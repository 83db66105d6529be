//! The pen strokes of each digit, in every way of writing that the generator knows.
//!
//! Coordinates: x to the right, y down, a digit about 10 wide and 14 high.

/// A point that the pen passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// How freely writers place it, relative to other points.
    pub(super) looseness: f64,
    /// Whether the pen may turn sharply here.
    pub(super) corner: bool,
}

impl Knot {
    /// A point that writers place more freely than others.
    const fn loose(mut self, looseness: f64) -> Self {
        self.looseness = looseness;
        self
    }
}

/// A point on a smooth stretch.
const fn k(x: f64, y: f64) -> Knot {
    Knot {
        x,
        y,
        looseness: 1.0,
        corner: false,
    }
}

/// A point where the pen turns sharply.
const fn c(x: f64, y: f64) -> Knot {
    Knot {
        corner: true,
        ..k(x, y)
    }
}

/// One way of writing a digit.
#[derive(Debug)]
pub(super) struct Variant {
    /// How common it is, relative to the digit's other variants.
    pub(super) frequency: f64,
    /// Strokes between two lifts of the pen, each of at least two points.
    pub(super) strokes: &'static [&'static [Knot]],
}

/// The ways of writing `class`, at least one; classes above 9 are written as 9.
pub(super) fn variants(class: u8) -> &'static [Variant] {
    match class {
        0 => ZERO,
        1 => ONE,
        2 => TWO,
        3 => THREE,
        4 => FOUR,
        5 => FIVE,
        6 => SIX,
        7 => SEVEN,
        8 => EIGHT,
        _ => NINE,
    }
}

const ZERO: &[Variant] = &[
    // One round, closed at the top.
    Variant {
        frequency: 5.0,
        strokes: &[&[
            k(5.6, 0.3),
            k(2.4, 2.4),
            k(0.9, 7.0),
            k(2.2, 11.8),
            k(5.0, 13.7),
            k(8.0, 11.7),
            k(9.1, 7.0),
            k(7.9, 2.2),
            k(5.2, 0.3),
        ]],
    },
    // The end crosses the beginning.
    Variant {
        frequency: 2.0,
        strokes: &[&[
            k(6.8, 1.2).loose(1.3),
            k(3.8, 0.9),
            k(1.2, 5.0),
            k(1.6, 10.6),
            k(4.6, 13.7),
            k(8.0, 11.8),
            k(9.2, 6.8),
            k(7.6, 2.2),
            k(4.6, 0.5),
            k(3.4, 1.6).loose(1.6),
        ]],
    },
    // Nearly a circle, begun at the side.
    Variant {
        frequency: 2.0,
        strokes: &[&[
            k(2.2, 1.8).loose(1.4),
            k(0.2, 6.4),
            k(1.8, 11.4),
            k(5.8, 12.8),
            k(9.8, 9.8),
            k(10.2, 4.8),
            k(7.2, 1.2),
            k(3.4, 1.4).loose(1.2),
        ]],
    },
];

const ONE: &[Variant] = &[
    // A single stroke.
    Variant {
        frequency: 8.0,
        strokes: &[&[
            k(5.0, 0.0),
            k(5.0, 4.6).loose(0.5),
            k(5.0, 9.3).loose(0.5),
            k(5.0, 14.0),
        ]],
    },
    // With a flag.
    Variant {
        frequency: 1.0,
        strokes: &[&[
            k(2.6, 2.8).loose(1.4),
            k(4.0, 1.6),
            c(5.4, 0.0),
            k(5.3, 7.0).loose(0.5),
            k(5.2, 14.0),
        ]],
    },
    // With a flag and a base.
    Variant {
        frequency: 0.7,
        strokes: &[
            &[
                k(2.4, 2.6).loose(1.4),
                c(5.0, 0.0),
                k(5.0, 7.0).loose(0.5),
                k(5.0, 13.4),
            ],
            &[
                k(1.6, 13.6).loose(1.2),
                k(5.0, 13.4),
                k(8.6, 13.4).loose(1.2),
            ],
        ],
    },
];

const TWO: &[Variant] = &[
    // A sharp turn into a straight base.
    Variant {
        frequency: 4.0,
        strokes: &[&[
            k(1.2, 3.2).loose(1.4),
            k(2.8, 0.8),
            k(5.8, 0.2),
            k(8.2, 2.4),
            k(7.4, 6.0),
            k(4.4, 9.8),
            c(1.0, 13.2),
            k(5.0, 13.1),
            k(9.6, 12.9).loose(1.5),
        ]],
    },
    // A loop into a wavy base.
    Variant {
        frequency: 4.0,
        strokes: &[&[
            k(1.2, 2.8).loose(1.4),
            k(3.2, 0.7),
            k(6.2, 0.4),
            k(7.9, 2.8),
            k(6.8, 6.6),
            k(4.2, 10.8),
            k(1.6, 13.2),
            k(0.4, 12.0),
            k(2.0, 10.7),
            k(4.6, 11.9),
            k(7.0, 13.3),
            k(9.8, 12.4).loose(1.8),
        ]],
    },
    // A flat arch and a long base.
    Variant {
        frequency: 1.5,
        strokes: &[&[
            k(0.8, 2.4).loose(1.4),
            k(3.6, 0.6),
            k(7.4, 1.6),
            k(7.6, 5.2),
            k(4.6, 8.8),
            k(1.2, 11.4),
            k(2.4, 12.5),
            k(6.0, 12.0),
            k(11.0, 11.6).loose(1.8),
        ]],
    },
];

const THREE: &[Variant] = &[
    // Two bows that meet in a point.
    Variant {
        frequency: 5.0,
        strokes: &[&[
            k(1.0, 1.9).loose(1.4),
            k(3.8, 0.2),
            k(7.2, 1.2),
            k(7.0, 4.4),
            k(5.2, 6.0),
            c(3.4, 6.6).loose(1.3),
            k(6.4, 7.0),
            k(8.6, 9.4),
            k(7.6, 12.6),
            k(4.2, 13.8),
            k(0.8, 12.4).loose(1.6),
        ]],
    },
    // A small loop between the bows.
    Variant {
        frequency: 2.0,
        strokes: &[&[
            k(1.2, 1.4).loose(1.4),
            k(4.4, 0.2),
            k(7.6, 1.8),
            k(6.4, 5.2),
            k(4.2, 6.9),
            k(3.2, 6.3),
            k(4.4, 5.7),
            k(7.4, 7.4),
            k(8.2, 10.8),
            k(5.4, 13.6),
            k(1.0, 12.8).loose(1.8),
        ]],
    },
    // A straight top.
    Variant {
        frequency: 0.8,
        strokes: &[&[
            k(1.2, 0.8).loose(1.2),
            k(4.6, 0.5),
            c(8.2, 0.4),
            k(6.2, 3.0),
            c(4.2, 5.5),
            k(7.4, 6.6),
            k(8.6, 9.8),
            k(6.6, 13.2),
            k(3.2, 13.7),
            k(0.9, 12.2).loose(1.6),
        ]],
    },
];

const FOUR: &[Variant] = &[
    // Open at the top, angular.
    Variant {
        frequency: 3.0,
        strokes: &[
            &[
                k(2.4, 0.8).loose(1.3),
                k(1.8, 3.8),
                c(1.1, 7.2),
                k(4.8, 7.4),
                k(8.9, 6.6).loose(1.3),
            ],
            &[
                k(8.0, 0.8).loose(1.5),
                k(7.5, 5.6),
                k(7.1, 10.0),
                k(6.8, 14.0).loose(1.3),
            ],
        ],
    },
    // Open at the top, rounded.
    Variant {
        frequency: 3.0,
        strokes: &[
            &[
                k(2.4, 0.6).loose(1.4),
                k(1.0, 4.2),
                k(1.8, 7.2),
                k(4.8, 7.4),
                k(7.6, 5.4).loose(1.2),
            ],
            &[
                k(8.4, 0.4).loose(1.5),
                k(7.7, 5.4),
                k(7.0, 10.0),
                k(6.6, 14.0).loose(1.3),
            ],
        ],
    },
    // Open, in one go: the stem goes down from where the bow ends.
    Variant {
        frequency: 1.5,
        strokes: &[&[
            k(2.0, 0.8).loose(1.4),
            k(1.0, 4.6),
            k(2.6, 6.8),
            k(5.6, 5.6),
            c(8.4, 1.6).loose(1.3),
            k(7.6, 6.4),
            k(6.8, 10.4),
            k(6.4, 14.0).loose(1.3),
        ]],
    },
    // Closed: the slanted stroke meets the stem.
    Variant {
        frequency: 1.5,
        strokes: &[
            &[
                c(6.9, 0.4),
                k(3.8, 4.4),
                c(0.7, 8.4),
                k(5.0, 8.4),
                k(9.6, 8.2).loose(1.3),
            ],
            &[k(6.9, 0.4), k(6.8, 5.0), k(6.7, 9.4), k(6.5, 14.0)],
        ],
    },
];

const FIVE: &[Variant] = &[
    // The roof is a stroke of its own.
    Variant {
        frequency: 4.0,
        strokes: &[
            &[
                k(2.8, 0.9),
                k(2.3, 3.2),
                c(1.8, 5.8),
                k(4.8, 5.2),
                k(7.8, 6.8),
                k(8.3, 10.0),
                k(6.0, 13.0),
                k(3.0, 13.7),
                k(0.5, 12.2).loose(1.6),
            ],
            &[k(2.8, 0.9), k(5.8, 0.7), k(9.2, 0.4).loose(1.6)],
        ],
    },
    // In one go, with a corner at the roof.
    Variant {
        frequency: 3.0,
        strokes: &[&[
            k(9.4, 0.6).loose(1.6),
            k(6.2, 0.7),
            c(3.2, 1.0),
            k(2.6, 3.4),
            c(2.0, 6.0),
            k(5.0, 5.4),
            k(7.8, 7.4),
            k(7.6, 11.0),
            k(4.8, 13.6),
            k(0.6, 13.2).loose(1.8),
        ]],
    },
    // In one go and rounded, like an s.
    Variant {
        frequency: 2.0,
        strokes: &[&[
            k(10.2, 0.8).loose(1.6),
            k(7.0, 0.5),
            k(4.2, 1.6),
            k(3.2, 4.2),
            k(4.6, 6.0),
            k(6.6, 8.0),
            k(6.4, 11.4),
            k(3.6, 13.4),
            k(0.4, 12.6).loose(1.6),
        ]],
    },
];

const SIX: &[Variant] = &[
    // A bent stem and a round loop.
    Variant {
        frequency: 4.0,
        strokes: &[&[
            k(6.6, 0.4).loose(1.6),
            k(3.6, 3.0),
            k(1.6, 6.8),
            k(1.3, 10.6),
            k(3.4, 13.5),
            k(6.8, 12.9),
            k(8.0, 10.0),
            k(6.2, 7.8),
            k(3.4, 8.6),
            k(1.7, 11.0).loose(1.2),
        ]],
    },
    // A long, nearly straight stem and a small loop.
    Variant {
        frequency: 2.5,
        strokes: &[&[
            k(4.6, 0.2).loose(1.6),
            k(2.6, 3.8),
            k(1.2, 8.0),
            k(1.4, 11.8),
            k(4.0, 13.7),
            k(7.0, 12.0),
            k(6.8, 9.4),
            k(4.4, 9.2),
            k(2.6, 11.2).loose(1.2),
            k(2.6, 12.6).loose(1.2),
        ]],
    },
    // Wide, with a hooked beginning.
    Variant {
        frequency: 1.5,
        strokes: &[&[
            k(8.4, 1.6).loose(1.4),
            k(5.8, 0.5),
            k(2.4, 3.4),
            k(0.7, 8.0),
            k(2.4, 12.6),
            k(6.2, 13.6),
            k(9.0, 11.2),
            k(7.8, 8.0),
            k(4.6, 7.8),
            k(1.8, 9.8).loose(1.2),
        ]],
    },
];

const SEVEN: &[Variant] = &[
    // Two straight strokes.
    Variant {
        frequency: 5.0,
        strokes: &[&[
            k(0.8, 1.3).loose(1.3),
            k(4.6, 1.0),
            c(8.8, 0.8),
            k(7.0, 5.0),
            k(5.4, 9.4),
            k(4.2, 14.0).loose(1.4),
        ]],
    },
    // The corner is rounded, the stem bent.
    Variant {
        frequency: 3.0,
        strokes: &[&[
            k(0.6, 2.0).loose(1.3),
            k(3.4, 0.7),
            k(6.8, 0.5),
            k(8.4, 1.8),
            k(7.4, 5.2),
            k(6.2, 9.4),
            k(5.8, 14.0).loose(1.4),
        ]],
    },
    // With a bar.
    Variant {
        frequency: 1.2,
        strokes: &[
            &[
                k(0.8, 1.2).loose(1.3),
                k(4.8, 1.0),
                c(9.0, 0.6),
                k(7.0, 5.0),
                k(5.4, 9.4),
                k(4.4, 14.0).loose(1.4),
            ],
            &[k(3.4, 7.4).loose(1.2), k(6.2, 7.0), k(9.0, 6.8).loose(1.2)],
        ],
    },
    // With a hook at the left end.
    Variant {
        frequency: 1.5,
        strokes: &[&[
            k(0.9, 3.6).loose(1.3),
            c(1.2, 1.2),
            k(4.8, 1.1),
            c(8.8, 0.6),
            k(7.2, 4.8),
            k(5.8, 9.2),
            k(5.0, 14.0).loose(1.4),
        ]],
    },
];

const EIGHT: &[Variant] = &[
    // One stroke, begun at the top right.
    Variant {
        frequency: 4.0,
        strokes: &[&[
            k(7.6, 1.6).loose(1.2),
            k(5.2, 0.4),
            k(2.4, 1.6),
            k(2.6, 4.6),
            k(5.2, 6.8),
            k(7.4, 9.4),
            k(7.2, 12.4),
            k(4.6, 13.7),
            k(2.0, 12.0),
            k(2.6, 9.2),
            k(5.0, 6.9),
            k(7.4, 4.6),
            k(8.0, 2.4).loose(1.2),
        ]],
    },
    // One stroke, begun in the middle.
    Variant {
        frequency: 2.0,
        strokes: &[&[
            k(4.8, 6.8),
            k(2.4, 4.4),
            k(3.0, 1.2),
            k(5.6, 0.3),
            k(7.8, 2.2),
            k(6.6, 5.4),
            k(3.8, 8.0),
            k(1.8, 11.0),
            k(3.6, 13.6),
            k(6.8, 12.8),
            k(7.6, 9.8),
            k(5.2, 6.9).loose(1.3),
        ]],
    },
    // A narrow lower loop under a wide upper one.
    Variant {
        frequency: 1.5,
        strokes: &[&[
            k(8.6, 1.2).loose(1.5),
            k(5.6, 0.4),
            k(2.2, 2.2),
            k(3.2, 5.6),
            k(5.8, 8.4),
            k(6.4, 11.8),
            k(4.4, 13.6),
            k(2.8, 11.8),
            k(4.2, 8.2),
            k(6.8, 4.8),
            k(9.0, 2.0).loose(1.5),
        ]],
    },
];

const NINE: &[Variant] = &[
    // A closed loop and a straight stem.
    Variant {
        frequency: 4.0,
        strokes: &[&[
            k(7.6, 2.2),
            k(5.2, 0.4),
            k(2.2, 1.8),
            k(1.4, 4.8),
            k(3.4, 6.9),
            k(6.2, 5.4),
            c(7.8, 1.8),
            k(7.4, 6.0),
            k(6.9, 10.0),
            k(6.4, 14.0).loose(1.5),
        ]],
    },
    // A closed loop and a stem that curls to the left.
    Variant {
        frequency: 2.5,
        strokes: &[&[
            k(7.8, 2.6),
            k(5.6, 0.5),
            k(2.4, 1.6),
            k(1.4, 4.6),
            k(3.6, 6.8),
            k(6.6, 5.6),
            c(8.0, 2.4),
            k(8.2, 7.0),
            k(6.8, 11.6),
            k(4.0, 13.7),
            k(1.4, 12.4).loose(1.6),
        ]],
    },
    // A loop that runs into the stem without a corner.
    Variant {
        frequency: 2.5,
        strokes: &[&[
            k(6.6, 5.2).loose(1.3),
            k(3.6, 6.9),
            k(1.6, 4.8),
            k(2.8, 1.6),
            k(6.0, 0.3),
            k(8.0, 2.4),
            k(7.6, 6.4),
            k(6.4, 10.2),
            k(5.4, 14.0).loose(1.5),
        ]],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stroke_can_be_drawn() {
        for class in 0..10 {
            assert!(!variants(class).is_empty());
            for variant in variants(class) {
                assert!(variant.frequency > 0.0);
                assert!(!variant.strokes.is_empty());
                for stroke in variant.strokes {
                    assert!(stroke.len() >= 2, "class {class}: {stroke:?}");
                    for knot in *stroke {
                        assert!((-1.0..=12.0).contains(&knot.x), "class {class}: {knot:?}");
                        assert!((-1.0..=15.0).contains(&knot.y), "class {class}: {knot:?}");
                    }
                }
            }
        }
    }
}
