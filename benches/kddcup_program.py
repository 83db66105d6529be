"""What the program `memae` finds in KDDCUP99, by the paper's protocol and by nothing but its own choices.

Half of all connections, drawn at random, are the test set; of the others the attacks, which are the normal class here, are
given to `memae train` as a table without names. The fifth of the test set with the highest scores is flagged, and precision,
recall and F1 are those of the anomalous class. Only numpy is needed.

    python benches/kddcup_program.py --data kddcup.data_10_percent.gz [--memae target/release/memae] [--seeds 20]

Each seed draws a division of its own, and is the program's seed. Each gives one line of JSON, too.
"""

import argparse
import gzip
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

FLAGGED = 0.2


def figures(scores, anomalous):
    flagged = np.zeros(len(scores), bool)
    flagged[np.argsort(-scores, kind="stable")[: round(FLAGGED * len(scores))]] = True
    found = (flagged & anomalous).sum()
    precision, recall = found / flagged.sum(), found / anomalous.sum()
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / (precision + recall)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--memae", default="target/release/memae", type=Path)
    parser.add_argument("--method", default="auto")
    parser.add_argument("--seeds", default=20, type=int)
    parser.add_argument("--first-seed", default=0, type=int)
    arguments = parser.parse_args()
    program = arguments.memae.resolve()
    rows = gzip.open(arguments.data, "rt").read().split()
    anomalous = np.array([row.endswith(",normal.") for row in rows])
    bare = [row.rsplit(",", 1)[0] for row in rows]

    found = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        order = np.random.default_rng(seed).permutation(len(rows))
        test, training = order[: len(rows) // 2], order[len(rows) // 2 :]
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            write = lambda name, indices: (folder / name).write_text("".join(f"{bare[i]}\n" for i in indices))
            write("train.csv", training[~anomalous[training]])
            write("test.csv", test)

            def memae(*words):
                start = time.perf_counter()
                run = subprocess.run([program, *words], cwd=folder, check=True, capture_output=True, text=True)
                return run, time.perf_counter() - start

            columns = [word for column in ("2", "3", "4") for word in ("--categorical", column)]
            made = ["--out", "m.safetensors", "--method", arguments.method, "--seed", str(seed)]
            trained, train_seconds = memae("train", "train.csv", "--no-header", *columns, *made)
            scored, score_seconds = memae("score", "m.safetensors", "test.csv", "--json", "--quiet")
        verdicts = [json.loads(line) for line in scored.stdout.splitlines()]
        scores = np.array([verdict["score"] for verdict in verdicts if "score" in verdict])
        result = figures(scores, anomalous[test])
        chosen = [line for line in trained.stderr.splitlines() if "swapped columns" in line]
        print(f"seed {seed}: F1 {result['F1']:.4f}; {train_seconds:.0f} s, {score_seconds:.0f} s; {' '.join(chosen)}")
        seconds = {"train": train_seconds, "score": score_seconds}
        print(json.dumps({"bench": "kddcup_program", "seed": seed, "method": arguments.method, "seconds": seconds, **result}), flush=True)
        found.append(result)
    for name in ("F1", "precision", "recall"):
        values = [result[name] for result in found]
        print(f"{name}: {np.mean(values):.4f} ± {np.std(values, ddof=min(1, len(values) - 1)):.4f} over {len(values)} seeds")


if __name__ == "__main__":
    main()
