"""Makes the fixture that memory addressing is held to.

Writes crates/memae-core/tests/fixtures/addressing.safetensors (all tensors float64) and addressing.json
beside it (the settings of each case). The numbers come from PyTorch's autograd in float64.

Per case the file holds

    queries [Q, C]   memory [N, C]   probe [Q, C]
    weights [Q, N]   shrunk [Q, N]   read [Q, C]   entropy [Q]   loss [1]
    grad_queries [Q, C]   grad_memory [N, C]

with loss = sum(read * probe) + 0.37 * mean over rows of the entropy. The random probe makes every component
of the read count differently in the gradient, so that no transposed or misplaced term can cancel.

The inputs are drawn so that a float32 implementation can be asked for the same answers:

  - they are float32 numbers, so that converting them changes nothing;
  - every weight keeps its distance from the threshold, where the shrunk weight jumps;
  - no softmax is asked for in the range where rounding of a large similarity changes the weights.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from memory import addressing_weights, entropy, shrink, similarity

FIXTURES = Path(__file__).resolve().parents[2] / "crates" / "memae-core" / "tests" / "fixtures"
SEED = 20190402
ENTROPY_WEIGHT = 0.37

# (queries, items, width): no two equal within a shape, so that a transposed operand is an error and not a
# wrong number. Seven shapes over a list of cases in groups of six: every setting meets other shapes.
SHAPES = [(7, 5, 3), (11, 17, 3), (5, 7, 19), (7, 23, 3), (13, 5, 3), (3, 5, 29), (17, 5, 3)]

# Norms of the queries, taken in turn. Cosine similarity must not see them.
COSINE_NORMS = [1.0, 1e-3, 1e3, 1e-2, 1e2, 1e-1, 1e1]
# For the dot product they are in units of the temperature, since they act as one. 1e3 makes the softmax a
# one-hot row; the small ones make it almost uniform.
DOT_NORMS = [1.0, 1e-1, 1e3, 1e-2, 3e-1, 1e-3, 3.0]
# Almost uniform weights lie at 1/N, so a threshold of exactly 1/N allows no tiny queries.
DOT_NORMS_AT_ONE_NTH = [1.0, 0.3, 1e3, 2.0, 0.5, 3.0, 0.7]

THRESHOLD_MARGIN = 1e-2  # |w - t| / t of every weight, at least
BEST_MARGIN = 1e-4  # lead of the best item in an empty row, relative to its weight
LARGEST_LOGIT = 20.0  # above this, float32 rounding of the logit shows in the weight ...
SATURATED_LEAD = 40.0  # ... unless the best item leads by so much that the others are nothing
ACTIVE = 1e-30  # a weight above is active; below, float32 rounds it to 0 sooner or later ...
UNDERFLOWN = 1e-46  # ... and here for certain


def float32_numbers(array):
    return array.astype(np.float32).astype(np.float64)


def draw_memory(rng, case):
    memory = rng.standard_normal((case["items"], case["width"]))
    if case["zero_items"]:
        memory[case["zero_items"]] = 0.0
    return float32_numbers(memory)


def draw_query(rng, memory, norm):
    """A random direction, near one memory item, or between two, so that few items share the weight."""
    direction = rng.standard_normal(memory.shape[1])
    direction /= np.linalg.norm(direction)
    items = memory[rng.integers(len(memory), size=rng.integers(3))]
    for item in items[np.linalg.norm(items, axis=1) > 0]:
        direction = 0.3 * direction + item / np.linalg.norm(item)
    return float32_numbers(direction / np.linalg.norm(direction) * norm)


def is_well_conditioned(query, memory, case):
    """Whether float32 arithmetic has to come to the same weights, and to the same side of the threshold."""
    query, memory = torch.from_numpy(query)[None], torch.from_numpy(memory)
    logits = similarity(query, memory, case["similarity"])[0] / case["temperature"]
    weights = torch.softmax(logits, dim=0)
    lead = logits.sort().values.diff()[-1] if len(logits) > 1 else torch.tensor(np.inf)
    if logits.abs().max() > LARGEST_LOGIT and lead < SATURATED_LEAD:
        return False
    if ((weights > UNDERFLOWN) & (weights < ACTIVE)).any():
        return False
    threshold = case["threshold"]
    if threshold is None:
        return True
    if (weights - threshold).abs().min() < THRESHOLD_MARGIN * threshold:
        return False
    is_empty = bool((weights <= threshold).all())
    return not is_empty or bool(lead > BEST_MARGIN)


def typical_threshold(rng, case):
    """Half way between the best and the second-best weight of a typical query, whatever the similarity.

    At such a threshold some rows are empty and others keep more than one item.
    """
    memory = draw_memory(rng, case)
    queries = np.stack([draw_query(rng, memory, norm) for norm in case["norms"] * 29])
    weights = addressing_weights(
        torch.from_numpy(queries), torch.from_numpy(memory), case["similarity"], case["temperature"]
    )
    best_two = weights.topk(2, dim=1).values.median(dim=0).values
    return round(float(best_two.mean()), 3)


def draw_inputs(rng, case):
    """Memory and queries; None if this memory leaves no room for a well-conditioned query."""
    memory = draw_memory(rng, case)
    queries = np.zeros((case["queries"], case["width"]))
    for row in range(case["queries"]):
        if row in case["zero_queries"]:
            continue  # all weights are exactly 1/N, in float32 as well
        norm = case["norms"][row % len(case["norms"])]
        for _ in range(300):
            queries[row] = draw_query(rng, memory, norm)
            if is_well_conditioned(queries[row], memory, case):
                break
        else:
            return None
    return queries, memory


def compute(queries, memory, probe, case, dtype=torch.float64):
    """All tensors of the case, as NumPy arrays, and which rows are empty."""
    queries = torch.tensor(queries, dtype=dtype, requires_grad=True)
    memory = torch.tensor(memory, dtype=dtype, requires_grad=True)
    probe = torch.tensor(probe, dtype=dtype)
    weights = addressing_weights(queries, memory, case["similarity"], case["temperature"])
    shrunk, empty = shrink(weights, case["threshold"], case["empty_row"])
    read = shrunk @ memory
    entropies = entropy(shrunk)
    loss = (read * probe).sum() + ENTROPY_WEIGHT * entropies.mean()
    loss.backward()
    tensors = {
        "queries": queries,
        "memory": memory,
        "probe": probe,
        "weights": weights,
        "shrunk": shrunk,
        "read": read,
        "entropy": entropies,
        "loss": loss.reshape(1),
        "grad_queries": queries.grad,
        "grad_memory": memory.grad,
    }
    tensors = {name: tensor.detach().numpy() for name, tensor in tensors.items()}
    for name, array in tensors.items():
        assert np.isfinite(array).all(), f"{case['name']}.{name} is not finite"
    entr = torch.special.entr(shrunk.detach()).sum(dim=1).numpy()
    assert np.allclose(tensors["entropy"], entr, rtol=1e-6, atol=1e-12)
    return tensors, empty.numpy()


def largest_float32_error(exact, rounded, case):
    """Largest deviation of the float32 run, relative to the largest number of its row (or 0.1 if that is larger).

    With cosine similarity the gradient of a query goes with 1 / |z|, and so does its rounding error. It is
    compared times |z|, and not at all for zero vectors.
    """
    cosine = case["similarity"] == "cosine"
    norms = np.linalg.norm(exact["queries"], axis=1, keepdims=True)
    worst = 0.0
    for name in ("weights", "shrunk", "read", "entropy", "loss", "grad_queries", "grad_memory"):
        rows = exact[name].reshape(len(exact[name]), -1)
        deviations = np.abs(rounded[name].reshape(rows.shape) - rows)
        if cosine and name == "grad_queries":
            rows, deviations = rows * norms, deviations * norms
        if cosine and name == "grad_memory":
            deviations[case["zero_items"]] = 0.0
        relative = deviations / np.abs(rows).max(axis=1, keepdims=True).clip(min=0.1)
        worst = max(worst, relative.max())
    return worst


def settings():
    """The settings of all cases."""
    cases = []

    def add(name, kind, temperature, threshold, empty_row, shape=None, norms=None, **extra):
        queries, items, width = shape or SHAPES[len(cases) % len(SHAPES)]
        cases.append({
            "name": name,
            "similarity": kind,
            "temperature": temperature,
            "threshold": threshold(items) if callable(threshold) else threshold,
            "empty_row": empty_row,
            "queries": queries,
            "items": items,
            "width": width,
            "norms": norms or (COSINE_NORMS if kind == "cosine" else [n * temperature for n in DOT_NORMS]),
            "zero_queries": [],
            "zero_items": [],
            "accepts": lambda empty, active: True,
        } | extra)
        # Never item 0: in a row of equal weights the best item is the first, and its read must show.
        if extra.get("zero_items"):
            cases[-1]["zero_items"] = [items // 2]

    def has_mixtures(empty, active):
        return active.max() > 1

    def has_empty_rows(empty, active):
        return 0 < empty.sum() < len(empty)

    def has_both(empty, active):
        return has_empty_rows(empty, active) and has_mixtures(empty, active)

    for kind in ("cosine", "dot"):
        for temperature, tag in ((1.0, "t1"), (0.5, "t05"), (0.1, "t01")):
            name = f"{kind}_{tag}"
            zero = {"zero_queries": [1], "zero_items": True}
            add(f"{name}_off", kind, temperature, None, "zeros", **zero)
            # The largest weight is at least 1/N, so k = 1 has no empty rows; neither can it have a zero
            # query, whose weights would lie exactly on the threshold.
            norms = [n * temperature for n in DOT_NORMS_AT_ONE_NTH] if kind == "dot" else None
            add(f"{name}_k1", kind, temperature, lambda n: 1 / n, "zeros", norms=norms,
                accepts=has_mixtures)
            for empty_row in ("zeros", "best"):
                add(f"{name}_k2_{empty_row}", kind, temperature, lambda n: 2 / n, empty_row,
                    zero_queries=[1], accepts=has_empty_rows)
                add(f"{name}_abs_{empty_row}", kind, temperature, "typical", empty_row,
                    zero_items=True, accepts=has_both)

    for empty_row in ("zeros", "best"):
        add(f"all_rows_empty_{empty_row}", "cosine", 1.0, 0.95, empty_row, shape=(7, 5, 3))
    add("one_item", "cosine", 1.0, None, "zeros", shape=(3, 1, 2))
    add("one_query", "dot", 1.0, 0.0025, "zeros", shape=(1, 7, 3))
    return cases


def main():
    tensors, descriptions, worst = {}, [], (0.0, None)
    for index, case in enumerate(settings()):
        # One generator a case: a change to one case leaves the others as they are.
        rng = np.random.default_rng([SEED, index])
        if case["threshold"] == "typical":
            case["threshold"] = typical_threshold(rng, case)
        for _ in range(2000):
            inputs = draw_inputs(rng, case)
            if inputs is None:
                continue
            probe = float32_numbers(rng.standard_normal(inputs[0].shape))
            outputs, empty = compute(*inputs, probe, case)
            active = (outputs["shrunk"] > ACTIVE).sum(axis=1)
            if case["accepts"](empty, active):
                break
        else:
            raise SystemExit(f"no inputs found for {case['name']}")

        in_float32, empty_in_float32 = compute(*inputs, probe, case, torch.float32)
        assert (empty == empty_in_float32).all(), case["name"]
        assert (active == (in_float32["shrunk"] > 0).sum(axis=1)).all(), case["name"]
        error = largest_float32_error(outputs, in_float32, case)
        assert error < 2e-5, f"{case['name']} is too sensitive for float32: {error:.1e}"
        worst = max(worst, (error, case["name"]))

        for name, array in outputs.items():
            tensors[f"{case['name']}.{name}"] = np.ascontiguousarray(array)
        descriptions.append({
            "name": case["name"],
            "similarity": case["similarity"],
            "temperature": case["temperature"],
            "threshold": case["threshold"],
            "empty_row": case["empty_row"],
            "empty_rows": np.flatnonzero(empty).tolist(),
            "active_items_mean": float(active.mean()),
            # With cosine similarity, do not compare the gradients of these rows, only that they are
            # finite: they are some sum divided by 1e-12, and so is the rounding error of that sum.
            "zero_queries": case["zero_queries"],
            "zero_items": case["zero_items"],
        })

    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / "addressing.safetensors").write_bytes(save(tensors))
    lines = ",\n".join("  " + json.dumps(description) for description in descriptions)
    (FIXTURES / "addressing.json").write_text(f"[\n{lines}\n]\n")
    size = sum((FIXTURES / name).stat().st_size for name in ("addressing.safetensors", "addressing.json"))
    print(f"{len(descriptions)} cases, {size:,} bytes; largest float32 error {worst[0]:.1e} in {worst[1]}")


if __name__ == "__main__":
    main()
