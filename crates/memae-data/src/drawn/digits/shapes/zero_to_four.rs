use crate::drawn::digits::knot::{Variant, c, k};

pub(super) const ZERO: &[Variant] = &[
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

pub(super) const ONE: &[Variant] = &[
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

pub(super) const TWO: &[Variant] = &[
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

pub(super) const THREE: &[Variant] = &[
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

pub(super) const FOUR: &[Variant] = &[
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
