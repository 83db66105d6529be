use super::*;

#[test]
fn samples() {
    let p = |x: f64, mean: f64, deviation: f64| SweepPoint { x, mean, deviation };
    let out = std::path::Path::new("/tmp/plots");
    std::fs::create_dir_all(out).unwrap();
    let a = [
        p(10., 0.941, 0.012),
        p(20., 0.955, 0.008),
        p(50., 0.969, 0.005),
        p(100., 0.9752, 0.003),
        p(200., 0.9781, 0.003),
        p(500., 0.9777, 0.004),
        p(1000., 0.9775, 0.0),
    ];
    let b = [
        p(10., 0.951, 0.012),
        p(20., 0.957, 0.008),
        p(50., 0.961, 0.005),
        p(100., 0.9632, 0.003),
        p(200., 0.9581, 0.003),
        p(500., 0.9577, 0.004),
        p(1000., 0.9575, 0.0),
    ];
    let items = [
        p(10., 8., 0.5),
        p(20., 13., 1.),
        p(50., 27., 3.),
        p(100., 49., 5.),
        p(200., 80., 9.),
        p(500., 180., 20.),
        p(1000., 310., 40.),
    ];
    SweepPicture {
        title: "MNIST: memory size",
        note: "mean AUC over ten digits, bars one standard deviation over 3 seeds",
        x_label: "memory size N",
        x: SweepAxis::Logarithmic,
        panels: &[SweepPanel {
            y_label: "AUC",
            series: &[
                SweepSeries {
                    label: "MemAE",
                    points: &a,
                },
                SweepSeries {
                    label: "MemAE, reconstruction error alone",
                    points: &b,
                },
            ],
            references: &[
                SweepReference {
                    label: "paper .9751",
                    value: 0.9751,
                },
                SweepReference {
                    label: "plain AE .9619",
                    value: 0.9619,
                },
                SweepReference {
                    label: "nonSpar .9725",
                    value: 0.9725,
                },
            ],
        }],
    }
    .save(out.join("size.png"))
    .unwrap();
    SweepPicture {
        title: "MNIST: shrinkage",
        note: "",
        x_label: "λN",
        x: SweepAxis::Linear,
        panels: &[
            SweepPanel {
                y_label: "AUC",
                series: &[SweepSeries {
                    label: "MemAE",
                    points: &[
                        p(0., 0.76, 0.03),
                        p(0.5, 0.94, 0.01),
                        p(1., 0.97, 0.004),
                        p(1.5, 0.96, 0.01),
                        p(2., 0.93, 0.015),
                        p(3., 0.87, 0.04),
                    ],
                }],
                references: &[SweepReference {
                    label: "paper .9751",
                    value: 0.9751,
                }],
            },
            SweepPanel {
                y_label: "active items",
                series: &[SweepSeries {
                    label: "MemAE",
                    points: &[
                        p(0., 100., 0.),
                        p(0.5, 70., 4.),
                        p(1., 49., 3.),
                        p(1.5, 20., 5.),
                        p(2., 4., 1.),
                        p(3., 1., 0.),
                    ],
                }],
                references: &[],
            },
        ],
    }
    .save(out.join("shrinkage.png"))
    .unwrap();
    SweepPicture {
        title: "MNIST: entropy weight",
        note: "one seed",
        x_label: "entropy weight α",
        x: SweepAxis::LogarithmicFromZero,
        panels: &[
            SweepPanel {
                y_label: "AUC",
                series: &[SweepSeries {
                    label: "MemAE",
                    points: &[
                        p(0., 0.965, 0.003),
                        p(0.0002, 0.97, 0.004),
                        p(0.002, 0.971, 0.004),
                        p(0.02, 0.972, 0.01),
                        p(0.2, 0.95, 0.015),
                        p(1., 0.91, 0.04),
                    ],
                }],
                references: &[],
            },
            SweepPanel {
                y_label: "active items",
                series: &[SweepSeries {
                    label: "MemAE",
                    points: &items.map(|q| p(q.x / 1000., q.mean, q.deviation)),
                }],
                references: &[],
            },
        ],
    }
    .save(out.join("entropy.png"))
    .unwrap();
    let digits = |s: f64| [p(0., 0.9 + s, 0.01), p(1., 0.93 - s, 0.02)];
    SweepPicture {
        title: "MNIST: query",
        note: "",
        x_label: "query",
        x: SweepAxis::Names(&["encoding", "position"]),
        panels: &[SweepPanel {
            y_label: "AUC",
            series: &[
                SweepSeries {
                    label: "AE",
                    points: &digits(0.),
                },
                SweepSeries {
                    label: "nonSpar",
                    points: &digits(0.01),
                },
                SweepSeries {
                    label: "MemAE",
                    points: &digits(0.02),
                },
            ],
            references: &[],
        }],
    }
    .save(out.join("query.png"))
    .unwrap();
    let labels: Vec<String> = (0..14).map(|a| format!("series {a}")).collect();
    let points: Vec<Vec<SweepPoint>> = (0..14)
        .map(|s| {
            (1..7)
                .map(|x| p(f64::from(x * x), f64::from((s * 7 + x * 3) % 17), 0.4))
                .collect()
        })
        .collect();
    let series: Vec<SweepSeries> = labels
        .iter()
        .zip(&points)
        .map(|(label, points)| SweepSeries { label, points })
        .collect();
    let labels: Vec<String> = (0..8)
        .map(|a| format!("reference number {a} that is long"))
        .collect();
    let refs: Vec<SweepReference> = labels
        .iter()
        .enumerate()
        .map(|(i, label)| SweepReference {
            label,
            value: if i < 5 {
                16.5 + i as f64 * 0.2
            } else {
                3.0 + i as f64 * 0.05
            },
        })
        .collect();
    SweepPicture {
        title: "many",
        note: "",
        x_label: "temperature",
        x: SweepAxis::Linear,
        panels: &[SweepPanel {
            y_label: "AUC",
            series: &series,
            references: &refs,
        }; 2],
    }
    .save(out.join("many.png"))
    .unwrap();
}
