"""Times dense optical flow beside OpenCV's, and measures how far each is from the truth.

The frames are drawn here: textured discs that move by parts of a pixel over a textured ground. Every method takes the same
frames, one thread each, in turn. Only numpy and opencv-python-headless are needed.

    python benches/compare_flow.py [--ours target/release/examples/flow] [--rounds 3]

Ours is `cargo build --release -p memae-data --example flow`. Each result is printed once for people, in a table, and once as
a line of JSON. The error is the end-point error: the mean distance between a vector of flow and the true one, in pixels, of
all pixels and of those that move, without a margin of 16 pixels and without pixels that are covered in the next frame.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

MARGIN = 16


# --- the scene ----------------------------------------------------------------------------------------------


def texture(generator, length):
    """Waves of this many pixels and up to eight times as long, the longer the stronger, as a function of places."""
    angle, phase = generator.uniform(0, 2 * np.pi, (2, 24))
    longer = 8 ** ((np.arange(24) + generator.uniform(0, 1, 24)) / 24)
    number, size = 2 * np.pi / (length * longer), 0.03 * longer**0.5

    def at(x, y):
        waves = np.cos(angle) * x[..., None] + np.sin(angle) * y[..., None]
        return np.clip(0.5 + (size * np.sin(number * waves + phase)).sum(-1), 0.1, 0.9)

    return at


def draw(height, width, frames, discs, noise, seed):
    """Frames, `[frames, height, width]`, and the true flow with the pixels that it is known of, `[frames - 1, ...]`."""
    generator = np.random.default_rng(seed)
    ground = texture(generator, 9)
    moving = [
        (
            generator.uniform([0, 0], [width, height]),
            generator.uniform(8, 30),
            generator.uniform(0.3, 6) * np.array([np.cos(turn), np.sin(turn)]),
            texture(generator, 7),
        )
        for turn in generator.uniform(0, 2 * np.pi, discs)
    ]
    fine = 4
    y, x = (np.mgrid[: height * fine, : width * fine] + 0.5) / fine - 0.5
    levels, flows, known = [], [], []
    rows, columns = np.mgrid[:height, :width].astype(float)
    owner_before = None
    for frame in range(frames):
        picture = ground(x, y)
        owner = np.full((height, width), -1)
        for number, (start, radius, motion, own) in enumerate(moving):
            middle = start + frame * motion
            inside = np.hypot(x - middle[0], y - middle[1]) <= radius
            picture[inside] = own(x[inside] - middle[0], y[inside] - middle[1])
            owner[np.hypot(columns - middle[0], rows - middle[1]) <= radius] = number
        picture = picture.reshape(height, fine, width, fine).mean((1, 3)) * 255
        picture += generator.normal(0, noise, picture.shape)
        levels.append(np.clip(np.rint(picture), 0, 255).astype(np.uint8))
        if owner_before is not None:
            flows.append(flow)
            known.append(seen(owner_before, owner, flow))
        motions = np.array([motion for _, _, motion, _ in moving] + [np.zeros(2)])
        flow, owner_before = motions[owner], owner
    return np.stack(levels), np.stack(flows), np.stack(known)


def seen(before, after, flow):
    """Whether what is at a pixel is still there to be seen in the next frame."""
    height, width = before.shape
    rows, columns = np.mgrid[:height, :width]
    x = np.rint(columns + flow[..., 0]).astype(int)
    y = np.rint(rows + flow[..., 1]).astype(int)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    same = after[y.clip(0, height - 1), x.clip(0, width - 1)] == before
    inner = (columns >= MARGIN) & (columns < width - MARGIN) & (rows >= MARGIN) & (rows < height - MARGIN)
    return inside & same & inner


# --- the methods --------------------------------------------------------------------------------------------


def farneback(earlier, later):
    return cv2.calcOpticalFlowFarneback(earlier, later, None, 0.5, 4, 13, 2, 5, 1.1, 0)


def pyramidal_lucas_kanade(step):
    """Lucas and Kanade for the points of a grid, linear between them."""

    def estimate(earlier, later):
        height, width = earlier.shape
        rows, columns = np.mgrid[step // 2 : height : step, step // 2 : width : step]
        points = np.stack([columns, rows], -1).astype(np.float32)
        criteria = (cv2.TERM_CRITERIA_COUNT, 2, 0)
        found, status, _ = cv2.calcOpticalFlowPyrLK(
            earlier, later, points.reshape(-1, 1, 2), None, winSize=(7, 7), maxLevel=3, criteria=criteria
        )
        flow = (found.reshape(points.shape) - points) * status.reshape(points.shape[:2] + (1,))
        return flow if step == 1 else cv2.resize(flow, (width, height))

    return estimate


def inverse_search(preset):
    dis = cv2.DISOpticalFlow_create(preset)
    return lambda earlier, later: dis.calc(earlier, later, None)


METHODS = {
    "Farneback": farneback,
    "PyrLK, every pixel": pyramidal_lucas_kanade(1),
    "PyrLK, every other": pyramidal_lucas_kanade(2),
    "DIS, fast": inverse_search(cv2.DISOPTICAL_FLOW_PRESET_FAST),
}


def theirs(name, frames):
    method, flows, seconds = METHODS[name], [], []
    for earlier, later in zip(frames, frames[1:]):
        start = time.perf_counter()
        flow = method(earlier, later)
        seconds.append(time.perf_counter() - start)
        flows.append(flow)
    return np.stack(flows), (statistics.median(seconds), min(seconds))


def ours(program, folder, queries=False):
    out = folder / "flow.npy"
    command = [program, folder / "frames.npy", "--rounds", "1"] + (["--queries"] if queries else ["--out", out])
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return None if queries else np.load(out).transpose(0, 2, 3, 1), (report["median_s"], report["min_s"])


def errors(flow, truth, known):
    distance = np.linalg.norm(flow - truth, axis=-1)
    moves = known & (np.linalg.norm(truth, axis=-1) > 0)
    return distance[known].mean(), distance[moves].mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default="target/release/examples/flow", type=Path)
    parser.add_argument("--height", default=240, type=int)
    parser.add_argument("--width", default=360, type=int)
    parser.add_argument("--frames", default=24, type=int)
    parser.add_argument("--discs", default=14, type=int)
    parser.add_argument("--noise", default=2.0, type=float, help="standard deviation, in grey levels")
    parser.add_argument("--seed", default=0, type=int)
    parser.add_argument("--rounds", default=3, type=int)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    sizes = (arguments.height, arguments.width, arguments.frames, arguments.discs, arguments.noise, arguments.seed)
    frames, truth, known = draw(*sizes)

    seconds, found = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        np.save(folder / "frames.npy", frames)
        for _ in range(arguments.rounds):
            runs = {name: lambda name=name: theirs(name, frames) for name in METHODS}
            runs |= {"memae": lambda: ours(arguments.ours, folder)}
            runs |= {"memae, queries": lambda: ours(arguments.ours, folder, queries=True)}
            for name, run in runs.items():
                found[name], took = run()
                seconds.setdefault(name, []).append(took)

    # A machine that others use, too, delays now one and now the other: the quickest frame is the fairer figure there.
    times = {name: (statistics.median(m for m, _ in took), min(b for _, b in took)) for name, took in seconds.items()}
    print(f"{'method':<20} {'ms, median':>10} {'ratio':>6} {'ms, best':>10} {'ratio':>6} {'error':>7} {'moving':>7}")
    for name, flow in found.items():
        median, best = times[name]
        ratios = [own / other for own, other in zip(times[name], times["memae"])]
        every, moving = (None, None) if flow is None else map(float, errors(flow, truth, known))
        shown = "" if flow is None else f"{every:7.3f} {moving:7.3f}"
        print(f"{name:<20} {1e3 * median:10.2f} {ratios[0]:6.2f} {1e3 * best:10.2f} {ratios[1]:6.2f} {shown}")
        result = {
            "bench": "flow",
            "implementation": name if name.startswith("memae") else f"opencv {cv2.__version__}, {name}",
            "size": [arguments.height, arguments.width],
            "frames": arguments.frames,
            "noise": arguments.noise,
            "threads": 1,
            "median_s": median,
            "min_s": best,
            "error": every,
            "error_moving": moving,
        }
        print(json.dumps(result))
    still = float(np.linalg.norm(truth, axis=-1)[known].mean())
    print(f"no flow at all: error {still:.3f}")


if __name__ == "__main__":
    main()
