"""Times nearest neighbours by a memory beside scikit-learn's brute force, and compares what they find.

Queries and items are drawn here, in groups, as data lies; both sides take the same rows of f32 and as many threads, in turn.
Only numpy, scikit-learn and threadpoolctl are needed.

    python benches/compare_neighbours.py [--ours target/release/examples/neighbours] [--k 1 5 50]

Ours is `cargo build --release -p memae-core --example neighbours`. Each result is printed once for people, in a table, and
once as a line of JSON. "nearest" is the share of queries for which both name the same nearest item, or one at the same distance in f64;
"distance" the largest difference, relative to theirs, between the distances to the mean of the k nearest.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits


def draw(count, width, groups, seed):
    """Rows around the middles of groups, which all seeds share."""
    middles = np.random.default_rng(0).normal(size=(groups, width))
    generator = np.random.default_rng(seed)
    return (middles[generator.integers(groups, size=count)] + 0.5 * generator.normal(size=(count, width))).astype(np.float32)


def write_rows(path, matrices):
    header, data = {}, b""
    for name, matrix in matrices.items():
        start, data = len(data), data + matrix.tobytes()
        header[name] = {"dtype": "F32", "shape": matrix.shape, "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_rows(path):
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    types = {"F32": np.float32, "I32": np.int32}
    found = {}
    for name, entry in json.loads(content[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            found[name] = np.frombuffer(content[start:end], types[entry["dtype"]]).reshape(entry["shape"])
    return found


def ours(program, folder, k, threads):
    command = [program, folder / "rows.safetensors", folder / "out.safetensors", str(k), "1"]
    environment = os.environ | {"RAYON_NUM_THREADS": str(threads)}
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(run.stdout)[0], read_rows(folder / "out.safetensors")


def theirs(queries, items, k, threads):
    with threadpool_limits(threads):
        neighbours = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(items)
        start = time.perf_counter()
        _, found = neighbours.kneighbors(queries)
        return time.perf_counter() - start, found


def product(queries, items, threads):
    """The bare matrix product, block by block, without which neither can do."""
    with threadpool_limits(threads):
        start = time.perf_counter()
        for block in np.array_split(queries, max(1, len(queries) // 512)):
            block @ items.T
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default="target/release/examples/neighbours", type=Path)
    parser.add_argument("--queries", default=50_000, type=int)
    parser.add_argument("--items", default=20_000, type=int)
    parser.add_argument("--width", default=40, type=int)
    parser.add_argument("--groups", default=200, type=int)
    parser.add_argument("--k", default=[1, 5, 50], type=int, nargs="+")
    parser.add_argument("--threads", default=os.cpu_count(), type=int)
    parser.add_argument("--rounds", default=3, type=int)
    arguments = parser.parse_args()
    queries = draw(arguments.queries, arguments.width, arguments.groups, 1)
    items = draw(arguments.items, arguments.width, arguments.groups, 2)

    print(f"{'k':>4} {'method':<14} {'s, median':>10} {'ratio':>6} {'s, best':>8} {'ratio':>6} {'nearest':>8} {'distance':>9}")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_rows(folder / "rows.safetensors", {"queries": queries, "items": items})
        for k in arguments.k:
            seconds = {"scikit-learn": [], "memae": [], "bare product": []}
            for _ in range(arguments.rounds):
                took, expected = theirs(queries, items, k, arguments.threads)
                seconds["scikit-learn"].append(took)
                took, found = ours(arguments.ours.resolve(), folder, k, arguments.threads)
                seconds["memae"].append(took)
                seconds["bare product"].append(product(queries, items, arguments.threads))
            to = lambda nearest: np.linalg.norm(queries.astype(float) - items[nearest], axis=1)
            nearest = float(np.isclose(to(found["most_read"]), to(expected[:, 0]), rtol=1e-6).mean())
            distances = np.linalg.norm(queries.astype(float) - items[expected].astype(float).mean(1), axis=1)
            error = float(np.abs(found["distances"] / distances - 1).max())
            base = [statistics.median(seconds["scikit-learn"]), min(seconds["scikit-learn"])]
            for name, took in seconds.items():
                own = [statistics.median(took), min(took)]
                ratios = [time / other for time, other in zip(own, base)]
                shown = f"{nearest:8.5f} {error:9.1e}" if name == "memae" else ""
                print(f"{k:4} {name:<14} {own[0]:10.2f} {ratios[0]:6.2f} {own[1]:8.2f} {ratios[1]:6.2f} {shown}")
                result = {
                    "bench": "neighbours",
                    "implementation": f"scikit-learn {sklearn.__version__}" if name == "scikit-learn" else name,
                    "size": [arguments.queries, arguments.items, arguments.width],
                    "k": k,
                    "threads": arguments.threads,
                    "median_s": own[0],
                    "min_s": own[1],
                    "nearest": nearest if name == "memae" else None,
                    "distance": error if name == "memae" else None,
                }
                print(json.dumps(result))


if __name__ == "__main__":
    main()
