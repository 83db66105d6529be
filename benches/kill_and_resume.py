"""Kills a training again and again, goes on with it, and compares what comes of it with a run that was left alone.

    python benches/kill_and_resume.py [--kills 5] [--seed 0] -- target/release/examples/mnist_digit9 --data DIR --epochs 4 --out {out}

`{out}` stands for the folder of a run; `--resume` is added where a run goes on. Each kill is a SIGKILL at a random moment. Compared are every
figure of every epoch of all trainings below the folder (`run.json`), and the weights of every detector (`*.safetensors`), to the last bit.
Checksums of checkpoints are not: they hold names of tensors that are drawn anew by each process. Exits with 1 if anything differs.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path


def found(folder):
    """What a run left, by name: figures and files of its accounts, and its detectors."""
    left = {}
    for path in sorted(folder.rglob("run.json")):
        account = json.loads(path.read_text())
        left[str(path.relative_to(folder))] = account["history"]
    for path in sorted(folder.rglob("*.safetensors")):
        length = int.from_bytes(path.read_bytes()[:8], "little")
        left[str(path.relative_to(folder))] = path.read_bytes()[8 + length :]
    return left


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", default=5, type=int)
    parser.add_argument("--seed", default=0, type=int)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    words = [word for word in arguments.command if word != "--"]
    draws = random.Random(arguments.seed)

    def run(out, more=(), seconds=None):
        command = [word.replace("{out}", str(out)) for word in words] + list(more)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        return code, time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        code, seconds = run(whole)
        assert code == 0, f"the run that is left alone ended with {code}"
        moments = []
        while len(moments) < arguments.kills:
            moment = draws.uniform(0, 0.5 * seconds)
            code, _ = run(broken, ["--resume"], moment)
            if code == 0:
                # It got to its end, with fewer kills than were asked for.
                break
            moments.append(round(moment, 2))
        code, last = run(broken, ["--resume"])
        assert code == 0, f"the last run ended with {code}"
        ours, theirs = found(broken), found(whole)
    differing = [name for name in sorted(ours | theirs) if ours.get(name) != theirs.get(name)]
    epochs = sum(len(left["epochs"]) for name, left in theirs.items() if name.endswith("run.json"))
    print(f"left alone: {seconds:.1f} s; killed after {', '.join(map(str, moments))} s, {last:.1f} s more to the end")
    print(f"{len(theirs)} accounts and detectors, figures of {epochs} epochs: {len(differing)} differ {differing or ''}")
    result = {"bench": "kill_and_resume", "kills": len(moments), "compared": len(theirs), "epochs": epochs, "differ": differing}
    print(json.dumps(result))
    raise SystemExit(bool(differing) or len(moments) < arguments.kills)


if __name__ == "__main__":
    main()
