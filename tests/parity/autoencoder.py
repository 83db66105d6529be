"""Makes the fixture that whole autoencoders are held to.

Writes tests/fixtures/autoencoder.safetensors: one small image MemAE in two variants, each with its weights, one
batch of images, and what PyTorch computes from them in float64, in train mode (outputs, loss, gradient of
every parameter, running statistics after the forward pass) and in eval mode.

    encoding.*   one query a sample, cosine, temperature 0.5, threshold 1/N, empty rows read the best item;
                 the paper's loss: mean over samples of (sum of squared errors + 0.0002 entropy)
    position.*   one query a position, dot product, temperature 1, threshold 0.5/N, empty rows read zero;
                 the published code's loss: mean of squared errors + 0.0002 mean entropy of all queries

Under each prefix:

    input                                        [B, 1, 28, 28]  float32
    encoder.{i}.conv.weight|bias                 float32, as all weights
    encoder.{i}.norm.weight|bias|running_mean|running_var     before the training step
    decoder.{i}.conv.*  decoder.{i}.norm.*       no norm after the last layer
    memory.items                                 [N, C]
    train.output  train.weights  train.shrunk    float64, as all results; weights are those before shrinkage
    train.loss  train.reconstruction  train.entropy               [1]; both terms as means, before the factor 0.0002
    train.grad.{parameter}
    train.after.{norm}.running_mean|running_var  after one forward pass in train mode
    train.after.{norm}.running_var_biased        the same, had the batch variance been divided by n, not n - 1
    eval.output  eval.weights  eval.shrunk       computed with the running statistics from before the step
    eval.entropy                                 [B] or [B * positions]
    eval.error                                   [B], the sum of squared errors of a sample in both variants

A bias in front of a batch norm has no effect in train mode: its gradient is 0, and what the file holds there is
rounding error. The weight of the first convolution has one number a channel and so only scales what batch norm
rescales: its gradient is a small rest of large terms. Compare these to an absolute tolerance.

The weights are drawn again until nothing comes close to a kink (a weight to the threshold, an activation to 0),
so that float32 has to take the same side everywhere.
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from torch import nn

from memory import addressing_weights, entropy, shrink

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SEED = 20190402
SAMPLES, CHANNELS, SIZE = 3, 1, 28
ENTROPY_WEIGHT = 2e-4
ITEMS = 7
ENCODER = [(1, 2, 2), (3, 2, 3), (3, 2, 5)]  # kernel, stride, channels
DECODER = [(3, 2, 5), (3, 2, 3), (3, 2, 1)]

THRESHOLD_MARGIN = 1e-3  # |w - t| / t
ACTIVATION_MARGIN = 1e-5  # |input of a ReLU|

VARIANTS = {
    "encoding": {
        "similarity": "cosine", "temperature": 0.5, "threshold": 1 / ITEMS, "empty_row": "best", "loss": "paper",
    },
    "position": {
        "similarity": "dot", "temperature": 1.0, "threshold": 0.5 / ITEMS, "empty_row": "zeros", "loss": "reference",
    },
}


class Stage(nn.Module):
    """A convolution, batch norm, ReLU; the last stage of a decoder is a convolution alone."""

    def __init__(self, conv, channels, is_last=False):
        super().__init__()
        self.conv = conv
        self.norm = None if is_last else nn.BatchNorm2d(channels, eps=1e-5, momentum=0.1)
        self.before_relu = None

    def forward(self, x):
        x = self.conv(x)
        if self.norm is None:
            return x
        self.before_relu = self.norm(x)
        return torch.relu(self.before_relu)


class Memory(nn.Module):
    def __init__(self, items, width):
        super().__init__()
        bound = width**-0.5
        self.items = nn.Parameter(torch.empty(items, width).uniform_(-bound, bound))


class MemAE(nn.Module):
    def __init__(self, variant, settings):
        super().__init__()
        self.variant, self.settings = variant, settings
        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        size, channels, sizes = SIZE, CHANNELS, []
        for kernel, stride, out in ENCODER:
            padding = (kernel - 1) // 2
            sizes.append(size)
            size = (size + 2 * padding - kernel) // stride + 1
            self.encoder.append(Stage(nn.Conv2d(channels, out, kernel, stride, padding), out))
            channels = out
        self.memory = Memory(ITEMS, channels * size * size if variant == "encoding" else channels)
        for index, (kernel, stride, out) in enumerate(DECODER):
            # Stage i of the decoder gives back the size that stage i from the end of the encoder was given.
            padding, target = (kernel - 1) // 2, sizes.pop()
            missing = target - ((size - 1) * stride - 2 * padding + kernel)
            conv = nn.ConvTranspose2d(channels, out, kernel, stride, padding, output_padding=missing)
            self.decoder.append(Stage(conv, out, is_last=index == len(DECODER) - 1))
            size, channels = target, out

    def forward(self, x):
        for stage in self.encoder:
            x = stage(x)
        batch, channels, height, width = x.shape
        if self.variant == "encoding":
            queries = x.flatten(1)  # [B, C * H * W]
        else:
            queries = x.permute(0, 2, 3, 1).reshape(-1, channels)  # [B * H * W, C]
        self.weights = addressing_weights(
            queries, self.memory.items, self.settings["similarity"], self.settings["temperature"]
        )
        shrunk, _ = shrink(self.weights, self.settings["threshold"], self.settings["empty_row"])
        read = shrunk @ self.memory.items
        if self.variant == "encoding":
            x = read.reshape(batch, channels, height, width)
        else:
            x = read.reshape(batch, height, width, channels).permute(0, 3, 1, 2)
        for stage in self.decoder:
            x = stage(x)
        return x, shrunk

    def is_away_from_kinks(self):
        """Whether the last forward pass stayed clear of every place where a derivative jumps."""
        threshold = self.settings["threshold"]
        if (self.weights - threshold).abs().min() < THRESHOLD_MARGIN * threshold:
            return False
        stages = [stage for stage in [*self.encoder, *self.decoder] if stage.norm is not None]
        return all(stage.before_relu.abs().min() > ACTIVATION_MARGIN for stage in stages)


def draw_model(variant, settings):
    """A model whose weights are float32 numbers, converted to float64."""
    model = MemAE(variant, settings)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            # The usual 1 and 0 would hide a scale or a shift that is left out.
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.3)
            module.running_mean.normal_(0.0, 0.3)
            module.running_var.uniform_(0.5, 1.5)
    return model.double()


def reconstruction_loss(kind, output, images):
    if kind == "paper":
        return ((output - images) ** 2).sum(dim=(1, 2, 3)).mean()
    return ((output - images) ** 2).mean()


def compute(variant, settings, seed):
    """All tensors of a variant; None if this seed leads too close to a kink."""
    torch.manual_seed(seed)
    model = draw_model(variant, settings)
    images = torch.rand(SAMPLES, CHANNELS, SIZE, SIZE).double()

    tensors = {"input": images.float()}
    for name, value in model.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensors[name] = value.float()

    model.eval()
    with torch.no_grad():
        output, shrunk = model(images)
    if not model.is_away_from_kinks():
        return None
    tensors["eval.output"] = output
    tensors["eval.weights"] = model.weights
    tensors["eval.shrunk"] = shrunk
    tensors["eval.entropy"] = entropy(shrunk)
    tensors["eval.error"] = ((output - images) ** 2).sum(dim=(1, 2, 3))

    model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    counts = count_norm_inputs(model)
    output, shrunk = model(images)
    if not model.is_away_from_kinks():
        return None
    reconstruction = reconstruction_loss(settings["loss"], output, images)
    # One query a sample or many: the mean over all rows is the entropy term of both losses.
    mean_entropy = entropy(shrunk).mean()
    loss = reconstruction + ENTROPY_WEIGHT * mean_entropy
    loss.backward()
    tensors["train.output"] = output
    tensors["train.weights"] = model.weights
    tensors["train.shrunk"] = shrunk
    tensors["train.loss"] = loss.reshape(1)
    tensors["train.reconstruction"] = reconstruction.reshape(1)
    tensors["train.entropy"] = mean_entropy.reshape(1)
    for name, parameter in model.named_parameters():
        tensors[f"train.grad.{name}"] = parameter.grad
    for name, value in model.state_dict().items():
        if name.endswith("running_mean"):
            tensors[f"train.after.{name}"] = value
        if name.endswith("running_var"):
            tensors[f"train.after.{name}"] = value
            # PyTorch keeps the unbiased variance; other frameworks keep the one that they normalise with.
            n = counts[name.removesuffix(".running_var")]
            batch_variance = (value - 0.9 * before[name]) / 0.1
            tensors[f"train.after.{name}_biased"] = 0.9 * before[name] + 0.1 * batch_variance * (n - 1) / n

    arrays = {name: tensor.detach().contiguous().numpy() for name, tensor in tensors.items()}
    for name, array in arrays.items():
        assert np.isfinite(array).all(), f"{variant}.{name} is not finite"
    return arrays


def count_norm_inputs(model):
    """How many values each batch norm averages over a channel; filled in by the next forward pass."""
    counts = {}

    def remember(name):
        return lambda _, inputs: counts.update({name: inputs[0].numel() // inputs[0].shape[1]})

    for name, module in model.named_modules():
        if isinstance(module, nn.BatchNorm2d):
            module.register_forward_pre_hook(remember(name))
    return counts


def main():
    tensors = {}
    for index, (variant, settings) in enumerate(VARIANTS.items()):
        seed = SEED + 100_000 * index
        while (arrays := compute(variant, settings, seed)) is None:
            seed += 1
        for name, array in arrays.items():
            tensors[f"{variant}.{name}"] = array
        active = (arrays["train.shrunk"] > 0).sum(axis=1)
        loss = arrays["train.loss"][0]
        print(f"{variant}: seed {seed}, active items {active.min()} to {active.max()}, loss {loss:.6f}")
    FIXTURES.mkdir(parents=True, exist_ok=True)
    path = FIXTURES / "autoencoder.safetensors"
    path.write_bytes(save(tensors))
    print(f"{len(tensors)} tensors, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
