use std::fmt;

use memae_models::network::Variant;

/// A table or figure of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// MNIST, each digit in turn the normal class: AUC
    Mnist,
    /// CIFAR-10 or images in class folders, each class in turn the normal class: AUC
    Cifar10,
    /// Network intrusions of KDDCUP99: precision, recall, F1
    Kddcup,
    /// One setting after the other, on MNIST: AUC and active items
    Ablation,
    /// Number of memory items, on MNIST: AUC and active items
    MemorySize,
    /// UCSD Ped2 or another set of videos: frame-level AUC
    Video,
}

impl Table {
    /// As it is written on the command line and in the names of files.
    pub fn name(self) -> &'static str {
        match self {
            Table::Mnist => "mnist",
            Table::Cifar10 => "cifar10",
            Table::Kddcup => "kddcup",
            Table::Ablation => "ablation",
            Table::MemorySize => "memory-size",
            Table::Video => "video",
        }
    }

    /// The line on top of its page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Table::Mnist => "MNIST: one digit is normal",
            Table::Cifar10 => "CIFAR-10: one class is normal",
            Table::Kddcup => "KDDCUP99: network intrusions",
            Table::Ablation => "Ablation on MNIST",
            Table::MemorySize => "Memory size on MNIST",
            Table::Video => "Video: frame-level AUC",
        }
    }

    /// The figure that its table is about, by the name it has in records.
    pub(crate) fn figure(self) -> &'static str {
        match self {
            Table::Kddcup => "F1",
            Table::Video => "reference",
            _ => "AUC",
        }
    }

    /// What the paper's figures are called: of videos, with the data set that they are on.
    pub(crate) fn paper(self) -> &'static str {
        match self {
            Table::Video => "paper on UCSD Ped2",
            _ => "paper",
        }
    }

    /// What the paper has for a form of the network; of MNIST and CIFAR-10 the mean over all classes.
    pub(crate) fn published(self, variant: Variant) -> Option<f64> {
        let [ae, non_sparse, memae] = match self {
            Table::Mnist => [0.9619, 0.9725, 0.9751],
            Table::Cifar10 => [0.5706, 0.6058, 0.6088],
            Table::Kddcup => [0.9342, 0.9355, 0.9641],
            Table::Video => [0.917, 0.929, 0.941],
            Table::Ablation | Table::MemorySize => return None,
        };
        Some(match variant {
            Variant::Ae => ae,
            Variant::MemAeNonSparse => non_sparse,
            Variant::MemAe => memae,
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
