//! Whether the modules of a folder use one another in its order.

use crate::finding::{Against, Broken, Finding, WrongUse};
use crate::modules::{ModuleId, ModuleTree};
use crate::orders::{CrateOrder, OrderOf, Orders, Standing};

/// The orders of one crate, set against its modules.
pub(crate) struct Folders<'tree> {
    tree: &'tree ModuleTree,
    orders: Vec<OrderOf>,
}

impl<'tree> Folders<'tree> {
    pub(crate) fn new(tree: &'tree ModuleTree, order: &CrateOrder) -> Self {
        Self {
            tree,
            orders: order.folders(),
        }
    }

    /// What is wrong when one module uses the other.
    ///
    /// Where the paths of both part, the two modules are compared by the order of the folder that they part in.
    pub(crate) fn wrong(&self, user: ModuleId, used: ModuleId) -> Option<WrongUse> {
        let (from, to) = (&self.tree.module(user).path, &self.tree.module(used).path);
        let shared = from
            .iter()
            .zip(to)
            .take_while(|(from, to)| from == to)
            .count();
        let (user, used) = (from.get(shared)?, to.get(shared)?);
        let found = self
            .orders
            .iter()
            .find(|order| order.folder == from[..shared])?;
        let order = &found.order;
        if order
            .exceptions()
            .any(|(_, from, to)| from == user && to == used)
        {
            return None;
        }
        let why = match (order.standing(user)?, order.standing(used)?) {
            (Standing::Layer(from), Standing::Layer(to)) if from > to => return None,
            (Standing::Layer(from), Standing::Layer(to)) if from == to => Against::SameLayer,
            (Standing::Layer(_), Standing::Layer(_)) => Against::Higher,
            (Standing::Alone, _) => Against::UserAlone,
            (_, Standing::Alone) => Against::UsedAlone,
        };
        Some(WrongUse {
            folder: found.folder.clone(),
            user: user.clone(),
            used: used.clone(),
            why,
        })
    }

    /// Modules without a place, and places without a module.
    pub(crate) fn places(&self, orders: &Orders, package: &str) -> Vec<Finding> {
        let mut found = Vec::new();
        for order in &self.orders {
            let ids = self.tree.find(&order.folder);
            let mut absent = |line: usize, module: String| {
                let broken = Broken::NoSuchModule {
                    package: package.to_string(),
                    module,
                };
                found.push(Finding {
                    file: orders.file.clone(),
                    line,
                    broken,
                });
            };
            if let ([], Some(named)) = (ids.as_slice(), &order.named) {
                absent(orders.line(named), named.get_ref().clone());
                continue;
            }
            let children: Vec<&(String, ModuleId)> = ids
                .iter()
                .flat_map(|id| &self.tree.module(*id).children)
                .collect();
            let full = |name: &str| {
                let path = order.folder.iter().map(String::as_str).chain([name]);
                path.collect::<Vec<_>>().join("::")
            };
            let is_there = |name: &str| children.iter().any(|(child, _)| child == name);
            for module in order.order.modules() {
                if !is_there(module.get_ref()) {
                    absent(orders.line(module), full(module.get_ref()));
                }
            }
            for (entry, user, used) in order.order.exceptions() {
                for name in [user, used] {
                    if !is_there(name) {
                        absent(orders.line(entry), full(name));
                    }
                }
            }
            for (name, id) in &children {
                if order.order.standing(name).is_none() {
                    let (file, line) = self.tree.module(*id).declared;
                    let file = self.tree.file(file).to_path_buf();
                    let module = full(name);
                    let broken = Broken::NoPlace {
                        package: package.to_string(),
                        module,
                    };
                    found.push(Finding { file, line, broken });
                }
            }
        }
        found
    }
}
