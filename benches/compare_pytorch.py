"""Times memory addressing and MemAE training in PyTorch, written as its users would write them.

The numbers are there to be set beside ours, taken on the same machine. Only torch and numpy are needed.

    python benches/compare_pytorch.py addressing [--ours cargo]
    python benches/compare_pytorch.py train mnist --data DIR [--digit 9] [--epochs 15] [--seed 0]

Each result is printed once for people, in a table, and once as a line of JSON.
"""

import argparse
import gzip
import json
import os
import statistics
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ENTROPY_WEIGHT = 2e-4

# name: queries, items, width, similarity, shrinkage threshold; the same as in benches/addressing.rs
ADDRESSING_SIZES = {
    "mnist16": (16, 100, 1024, "cosine", 1 / 100),
    "mnist": (64, 100, 1024, "cosine", 1 / 100),
    "cifar10": (64, 500, 1024, "cosine", 1 / 500),
    "video": (5120, 2000, 256, "cosine", 1 / 2000),
}


# --- the memory ---------------------------------------------------------------------------------------------


def address(queries, items, similarity, threshold):
    """What the queries read from the memory, and the shrunk weights."""
    if similarity == "cosine":
        scores = F.linear(F.normalize(queries, dim=1), F.normalize(items, dim=1))
    else:
        scores = F.linear(queries, items)
    weights = F.softmax(scores, dim=1)
    if threshold is not None:
        above = weights - threshold
        weights = F.relu(above) * weights / (above.abs() + 1e-12)
        weights = F.normalize(weights, p=1, dim=1)
    return weights @ items, weights


def mean_entropy(weights):
    return -(weights * torch.log(weights + 1e-12)).sum(dim=1).mean()


# --- addressing ---------------------------------------------------------------------------------------------


def time_runs(run, runs, warmup):
    for _ in range(warmup):
        run()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return seconds


def bench_addressing(arguments):
    print(f"{'size':10}{'pass':18}{'median':>12}{'min':>12}{'max':>12}{'queries/s':>14}")
    results = []
    for name in arguments.sizes:
        queries_count, items_count, width, similarity, threshold = ADDRESSING_SIZES[name]
        generator = torch.Generator().manual_seed(arguments.seed)
        bound = width**-0.5
        queries = torch.randn(queries_count, width, generator=generator, requires_grad=True)
        items = torch.rand(items_count, width, generator=generator) * 2 * bound - bound
        items.requires_grad_()
        # Stands for the gradient that the decoder sends back, one of the order of 1 a component.
        from_decoder = torch.randn(queries_count, width, generator=generator)

        def forward():
            with torch.no_grad():
                address(queries, items, similarity, threshold)

        def forward_backward():
            queries.grad = items.grad = None
            read, weights = address(queries, items, similarity, threshold)
            loss = (read * from_decoder).sum() + ENTROPY_WEIGHT * mean_entropy(weights)
            loss.backward()

        for label, run in (("forward", forward), ("forward+backward", forward_backward)):
            seconds = time_runs(run, arguments.runs, arguments.warmup)
            median = statistics.median(seconds)
            results.append({
                "bench": "addressing",
                "implementation": f"pytorch {torch.__version__}",
                "size": name,
                "queries": queries_count,
                "items": items_count,
                "width": width,
                "similarity": similarity,
                "threshold": threshold,
                "pass": label,
                "threads": torch.get_num_threads(),
                "runs": arguments.runs,
                "median_s": median,
                "min_s": min(seconds),
                "max_s": max(seconds),
                "queries_per_s": queries_count / median,
            })
            milliseconds = "".join(f"{1e3 * s:>9.3f} ms" for s in (median, min(seconds), max(seconds)))
            print(f"{name:10}{label:18}{milliseconds}{queries_count / median:>14,.0f}")
    if arguments.ours:
        results += compare_with_ours(arguments, results)
    for result in results:
        print(json.dumps(result))


def compare_with_ours(arguments, theirs):
    """Runs benches/addressing.rs on the sizes just timed, prints both medians, and returns our results."""
    cargo = ["cargo", "bench", "--workspace", "--bench", "addressing", "--"]
    command = cargo if arguments.ours == "cargo" else [Path(arguments.ours).resolve(), "--bench"]
    # Criterion runs the benchmarks whose name this expression matches.
    sizes = {tuple(result[key] for key in ("queries", "items", "width")) for result in theirs}
    command.append("/(" + "|".join("x".join(map(str, size)) for size in sorted(sizes)) + ")$")
    environment = {**os.environ, "MEMAE_BENCH_JSON": "1", "RAYON_NUM_THREADS": str(arguments.threads)}
    root = Path(__file__).resolve().parent.parent
    run = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    ours = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]

    same = ("queries", "items", "width", "similarity", "pass")
    print(f"\n{'size':10}{'pass':18}{'pytorch':>12}{'ours':>12}{'pytorch/ours':>14}")
    for their in theirs:
        our = next(result for result in ours if all(result[key] == their[key] for key in same))
        pair = "".join(f"{1e3 * result['median_s']:>9.3f} ms" for result in (their, our))
        print(f"{their['size']:10}{their['pass']:18}{pair}{their['median_s'] / our['median_s']:>14.2f}")
    return ours


# --- training -----------------------------------------------------------------------------------------------


class MnistAutoencoder(nn.Module):
    """The MNIST preset: Conv2 (1,2,16)-(3,2,32)-(3,2,64), Dconv2 (3,2,64)-(3,2,32)-(3,2,1) (kernel, stride, channels).

    With items, the whole encoding is one query of 64 * 4 * 4 = 1024 values.
    """

    def __init__(self, items=None):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 1, stride=2), nn.BatchNorm2d(16), nn.ReLU(),  # 28 -> 14
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),  # 14 -> 7
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),  # 7 -> 4
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(64, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 3, stride=2, padding=1, output_padding=1),
        )
        self.items = None
        if items is not None:
            bound = 1024**-0.5
            self.items = nn.Parameter(torch.empty(items, 1024).uniform_(-bound, bound))

    def forward(self, images):
        encoding = self.encoder(images)
        if self.items is None:
            return self.decoder(encoding), None
        read, weights = address(encoding.flatten(1), self.items, "cosine", 1 / len(self.items))
        return self.decoder(read.view_as(encoding)), weights


def read_idx(folder, name):
    """The array in an IDX file of unsigned bytes, plain or gzipped."""
    plain, packed = Path(folder) / name, Path(folder) / f"{name}.gz"
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    zero, kind, rank = struct.unpack_from(">HBB", content)
    if zero != 0 or kind != 8:
        raise SystemExit(f"{name}: not an IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load_mnist(folder, part):
    """Images [B, 1, 28, 28] in [0, 1], and labels."""
    images = read_idx(folder, f"{part}-images-idx3-ubyte")
    labels = read_idx(folder, f"{part}-labels-idx1-ubyte")
    return torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1), labels


def area_under_roc(scores, anomalous):
    """AUC from ranks (Mann-Whitney); tied scores share the mean of their ranks."""
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    last_rank = np.cumsum(sizes)
    ranks = (last_rank - (sizes - 1) / 2)[group]
    positive, negative = anomalous.sum(), (~anomalous).sum()
    if positive == 0 or negative == 0:
        raise ValueError("the AUC needs both normal and anomalous samples")
    return (ranks[anomalous].sum() - positive * (positive + 1) / 2) / (positive * negative)


def train_epoch(model, images, batch_size, optimizer, generator):
    """One pass over the images in random order; the mean loss."""
    model.train()
    total = 0.0
    for rows in torch.randperm(len(images), generator=generator).split(batch_size):
        batch = images[rows]
        output, weights = model(batch)
        loss = ((output - batch) ** 2).sum(dim=(1, 2, 3)).mean()
        if weights is not None:
            loss = loss + ENTROPY_WEIGHT * mean_entropy(weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(images)


@torch.no_grad()
def score(model, images):
    """Reconstruction error (sum of squares) of every image, and the mean number of active items."""
    model.eval()
    errors, active = [], []
    for batch in images.split(500):
        output, weights = model(batch)
        errors.append(((output - batch) ** 2).sum(dim=(1, 2, 3)))
        if weights is not None:
            active.append((weights > 0).sum(dim=1).float())
    return torch.cat(errors).numpy(), torch.cat(active).mean().item() if active else None


def bench_train(arguments):
    train_images, train_labels = load_mnist(arguments.data, "train")
    test_images, test_labels = load_mnist(arguments.data, "t10k")
    normal = train_images[torch.from_numpy(train_labels == arguments.digit)]
    anomalous = test_labels != arguments.digit
    print(f"digit {arguments.digit}: {len(normal)} training images, {len(test_images)} test images")

    results = []
    for name in arguments.models:
        torch.manual_seed(arguments.seed)
        model = MnistAutoencoder(arguments.items if name == "memae" else None)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        generator = torch.Generator().manual_seed(arguments.seed)
        start = time.perf_counter()
        for epoch in range(1, arguments.epochs + 1):
            loss = train_epoch(model, normal, arguments.batch, optimizer, generator)
            print(f"{name:6} epoch {epoch:3}  loss {loss:9.4f}  {time.perf_counter() - start:8.1f} s")
        train_seconds = time.perf_counter() - start
        start = time.perf_counter()
        errors, active = score(model, test_images)
        results.append({
            "bench": "train",
            "implementation": f"pytorch {torch.__version__}",
            "data": "mnist",
            "model": name,
            "digit": arguments.digit,
            "epochs": arguments.epochs,
            "batch": arguments.batch,
            "seed": arguments.seed,
            "threads": torch.get_num_threads(),
            "auc": float(area_under_roc(errors, anomalous)),
            "active_items_mean": active,
            "train_s": train_seconds,
            "score_s": time.perf_counter() - start,
        })

    print(f"\n{'model':8}{'AUC':>8}{'active':>9}{'train':>12}{'score':>12}")
    for result in results:
        active = "-" if result["active_items_mean"] is None else f"{result['active_items_mean']:.1f}"
        times = f"{result['train_s']:>10.1f} s{result['score_s']:>10.2f} s"
        print(f"{result['model']:8}{result['auc']:8.4f}{active:>9}{times}")
    for result in results:
        print(json.dumps(result))


# --- command line -------------------------------------------------------------------------------------------


def at_least(smallest):
    def parse(text):
        number = int(text)
        if number < smallest:
            raise argparse.ArgumentTypeError(f"must be at least {smallest}")
        return number

    return parse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--threads", type=at_least(1), default=2)
    common.add_argument("--seed", type=at_least(0), default=0)

    addressing = commands.add_parser("addressing", parents=[common], help="time memory addressing")
    addressing.add_argument("--sizes", nargs="+", choices=ADDRESSING_SIZES, default=list(ADDRESSING_SIZES))
    addressing.add_argument("--runs", type=at_least(1), default=11, help="timed runs; medians need 7 or more")
    addressing.add_argument("--warmup", type=at_least(0), default=3)
    addressing.add_argument("--ours", metavar="PATH", help="time ours too: the built benchmark, or `cargo` to build it")
    addressing.set_defaults(run=bench_addressing)

    train = commands.add_parser("train", parents=[common], help="train on one class and measure the AUC")
    train.add_argument("data_set", choices=["mnist"])
    train.add_argument("--data", type=Path, required=True, help="folder with the four IDX files, plain or .gz")
    train.add_argument("--digit", type=int, choices=range(10), default=9, help="the normal class")
    train.add_argument("--models", nargs="+", choices=["ae", "memae"], default=["ae", "memae"])
    train.add_argument("--items", type=at_least(1), default=100)
    train.add_argument("--epochs", type=at_least(1), default=15)
    train.add_argument("--batch", type=at_least(1), default=64)
    train.set_defaults(run=bench_train)

    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.run(arguments)


if __name__ == "__main__":
    main()
