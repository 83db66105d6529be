use crate::drawn::digits::knot::{Variant, c, k};

pub(super) const FIVE: &[Variant] = &[
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

pub(super) const SIX: &[Variant] = &[
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

pub(super) const SEVEN: &[Variant] = &[
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

pub(super) const EIGHT: &[Variant] = &[
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

pub(super) const NINE: &[Variant] = &[
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
