//! Which file uses which, and the circles among them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::modules::FileId;

/// The place where a file uses another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) line: usize,
    /// The path as it is written.
    pub(crate) written: String,
}

/// Uses of one file by another; a file that uses itself is left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileUses {
    /// By the file that uses and the file that is used, the first place.
    uses: BTreeMap<FileId, BTreeMap<FileId, Use>>,
}

impl FileUses {
    pub(crate) fn add(&mut self, from: FileId, to: FileId, new: Use) {
        if from == to {
            return;
        }
        let first = self
            .uses
            .entry(from)
            .or_default()
            .entry(to)
            .or_insert_with(|| new.clone());
        if new.line < first.line {
            *first = new;
        }
    }

    /// The first place where one file uses the other.
    pub(crate) fn place(&self, from: FileId, to: FileId) -> &Use {
        &self.uses[&from][&to]
    }

    /// Circles that share no use, each from its lowest file on: shorter ones first, until what is left has none.
    ///
    /// So each of them needs a cut of its own, and one arrow back is not told many times.
    pub(crate) fn circles(&self) -> Vec<Vec<FileId>> {
        let mut left = self.clone();
        let mut found = Vec::new();
        loop {
            let mut circles: Vec<Vec<FileId>> = left.shortest_circles().into_iter().collect();
            if circles.is_empty() {
                return found;
            }
            circles.sort_by_key(Vec::len);
            for circle in circles {
                if left.remove(&circle) {
                    found.push(circle);
                }
            }
        }
    }

    /// For every use that lies on a circle the shortest one through it.
    fn shortest_circles(&self) -> BTreeSet<Vec<FileId>> {
        let mut circles = BTreeSet::new();
        for (from, used) in &self.uses {
            for to in used.keys() {
                if let Some(mut circle) = self.shortest(*to, *from) {
                    let lowest = circle.iter().min().copied();
                    let start = circle.iter().position(|file| Some(*file) == lowest);
                    circle.rotate_left(start.unwrap_or(0));
                    circles.insert(circle);
                }
            }
        }
        circles
    }

    /// Takes the uses of a circle away, if all are still there.
    fn remove(&mut self, circle: &[FileId]) -> bool {
        let uses = || circle.iter().zip(circle.iter().cycle().skip(1));
        let is_whole = uses().all(|(from, to)| self.uses[from].contains_key(to));
        if is_whole {
            for (from, to) in uses() {
                self.uses.entry(*from).or_default().remove(to);
            }
        }
        is_whole
    }

    /// The files of the shortest way, both ends included.
    fn shortest(&self, from: FileId, to: FileId) -> Option<Vec<FileId>> {
        let mut before = HashMap::from([(from, from)]);
        let mut queue = VecDeque::from([from]);
        while let Some(file) = queue.pop_front() {
            if file == to {
                let mut way = vec![to];
                while way[way.len() - 1] != from {
                    way.push(before[&way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            for next in self.uses.get(&file).into_iter().flat_map(BTreeMap::keys) {
                before.entry(*next).or_insert_with(|| {
                    queue.push_back(*next);
                    file
                });
            }
        }
        None
    }
}
