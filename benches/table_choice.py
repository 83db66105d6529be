"""How often `memae train` chooses rightly, without labels, between a network and a memory of the rows.

Tables of several kinds are drawn here, with anomalies that are none of swapped columns. The program trains each of them in
three ways (`--method auto`, `network` and `memory`), and is then tested on rows with labels that it has not seen. Only numpy is
needed.

    python benches/table_choice.py [--memae target/release/memae] [--seeds 5] [--kinds clusters curved]

"right" means that what was chosen has the higher AUC, or one lower by at most 0.005. Each table gives one line of JSON, too.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

import numpy as np


class Rows:
    """Columns by their names, numbers or texts."""

    def __init__(self, **columns):
        self.columns = columns

    def write(self, path):
        names = list(self.columns)
        shown = [[v if isinstance(v, str) else f"{v:.6g}" for v in column] for column in self.columns.values()]
        path.write_text("\n".join([",".join(names)] + [",".join(row) for row in zip(*shown)]) + "\n")


def numbers(matrix):
    return Rows(**{f"x{i}": column for i, column in enumerate(np.asarray(matrix).T)})


# Each draws what all seeds of a table share, and gives two functions: normal rows and anomalies, of a generator and a count.


def clusters(world):
    """Groups of different size and spread; anomalies lie anywhere between and around them."""
    middles, spread = world.normal(size=(12, 8)) * 3, world.uniform(0.1, 0.5, (12, 1))
    share = world.dirichlet(np.ones(12))

    def normal(generator, count):
        group = generator.choice(12, count, p=share)
        return numbers(middles[group] + spread[group] * generator.normal(size=(count, 8)))

    return normal, lambda generator, count: numbers(generator.uniform(-6, 6, (count, 8)))


def beside_clusters(world):
    """The same groups; anomalies are rows of a group, three times as far from its middle."""
    middles = world.normal(size=(6, 8)) * 3

    def rows(generator, count, far):
        return numbers(middles[generator.integers(6, size=count)] + 0.3 * far * generator.normal(size=(count, 8)))

    return lambda g, n: rows(g, n, 1), lambda g, n: rows(g, n, 3)


def flat(world):
    """Thirty numbers that follow from four; anomalies lie beside that plane, no farther from the middle than others."""
    plane = world.normal(size=(4, 30))

    def rows(generator, count, beside):
        return numbers(generator.normal(size=(count, 4)) @ plane + beside * generator.normal(size=(count, 30)))

    return lambda g, n: rows(g, n, 0.05), lambda g, n: rows(g, n, 0.5)


def thin(world):
    """Forty numbers that follow from two, over a wide range; anomalies lie a little beside that plane, nearer to it than rows are
    to each other."""
    plane = world.normal(size=(2, 40))

    def rows(generator, count, beside):
        return numbers(10 * generator.normal(size=(count, 2)) @ plane + beside * generator.normal(size=(count, 40)))

    return lambda g, n: rows(g, n, 0.05), lambda g, n: rows(g, n, 0.3)


def curved(world):
    """Twelve numbers that follow from three by waves; anomalies lie beside that surface."""
    frequency, phase = world.normal(size=(3, 12)), world.uniform(0, 6, 12)

    def rows(generator, count, beside):
        surface = np.sin(generator.uniform(-2, 2, (count, 3)) @ frequency + phase)
        return numbers(surface + beside * generator.normal(size=(count, 12)))

    return lambda g, n: rows(g, n, 0.03), lambda g, n: rows(g, n, 0.25)


def chained_categories(world):
    """Seven categories, each following from the one before; anomalies break the chain in the middle."""
    chain = world.dirichlet(np.full(6, 0.15), (6, 6))

    def rows(generator, count, broken):
        column = generator.integers(6, size=count)
        columns = {}
        for link in range(7):
            if link:
                column = np.array([generator.choice(6, p=chain[link - 1, value]) for value in column])
            if broken and link == 3:
                column = generator.integers(6, size=count)
            columns[f"c{link}"] = [f"v{value}" for value in column]
        return Rows(**columns)

    return lambda g, n: rows(g, n, False), lambda g, n: rows(g, n, True)


def numbers_of_categories(world):
    """Two categories that say where six numbers lie; anomalies have numbers of other categories."""
    middles = world.normal(size=(4, 5, 6)) * 2

    def rows(generator, count, other):
        first, second = generator.integers(4, size=count), generator.integers(5, size=count)
        shown = (first + generator.integers(1, 4, count)) % 4 if other else first
        values = middles[first, second] + 0.3 * generator.normal(size=(count, 6))
        columns = {f"x{i}": column for i, column in enumerate(values.T)}
        return Rows(a=[f"a{v}" for v in shown], b=[f"b{v}" for v in second], **columns)

    return lambda g, n: rows(g, n, False), lambda g, n: rows(g, n, True)


def amounts(world):
    """Counts and sums over powers of ten, all of one size of business; anomalies have two of them thirty times as high."""
    level = world.uniform(1, 6, 9)

    def rows(generator, count, wrong):
        values = level + generator.normal(size=(count, 1)) + 0.2 * generator.normal(size=(count, 9))
        if wrong:
            for row in values:
                row[generator.choice(9, 2, replace=False)] += np.log10(30)
        return numbers(10**values)

    return lambda g, n: rows(g, n, False), lambda g, n: rows(g, n, True)


KINDS = {
    kind.__name__: kind
    for kind in (clusters, beside_clusters, flat, thin, curved, chained_categories, numbers_of_categories, amounts)
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--memae", default="target/release/memae", type=Path)
    parser.add_argument("--kinds", default=list(KINDS), choices=list(KINDS), nargs="+")
    parser.add_argument("--seeds", default=5, type=int)
    parser.add_argument("--first-seed", default=0, type=int)
    parser.add_argument("--rows", default=2000, type=int)
    arguments = parser.parse_args()
    program = arguments.memae.resolve()

    def memae(folder, *words):
        return subprocess.run([program, *words], cwd=folder, check=True, capture_output=True, text=True).stdout

    rights, choices = [], {method: [] for method in ("auto", "network", "memory")}
    print(f"{'table':<24} {'seed':>4} {'network':>8} {'memory':>8}  {'chosen':<8} right")
    for kind in arguments.kinds:
        for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
            normal, anomalous = KINDS[kind](np.random.default_rng([seed, 0]))
            with tempfile.TemporaryDirectory() as folder:
                folder = Path(folder)
                normal(np.random.default_rng([seed, 1]), arguments.rows).write(folder / "train.csv")
                normal(np.random.default_rng([seed, 2]), 1000).write(folder / "normal.csv")
                anomalous(np.random.default_rng([seed, 3]), 300).write(folder / "anomalous.csv")
                auc, chosen = {}, None
                for method in choices:
                    words = ["--method", method, "--seed", str(seed), "--out", f"{method}.safetensors", "--quiet"]
                    memae(folder, "train", "train.csv", *words)
                    tested = ["--normal", "normal.csv", "--anomalous", "anomalous.csv", "--json", "--quiet"]
                    auc[method] = json.loads(memae(folder, "eval", f"{method}.safetensors", *tested))["auc"]
                    choices[method].append(auc[method])
                with open(folder / "auto.safetensors", "rb") as file:
                    length = int.from_bytes(file.read(8), "little")
                    header = json.loads(json.loads(file.read(length))["__metadata__"]["memae"])
                chosen = "network" if header["network"]["encoder"] else "memory"
            right = auc["auto"] >= max(auc["network"], auc["memory"]) - 0.005
            rights.append(right)
            print(f"{kind:<24} {seed:4} {auc['network']:8.4f} {auc['memory']:8.4f}  {chosen:<8} {'yes' if right else 'no'}")
            print(json.dumps({"bench": "table_choice", "table": kind, "seed": seed, "chosen": chosen, "right": right, "auc": auc}))
    means = ", ".join(f"{method} {statistics.mean(aucs):.4f}" for method, aucs in choices.items())
    print(f"right: {sum(rights)} of {len(rights)}; mean AUC: {means}")


if __name__ == "__main__":
    main()
