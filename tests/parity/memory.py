"""The memory of a MemAE in PyTorch, written to be read beside the equations.

Both fixture scripts use these functions. Each is a direct transcription:

    d_i  = z . m_i                                  "dot"
    d_i  = z . m_i / (max(|z|, e) max(|m_i|, e))    "cosine"
    w    = softmax(d / temperature)
    s_i  = relu(w_i - t) w_i / (|w_i - t| + e)      t is the shrinkage threshold
    w^   = s / max(sum s, e)
    z^   = w^ M
    E    = sum_i -w^_i log w^_i                     0 log 0 = 0

with e = 1e-12 everywhere. A row of weights whose items all lie below the threshold is an *empty row*.
"""

import torch
import torch.nn.functional as F

EPSILON = 1e-12


def similarity(queries, items, kind):
    """Similarity of every query [Q, C] to every memory item [N, C]: [Q, N]."""
    if kind == "cosine":
        # A norm written as sqrt(sum of squares) has the gradient inf * 0 = NaN at a zero vector.
        # `normalize` takes the subgradient 0 of the norm there, so that only 1/e remains: the
        # gradient of a zero vector is finite, though of the order of 1e12.
        queries = F.normalize(queries, dim=1, eps=EPSILON)
        items = F.normalize(items, dim=1, eps=EPSILON)
    elif kind != "dot":
        raise ValueError(f"unknown similarity {kind!r}")
    return queries @ items.T


def addressing_weights(queries, items, kind, temperature):
    """Softmax over the items, before any shrinkage: [Q, N]."""
    return torch.softmax(similarity(queries, items, kind) / temperature, dim=1)


def first_best_item(weights):
    """Index of the largest weight of each row; of equal ones, the first."""
    is_best = weights == weights.max(dim=1, keepdim=True).values
    position = torch.arange(weights.shape[1], device=weights.device)
    return torch.where(is_best, position, weights.shape[1]).min(dim=1).values


def shrink(weights, threshold, empty_row):
    """Hard shrinkage and renormalisation; returns the shrunk weights and which rows are empty."""
    if threshold is None:
        return weights, torch.zeros(weights.shape[0], dtype=torch.bool)
    above = weights - threshold
    shrunk = F.relu(above) * weights / (above.abs() + EPSILON)
    total = shrunk.sum(dim=1, keepdim=True)
    empty = total[:, 0] == 0
    shrunk = shrunk / total.clamp_min(EPSILON)
    if empty_row == "best":
        # A constant: no gradient reaches the weights of an empty row.
        best = F.one_hot(first_best_item(weights.detach()), weights.shape[1]).to(weights.dtype)
        shrunk = torch.where(empty[:, None], best, shrunk)
    elif empty_row != "zeros":
        raise ValueError(f"unknown policy for empty rows {empty_row!r}")
    return shrunk, empty


def entropy(weights):
    """Entropy of each row, with the value of `torch.special.entr`: [Q].

    `entr` itself cannot be used: its derivative at 0 is infinite, and shrinkage multiplies it by an
    exact 0, which gives NaN. Here a weight of 0 has no part in the sum, and so no gradient.
    """
    positive = weights > 0
    logarithm = torch.where(positive, weights, 1.0).log()
    return torch.where(positive, -weights * logarithm, 0.0).sum(dim=1)
