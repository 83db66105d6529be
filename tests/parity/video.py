"""Makes the fixtures that the networks for video, and the files of their weights, are held to.

The networks here are those of the code that the paper's authors publish, stated anew: same layers, same names
in `state_dict()`, same memory (dot product, softmax, hard shrinkage at an absolute threshold, a row of nothing but
zeros reads zero), same loss (mean of squared errors + 0.0002 mean entropy of all queries).

    python tests/parity/video.py                writes the small fixtures
    python tests/parity/video.py --checkpoints  writes the last group of the fixtures below, of the committed weights
    python tests/parity/video.py --full DIR     writes DIR/full.safetensors and DIR/full.pt: 256x256, all channels;
                                                prints how far PyTorch in float32 is from itself in float64
    python tests/parity/video.py --check A B    exits with 1 unless PyTorch loads the safetensors file B into the
                                                network of A.pt, every tensor and type the same to the bit

The small network has channels 2, 3, 5, 7 and clips of 8 frames of 16x32. Written to tests/fixtures:

    video.safetensors
        memory.*   plain.*                          the network with a memory, and the one without
            train.output                            [B, 1, 8, 16, 32]
            train.loss  train.reconstruction  train.entropy       [1]; both terms as means, without the factor
            train.weights                           [queries, N], shrunk
            train.grad.{parameter}                  by the names of the state_dict
            train.after.{norm}.running_mean         after one forward pass in train mode
            train.after.{norm}.running_var_biased   the same, had the batch variance been divided by n, not n - 1
            eval.output  eval.weights  eval.entropy
        input                                       [B, 1, 8, 16, 32], the clips of both
        unit.{threshold}.*                          the memory alone: queries, items; read, weights, entropy (mean);
                                                    grad.queries, grad.items of sum(read * pull) + entropy
    video_memory.pt                                 torch.save of its state_dict, format since release 1.6
    video_memory_legacy.pth                         the same in the format before
    video_memory_parallel.pt                        the same, names as DataParallel gives them
    video_memory.safetensors                        the same, as safetensors.torch.save_file writes it
    video_plain.pt                                  the network without memory
    video_evil.pt                                   a pickle that would call os.system, were it run
    video_evil_inside.pt                            a state_dict with such a call beside its tensors
    video_huge_pickle.pt                            an archive of 2 kB whose pickle is one of 2 MB
    video_huge_claim.pt                             one number that claims to be a tensor of 4 GB

    video_checkpoint.pt                             the state_dict in a checkpoint: epoch, optimizer and its state beside it,
                                                    names as DataParallel of a compiled network gives them
    video_nested.pth                                two dictionaries deep, in the old format
    video_half.pt  video_bfloat16.safetensors       the state_dict in half precision
    video_averaged.pt                               the state_dict twice, as `model` and as `ema`
    video_module.pt                                 torch.save of the network itself
    video_script.pt                                 torch.jit.save of some network

All are computed in float64 from weights that are float32 numbers, and kept as float32.

The bias of a convolution in front of a batch norm has no effect in train mode: its gradient is 0, and what the file
holds there is rounding error. Compare these to an absolute tolerance.
"""

import argparse
import os
import sys
from collections import OrderedDict
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SEED = 20190806
ENTROPY_WEIGHT = 2e-4
SLOPE = 0.2
EPSILON = 1e-12

SMALL = {"channels": [2, 3, 5, 7], "items": 11, "threshold": 0.08, "clips": (3, 1, 8, 16, 32)}
FULL = {"channels": [96, 128, 256, 256], "items": 2000, "threshold": 0.0025, "clips": (2, 1, 16, 256, 256)}

# Small fixtures: nothing may come this close to a kink, so that float32 takes the same side everywhere.
THRESHOLD_MARGIN = 1e-3  # |w - t| / t
ACTIVATION_MARGIN = 1e-6  # |input of a LeakyReLU|


class MemoryUnit(nn.Module):
    """Items, read by softmax over dot products, shrunk and renormalised."""

    def __init__(self, items, width, threshold):
        super().__init__()
        bound = width**-0.5
        self.weight = nn.Parameter(torch.empty(items, width).uniform_(-bound, bound))
        self.threshold = threshold
        self.raw = None

    def forward(self, queries):
        self.raw = weights = torch.softmax(queries @ self.weight.T, dim=1)
        if self.threshold > 0:
            above = weights - self.threshold
            weights = F.relu(above) * weights / (above.abs() + EPSILON)
            weights = weights / weights.sum(dim=1, keepdim=True).clamp_min(EPSILON)
        return weights @ self.weight, weights


class MemoryOfPositions(nn.Module):
    """Each position of the features is one query."""

    def __init__(self, items, width, threshold):
        super().__init__()
        self.memory = MemoryUnit(items, width, threshold)

    def forward(self, features):
        batch, channels, *sides = features.shape
        queries = features.movedim(1, -1).reshape(-1, channels)
        read, weights = self.memory(queries)
        return read.reshape(batch, *sides, channels).movedim(-1, 1), weights


class VideoNetwork(nn.Module):
    """Encoder, memory if there is one, decoder; kernels of 3 and a padding of 1 everywhere."""

    def __init__(self, channels, items, threshold):
        super().__init__()
        layers, before = [], 1
        for index, after in enumerate(channels):
            stride = (1, 2, 2) if index == 0 else (2, 2, 2)
            layers += [nn.Conv3d(before, after, 3, stride, 1), nn.BatchNorm3d(after), nn.LeakyReLU(SLOPE)]
            before = after
        self.encoder = nn.Sequential(*layers)
        if items:
            self.mem_rep = MemoryOfPositions(items, before, threshold)
        layers = []
        for after in reversed(channels[:-1]):
            layers += [
                nn.ConvTranspose3d(before, after, 3, 2, 1, output_padding=1),
                nn.BatchNorm3d(after),
                nn.LeakyReLU(SLOPE),
            ]
            before = after
        layers.append(nn.ConvTranspose3d(before, 1, 3, (1, 2, 2), 1, output_padding=(0, 1, 1)))
        self.decoder = nn.Sequential(*layers)

    def forward(self, clips):
        features, weights = self.encoder(clips), None
        if hasattr(self, "mem_rep"):
            features, weights = self.mem_rep(features)
        return self.decoder(features), weights


def entropy(weights):
    """Entropy of each row. A weight of 0 has no part in the sum, and so no gradient."""
    logarithm = torch.where(weights > 0, weights, 1.0).log()
    return -(weights * logarithm).sum(dim=1)


def draw_network(size, has_memory, as_published):
    """A network of float32 numbers, converted to float64."""
    network = VideoNetwork(size["channels"], size["items"] if has_memory else 0, size["threshold"])
    for module in network.modules():
        if isinstance(module, nn.BatchNorm3d):
            # The usual 0 and 1 would hide a shift or a scale that is left out.
            module.bias.data.normal_(0.0, 0.2)
            module.running_mean.normal_(0.0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            module.num_batches_tracked.fill_(torch.randint(1, 1_000_000, ()).item())
            if as_published:
                module.weight.data.normal_(1.0, 0.02)
            else:
                module.weight.data.uniform_(0.5, 1.5)
        elif as_published and isinstance(module, (nn.Conv3d, nn.ConvTranspose3d)):
            module.weight.data.normal_(0.0, 0.02)
    if has_memory and not as_published:
        # Wider apart, so that weights differ enough for some of them to be shrunk away.
        network.mem_rep.memory.weight.data.mul_(3.0)
    return network.double()


class Watch:
    """Remembers what the last forward pass gave to each batch norm and activation."""

    def __init__(self, network):
        self.norm_inputs, self.activation_inputs = {}, []
        for name, module in network.named_modules():
            if isinstance(module, nn.BatchNorm3d):
                module.register_forward_pre_hook(self.of_norm(name))
            if isinstance(module, nn.LeakyReLU):
                module.register_forward_pre_hook(lambda _, inputs: self.activation_inputs.append(inputs[0]))

    def of_norm(self, name):
        return lambda _, inputs: self.norm_inputs.update({name: inputs[0].numel() // inputs[0].shape[1]})

    def is_near_kink(self, network):
        near = any(inputs.abs().min() < ACTIVATION_MARGIN for inputs in self.activation_inputs)
        self.activation_inputs.clear()
        if hasattr(network, "mem_rep"):
            unit = network.mem_rep.memory
            near |= bool((unit.raw - unit.threshold).abs().min() < THRESHOLD_MARGIN * unit.threshold)
        return near


def compute(network, clips):
    """All results of a network; None if a value comes too close to a kink."""
    watch, results, near = Watch(network), {}, False
    network.eval()
    with torch.no_grad():
        output, weights = network(clips)
    near |= watch.is_near_kink(network)
    results["eval.output"] = output
    if weights is not None:
        results["eval.weights"], results["eval.entropy"] = weights, entropy(weights)

    network.train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    output, weights = network(clips)
    near |= watch.is_near_kink(network)
    reconstruction = ((output - clips) ** 2).mean()
    loss = reconstruction
    results["train.output"], results["train.reconstruction"] = output, reconstruction.reshape(1)
    if weights is not None:
        mean_entropy = entropy(weights).mean()
        loss = reconstruction + ENTROPY_WEIGHT * mean_entropy
        results["train.weights"], results["train.entropy"] = weights, mean_entropy.reshape(1)
    loss.backward()
    results["train.loss"] = loss.reshape(1)
    for name, parameter in network.named_parameters():
        results[f"train.grad.{name}"] = parameter.grad.clone()
    for name, n in watch.norm_inputs.items():
        state = network.state_dict()
        results[f"train.after.{name}.running_mean"] = state[f"{name}.running_mean"].clone()
        # PyTorch keeps the unbiased variance; other frameworks keep the one that they normalise with.
        old, new = before[f"{name}.running_var"], state[f"{name}.running_var"]
        results[f"train.after.{name}.running_var_biased"] = 0.9 * old + (new - 0.9 * old) * (n - 1) / n
    network.load_state_dict(before)
    return results, near


def state_of(network):
    """The state_dict, floats as float32."""
    state = network.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            state[name] = value.float()
    return state


def draw_clips(size, seed):
    generator = torch.Generator().manual_seed(seed)
    # Values of frames in [-1, 1].
    return torch.rand(size["clips"], generator=generator).mul(2).sub(1).double()


def small_network(name, clips):
    for seed in range(SEED, SEED + 100_000):
        torch.manual_seed(seed)
        network = draw_network(SMALL, has_memory=name == "memory", as_published=False)
        results, near = compute(network, clips)
        if near:
            continue
        if name == "memory":
            active = (results["train.weights"] > 0).sum(dim=1)
            if active.min() == SMALL["items"] or active.max() < 2:
                continue
            print(f"{name}: seed {seed}, {active.min()} to {active.max()} items active")
        return network, results
    sys.exit("no seed stays clear of the kinks")


def unit_results(threshold):
    """The memory alone, with more items than queries have values."""
    for seed in range(SEED, SEED + 100_000):
        torch.manual_seed(seed)
        unit = MemoryUnit(13, 5, threshold)
        unit.weight.data.mul_(3.0)
        queries, pull = torch.randn(37, 5).double().requires_grad_(), torch.randn(37, 5).double()
        unit = unit.double()
        read, weights = unit(queries)
        if threshold > 0 and (unit.raw - threshold).abs().min() < THRESHOLD_MARGIN * threshold:
            continue
        mean_entropy = entropy(weights).mean()
        ((read * pull).sum() + mean_entropy).backward()
        empty = int((weights.sum(dim=1) == 0).sum())
        if threshold > 0.1 and (empty == 0 or mean_entropy == 0):
            continue
        print(f"unit, threshold {threshold}: {empty} of 37 rows are empty")
        return {
            "queries": queries, "items": unit.weight, "pull": pull, "read": read, "weights": weights,
            "entropy": mean_entropy.reshape(1), "grad.queries": queries.grad, "grad.items": unit.weight.grad,
        }
    sys.exit("no seed stays clear of the threshold")


class Evil:
    """Unpickled by Python, it would print a line through the shell."""

    def __reduce__(self):
        return os.system, ("echo this file was run",)


def write_small():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    clips = draw_clips(SMALL, SEED)
    tensors = {"input": clips}
    for name in ["memory", "plain"]:
        network, results = small_network(name, clips)
        tensors.update({f"{name}.{key}": value for key, value in results.items()})
        state = state_of(network)
        torch.save(state, FIXTURES / f"video_{name}.pt")
        if name == "memory":
            torch.save(state, FIXTURES / "video_memory_legacy.pth", _use_new_zipfile_serialization=False)
            parallel = OrderedDict((f"module.{key}", value) for key, value in state.items())
            torch.save(parallel, FIXTURES / "video_memory_parallel.pt")
            save_file(dict(state), FIXTURES / "video_memory.safetensors")
            torch.save(OrderedDict(state, extra=Evil()), FIXTURES / "video_evil_inside.pt")
            torch.save(Evil(), FIXTURES / "video_evil.pt")
            with ZipFile(FIXTURES / "video_huge_pickle.pt", "w", ZIP_DEFLATED) as archive:
                archive.writestr("archive/data.pkl", b"N" * 2_000_000)
            claim = torch.zeros(1).expand(1 << 20, 1 << 10)
            torch.save(OrderedDict({"mem_rep.memory.weight": claim}), FIXTURES / "video_huge_claim.pt")
            write_checkpoints()
    for threshold in [0.0, 0.08, 0.2]:
        tensors.update({f"unit.{threshold}.{key}": value for key, value in unit_results(threshold).items()})
    write_tensors(tensors, FIXTURES / "video.safetensors")


def write_checkpoints():
    """The weights of video_memory.pt as people have them."""
    state = torch.load(FIXTURES / "video_memory.pt", weights_only=True)
    network = VideoNetwork(SMALL["channels"], SMALL["items"], SMALL["threshold"])
    network.load_state_dict(state)

    optimizer = torch.optim.Adam(network.parameters())
    network.encoder[0].bias.grad = torch.ones_like(network.encoder[0].bias)
    optimizer.step()
    wrapped = OrderedDict((f"module._orig_mod.{key}", value) for key, value in state.items())
    checkpoint = {"epoch": 3, "state_dict": wrapped, "optimizer": optimizer.state_dict(), "loss": 0.25}
    torch.save(checkpoint, FIXTURES / "video_checkpoint.pt")
    nested = {"args": {"lr": 1e-4}, "nets": {"net": state}}
    torch.save(nested, FIXTURES / "video_nested.pth", _use_new_zipfile_serialization=False)

    def as_type(dtype):
        return OrderedDict((key, value.to(dtype) if value.is_floating_point() else value) for key, value in state.items())

    torch.save({"model_state_dict": as_type(torch.float16)}, FIXTURES / "video_half.pt")
    save_file(dict(as_type(torch.bfloat16)), FIXTURES / "video_bfloat16.safetensors")
    torch.save({"model": state, "ema": state}, FIXTURES / "video_averaged.pt")

    network.load_state_dict(state)
    torch.save(network, FIXTURES / "video_module.pt")
    torch.jit.save(torch.jit.script(nn.Linear(2, 3)), FIXTURES / "video_script.pt")


def write_tensors(tensors, path):
    tensors = {name: value.detach().float().contiguous() for name, value in tensors.items()}
    for name, value in tensors.items():
        assert value.isfinite().all(), f"{name} is not finite"
    save_file(tensors, path)
    print(f"{path}: {len(tensors)} tensors, {path.stat().st_size:,} bytes")


def write_full(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    network = draw_network(FULL, has_memory=True, as_published=True)
    # As published, features hardly differ and every weight is about 1/N, all of them shrunk away.
    network.mem_rep.memory.weight.data.mul_(8.0)
    clips = draw_clips(FULL, SEED)
    results, _ = compute(network, clips)
    active = (results["train.weights"] > 0).sum(dim=1).double()
    print(f"{active.mean():.1f} items active, {int((active == 0).sum())} of {active.numel()} rows empty")
    torch.save(state_of(network), folder / "full.pt")
    tensors = {"input": clips, **{f"memory.{key}": value for key, value in results.items()}}
    write_tensors(tensors, folder / "full.safetensors")

    network.zero_grad(set_to_none=True)
    in_float32, _ = compute(network.float(), clips.float())
    print("PyTorch in float32, relative to itself in float64:")
    for name, value in in_float32.items():
        difference = (value.double() - results[name]).norm() / results[name].norm()
        print(f"    {difference:.1e}  {name}")


def check(original, saved):
    """Exits with 1 unless both hold the same network to the bit."""
    expected = torch.load(original, weights_only=True)
    found = load_file(saved)
    items, width = expected.get("mem_rep.memory.weight", torch.empty(0, 0)).shape
    channels = [expected[f"encoder.{3 * index}.weight"].shape[0] for index in range(4)]
    VideoNetwork(channels, items, threshold=0.0).load_state_dict(found, strict=True)
    differing = [
        name for name, value in expected.items()
        if value.dtype != found[name].dtype or value.numpy().tobytes() != found[name].numpy().tobytes()
    ]
    if differing:
        sys.exit(f"{saved} differs from {original} in {', '.join(differing)}")
    print(f"PyTorch loads {saved}; its {len(expected)} tensors are those of {original} to the bit")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoints", action="store_true")
    parser.add_argument("--full", type=Path, metavar="DIR")
    parser.add_argument("--check", type=Path, nargs=2, metavar=("A", "B"))
    arguments = parser.parse_args()
    if arguments.check:
        check(*arguments.check)
    elif arguments.checkpoints:
        write_checkpoints()
    elif arguments.full:
        write_full(arguments.full)
    else:
        write_small()


if __name__ == "__main__":
    main()
