"""Times memory addressing and MemAE training in PyTorch, written as its users would write them.

The numbers are there to be set beside ours, taken on the same machine in turn. Only torch and numpy are needed.

    python benches/compare_pytorch.py addressing [--ours cargo] [--rounds 3] [--memory]
    python benches/compare_pytorch.py network [--ours cargo] [--rounds 3] [--memory]
    python benches/compare_pytorch.py train mnist --data DIR [--digit 9] [--epochs 15] [--seed 0]

Each result is printed once for people, in a table, and once as a line of JSON.
"""

import argparse
import gzip
import json
import multiprocessing
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

# name: queries, items, width; as in benches/addressing/cases.rs, which also has a quarter and four times of them
ADDRESSING_SIZES = {
    "mnist16": (16, 100, 1024),
    "mnist": (64, 100, 1024),
    "cifar10": (64, 500, 1024),
    "video": (5120, 2000, 256),
    "large": (20480, 8000, 256),
}
# A fresh memory and one as training leaves it, which few queries read much of: temperature.
MEMORIES = {"fresh": 1.0, "trained": 0.05}


# --- the memory ---------------------------------------------------------------------------------------------


def address(queries, items, threshold, temperature=1.0):
    """What the queries read from the memory, and the shrunk weights."""
    scores = F.linear(F.normalize(queries, dim=1), F.normalize(items, dim=1))
    weights = F.softmax(scores if temperature == 1.0 else scores / temperature, dim=1)
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


def addressing_inputs(size, memory, seed):
    """Queries, items, and what stands for the gradient that the decoder sends back."""
    queries_count, items_count, width = ADDRESSING_SIZES[size]
    generator = torch.Generator().manual_seed(seed)
    items = torch.rand(items_count, width, generator=generator) * 2 - 1
    queries = torch.rand(queries_count, width, generator=generator) * 2 - 1
    if memory == "trained":
        # As in benches/addressing/cases.rs: near an item, less near the next, with noise.
        nearest = torch.randint(items_count, (queries_count,), generator=generator)
        queries = items[nearest] + 0.5 * items[(nearest + 1) % items_count] + 1.8 * queries
    probe = torch.randn(queries_count, width, generator=generator)
    return queries.requires_grad_(), items.requires_grad_(), probe


def addressing_passes(size, memory, seed):
    """Queries, items, and both passes, each a function."""
    queries, items, probe = addressing_inputs(size, memory, seed)
    threshold, temperature = 1 / len(items), MEMORIES[memory]

    def forward():
        with torch.no_grad():
            return address(queries, items, threshold, temperature)

    def forward_backward():
        queries.grad = items.grad = None
        read, weights = address(queries, items, threshold, temperature)
        loss = (read * probe).sum() + ENTROPY_WEIGHT * mean_entropy(weights)
        loss.backward()

    return queries, items, {"forward": forward, "forward+backward": forward_backward}


def time_addressing(size, memory, arguments):
    """Results of both passes."""
    queries, items, passes = addressing_passes(size, memory, arguments.seed)
    threshold, temperature = 1 / len(items), MEMORIES[memory]
    active_share = (passes["forward"]()[1] > 0).float().mean().item()
    for label, run in passes.items():
        seconds = time_runs(run, arguments.runs, arguments.warmup)
        yield {
            "bench": "addressing",
            "implementation": f"pytorch {torch.__version__}",
            "size": size,
            "memory": memory,
            "active_share": active_share,
            "queries": len(queries),
            "items": len(items),
            "width": queries.shape[1],
            "temperature": temperature,
            "threshold": threshold,
            "pass": label,
            "threads": torch.get_num_threads(),
            "runs": arguments.runs,
            "median_s": statistics.median(seconds),
            "min_s": min(seconds),
            "max_s": max(seconds),
        }


def peak_bytes(size, memory, label, arguments):
    """The most memory that one run takes beside its inputs, measured in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(growth_of_one_run, (size, memory, label, arguments.seed, arguments.threads))


def growth_of_one_run(size, memory, label, seed, threads):
    torch.set_num_threads(threads)
    _, _, passes = addressing_passes(size, memory, seed)
    # Linux forgets the peak so far. What getrusage gives would include that of the process before.
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_resident_bytes()
    passes[label]()
    return peak_resident_bytes() - before


def peak_resident_bytes():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


def run_ours(size, memory, arguments):
    """Runs benches/addressing.rs on one size; its results."""
    cargo = ["cargo", "bench", "--workspace", "--bench", "addressing", "--"]
    command = cargo if arguments.ours == "cargo" else [Path(arguments.ours).resolve(), "--bench"]
    label = "x".join(map(str, ADDRESSING_SIZES[size]))
    # Criterion runs the benchmarks whose name this expression matches.
    command += ["--quiet", f"^addressing/{memory}/.*/(fused|products)/{label}$"]
    environment = {**os.environ, "MEMAE_BENCH_JSON": "1", "RAYON_NUM_THREADS": str(arguments.threads)}
    root = Path(__file__).resolve().parent.parent
    run = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def bench_addressing(arguments):
    busy = os.getloadavg()[0]
    if busy > 0.5:
        print(f"warning: the machine is busy (load {busy:.1f}); PyTorch's threads suffer from it more than ours")
    header = "".join(f"{name:>13}" for name in ("pytorch ms", "ours ms", "products ms"))
    columns = "".join(f"{name:>8}" for name in ("min", "median", "max"))
    if arguments.ours:
        print(f"{'':37}{'medians over rounds':>39}   ours / pytorch          ours / products")
        print(f"{'size':10}{'memory':9}{'pass':18}{header}{columns}{columns}")
    else:
        print(f"{'size':10}{'memory':9}{'pass':18}{'median ms':>13}{'min':>11}{'max':>11}{'queries/s':>14}")
    results = []
    for size in arguments.sizes:
        for memory in arguments.memories:
            rounds = []
            for _ in range(arguments.rounds):
                theirs = list(time_addressing(size, memory, arguments))
                ours = run_ours(size, memory, arguments) if arguments.ours else []
                rounds.append((theirs, ours))
                results += theirs + ours
            for label in ("forward", "forward+backward"):
                print(f"{size:10}{memory:9}{label:18}", end="")
                (print_ratios if arguments.ours else print_times)(rounds, label)
                if arguments.memory:
                    print_memory(rounds, label, peak_bytes(size, memory, label, arguments))
    for result in results:
        print(json.dumps(result))


def print_times(rounds, label):
    passes = [result for theirs, _ in rounds for result in theirs if result["pass"] == label]
    median = statistics.median(result["median_s"] for result in passes)
    shortest, longest = min(r["min_s"] for r in passes), max(r["max_s"] for r in passes)
    print(f"{1e3 * median:>13.3f}{1e3 * shortest:>11.3f}{1e3 * longest:>11.3f}{passes[0]['queries'] / median:>14,.0f}")


def print_ratios(rounds, label):
    """Medians of the rounds, and how their ratios, each within one round, spread."""

    def median_of(results, way=None):
        return next(r["median_s"] for r in results if r["pass"] == label and r.get("way") == way)

    theirs = [median_of(their) for their, _ in rounds]
    ours = [median_of(our, "fused") for _, our in rounds]
    products = [median_of(our, "products") for _, our in rounds]
    print("".join(f"{1e3 * statistics.median(times):>13.3f}" for times in (theirs, ours, products)), end="")
    for others in (theirs, products):
        ratios = [our / other for our, other in zip(ours, others)]
        print("".join(f"{ratio:>8.2f}" for ratio in (min(ratios), statistics.median(ratios), max(ratios))), end="")
    print()


def print_memory(rounds, label, theirs):
    ours = [r["peak_bytes"] for _, our in rounds for r in our if r["pass"] == label and r["way"] == "fused"]
    print(f"{'':19}{label:18}  most memory beside inputs: pytorch {theirs / 1e6:.1f} MB", end="")
    print(f", ours {max(ours) / 1e6:.1f} MB" if ours else "")


# --- networks -----------------------------------------------------------------------------------------------


def layered(layers, convolution, norm, activation, transposed=False):
    """Layers (channels in, channels out, kernel, stride, output padding), each but a decoder's last with batch norm."""
    modules = []
    for index, (channels_in, channels, kernel, stride, output_padding) in enumerate(layers):
        padding = (kernel - 1) // 2
        options = {"output_padding": output_padding} if transposed else {}
        modules.append(convolution(channels_in, channels, kernel, stride=stride, padding=padding, **options))
        if not transposed or index + 1 < len(layers):
            modules += [norm(channels), activation()]
    return nn.Sequential(*modules)


class Autoencoder(nn.Module):
    """Encoder, memory, decoder; the memory is asked once a sample, or at every position."""

    def __init__(self, encoder, decoder, items, width, by_position):
        super().__init__()
        self.encoder, self.decoder, self.by_position = encoder, decoder, by_position
        self.items = nn.Parameter(torch.empty(items, width).uniform_(-(width**-0.5), width**-0.5))

    def forward(self, samples):
        features = self.encoder(samples)
        queries = features.movedim(1, -1).flatten(0, -2) if self.by_position else features.flatten(1)
        read, weights = address(queries, self.items, 1 / len(self.items))
        if self.by_position:
            read = read.view(len(features), *features.shape[2:], -1).movedim(-1, 1)
        return self.decoder(read.reshape(features.shape)), weights


def image_network(encoder, decoder, items, width):
    parts = (nn.Conv2d, nn.BatchNorm2d, nn.ReLU), (nn.ConvTranspose2d, nn.BatchNorm2d, nn.ReLU)
    return Autoencoder(layered(encoder, *parts[0]), layered(decoder, *parts[1], True), items, width, False)


def mnist_network():
    encoder = [(1, 16, 1, 2, 0), (16, 32, 3, 2, 0), (32, 64, 3, 2, 0)]
    decoder = [(64, 64, 3, 2, 0), (64, 32, 3, 2, 1), (32, 1, 3, 2, 1)]
    return image_network(encoder, decoder, 100, 1024)


def cifar10_network():
    encoder = [(3, 64, 3, 2, 0), (64, 128, 3, 2, 0), (128, 128, 3, 2, 0), (128, 256, 3, 2, 0)]
    decoder = [(256, 256, 3, 2, 1), (256, 128, 3, 2, 1), (128, 128, 3, 2, 1), (128, 3, 3, 2, 1)]
    return image_network(encoder, decoder, 500, 1024)


def video_network():
    flat, halved = (1, 2, 2), (2, 2, 2)
    encoder = [(1, 96, 3, flat, 0), (96, 128, 3, halved, 0), (128, 256, 3, halved, 0), (256, 256, 3, halved, 0)]
    decoder = [(256, 256, 3, halved, 1), (256, 128, 3, halved, 1), (128, 96, 3, halved, 1), (96, 1, 3, flat, (0, 1, 1))]

    def activation():
        return nn.LeakyReLU(0.2, inplace=True)

    return Autoencoder(
        layered(encoder, nn.Conv3d, nn.BatchNorm3d, activation),
        layered(decoder, nn.ConvTranspose3d, nn.BatchNorm3d, activation, True),
        2000,
        256,
        True,
    )


# name: network, batch; as in benches/network/cases.rs
NETWORKS = {
    "mnist": (mnist_network, (64, 1, 28, 28)),
    "cifar10": (cifar10_network, (64, 3, 32, 32)),
    "video128": (video_network, (1, 1, 16, 128, 128)),
    "video256": (video_network, (1, 1, 16, 256, 256)),
}


def network_pass(name, label, seed):
    """One pass of a network, as a function."""
    torch.manual_seed(seed)
    make, shape = NETWORKS[name]
    network, samples = make(), torch.rand(shape)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def inference():
        with torch.no_grad():
            return network(samples)

    def step():
        output, weights = network(samples)
        loss = ((output - samples) ** 2).flatten(1).sum(dim=1).mean() + ENTROPY_WEIGHT * mean_entropy(weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    network.train(label == "step")
    return {"inference": inference, "step": step}[label]


def time_network(name, label, arguments):
    run = network_pass(name, label, arguments.seed)
    seconds = time_runs(run, arguments.runs, arguments.warmup)
    return {
        "bench": "network",
        "implementation": f"pytorch {torch.__version__}",
        "network": name,
        "pass": label,
        "threads": torch.get_num_threads(),
        "runs": arguments.runs,
        "median_s": statistics.median(seconds),
        "min_s": min(seconds),
        "max_s": max(seconds),
    }


def growth_of_network(name, label, seed, threads):
    """The most memory that is held beside weights, batch and the optimizer's averages, in a process of its own."""
    torch.set_num_threads(threads)
    # What PyTorch loads and keeps once for all networks.
    network_pass("mnist", label, seed)()
    run = network_pass(name, label, seed)
    Path("/proc/self/clear_refs").write_text("5")
    before = resident_bytes()
    for _ in range(2):
        run()
    averages = 2 if label == "step" else 0
    return peak_resident_bytes() - before - 4 * averages * number_of_weights(name)


def number_of_weights(name):
    return sum(weight.numel() for weight in NETWORKS[name][0]().parameters())


def resident_bytes():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


def run_our_network(name, label, arguments):
    """Runs benches/network.rs on one network; its results by way."""
    cargo = ["cargo", "bench", "--workspace", "--bench", "network", "--"]
    command = cargo if arguments.ours == "cargo" else [Path(arguments.ours).resolve(), "--bench"]
    ways = "(memae|burn)" if arguments.burn else "memae"
    command += ["--quiet", f"^network/{label}/{ways}/{name}$"]
    environment = {**os.environ, "MEMAE_BENCH_JSON": "1", "RAYON_NUM_THREADS": str(arguments.threads)}
    root = Path(__file__).resolve().parent.parent
    run = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    results = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return {result["way"]: result for result in results}


def bench_network(arguments):
    ways = ["memae", "burn"] if arguments.burn else ["memae"]
    columns = "".join(f"{way + ' ms':>11}{'min':>7}{'median':>8}{'max':>7}" for way in ways) if arguments.ours else ""
    print(f"{'network':10}{'pass':11}{'pytorch ms':>11}{columns}   (ratios to PyTorch, each within one round)")
    results = []
    for name in arguments.networks:
        for label in arguments.passes:
            rounds = []
            for _ in range(arguments.rounds):
                theirs = time_network(name, label, arguments)
                ours = run_our_network(name, label, arguments) if arguments.ours else {}
                rounds.append((theirs, ours))
                results += [theirs, *ours.values()]
            print(f"{name:10}{label:11}{1e3 * statistics.median(t['median_s'] for t, _ in rounds):>11.2f}", end="")
            for way in ways if arguments.ours else []:
                ratios = [ours[way]["median_s"] / theirs["median_s"] for theirs, ours in rounds]
                median = statistics.median(ours[way]["median_s"] for _, ours in rounds)
                print(f"{1e3 * median:>11.2f}", end="")
                print(f"{min(ratios):>7.2f}{statistics.median(ratios):>8.2f}{max(ratios):>7.2f}", end="")
            print()
            if arguments.memory:
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    theirs = pool.apply(growth_of_network, (name, label, arguments.seed, arguments.threads))
                print(f"{'':21}most memory beside weights: pytorch {theirs / 1e6:.1f} MB", end="")
                ours = [ours["memae"]["peak_bytes"] for _, ours in rounds if ours]
                print(f", ours {max(ours) / 1e6:.1f} MB" if ours else "")
    for result in results:
        print(json.dumps(result))


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
        read, weights = address(encoding.flatten(1), self.items, 1 / len(self.items))
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
    addressing.add_argument("--sizes", nargs="+", choices=ADDRESSING_SIZES, default=["mnist", "cifar10", "video"])
    addressing.add_argument("--memories", nargs="+", choices=MEMORIES, default=list(MEMORIES))
    addressing.add_argument("--runs", type=at_least(1), default=11, help="timed runs; medians need 7 or more")
    addressing.add_argument("--warmup", type=at_least(0), default=3)
    addressing.add_argument("--rounds", type=at_least(1), default=1, help="times that each is run, in turn")
    addressing.add_argument("--memory", action="store_true", help="measure the memory of one run of each, too (Linux)")
    addressing.add_argument("--ours", metavar="PATH", help="time ours too: the built benchmark, or `cargo` to build it")
    addressing.set_defaults(run=bench_addressing)

    network = commands.add_parser("network", parents=[common], help="time inference and training steps")
    network.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    network.add_argument("--passes", nargs="+", choices=["inference", "step"], default=["inference", "step"])
    network.add_argument("--runs", type=at_least(1), default=7, help="timed runs")
    network.add_argument("--warmup", type=at_least(0), default=2)
    network.add_argument("--rounds", type=at_least(1), default=1, help="times that each is run, in turn")
    network.add_argument("--memory", action="store_true", help="measure the memory of one run of each, too (Linux)")
    network.add_argument("--burn", action="store_true", help="with --ours: time Burn's own layers too")
    network.add_argument("--ours", metavar="PATH", help="time ours too: the built benchmark, or `cargo` to build it")
    network.set_defaults(run=bench_network)

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
