"""A run as a program for PyTorch: a module, its optimizer, a schedule, and the batches of bpviz."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.files.code import parts
from bpviz.files.code.account import Account
from bpviz.files.code.text import MOST_NUMBERS, MOST_REMEMBERED, Beside, block, number, plain
from bpviz.files.code.torch_tables import ACTIVATION_CODE, LOSS_CODE, OPTIMIZER_CODE, PENALTY_COSTS

_IMPORTS: Final = {"import torch": "", "import torch.nn.functional as F": "F.", "from torch import nn": ""}


def torch_text(account: Account, beside: Beside) -> str:
    """Write the program; arrays that are too long for it go beside it."""
    sections = [
        "torch.set_default_dtype(torch.float64)",
        f"{parts.data(account, beside)}\nx, y = torch.from_numpy(x), torch.from_numpy(y)",
        *_mixed(account),
        _module(account),
        _model(account, beside),
        _loss(account),
        parts.rate(account, share=True),
        _optimizer(account, beside),
        parts.batches(account),
        _train(account),
    ]
    return parts.assembled(account, "PyTorch", beside, sections, _IMPORTS)


def keys(account: Account) -> dict[str, str]:
    """Of each matrix and bias its name in the module's state."""
    found = {each.name: f"{parts.module_name(account, each)}.weight" for each in account.weights}
    return found | {
        f"b{at}": f"layer_{at}.bias" if account.into(at) else f"bias_{at}" for at in account.computed
    }


def _mixed(account: Account) -> Iterator[str]:
    for at in account.computed:
        found = account.groups(at)
        if len(found) > 1:
            lines = ["a = torch.empty_like(z)"]
            for name, nodes in found.items():
                code = ACTIVATION_CODE[name].format(z=f"z[:, {nodes}]")
                lines += [f"a[:, {nodes}] = {code}"]
            yield f"def activate_{at}(z):\n{block([*lines, 'return a'])}"


def _module(account: Account) -> str:
    made, passed = ["super().__init__()"], ["a0 = x"]
    layers = account.plan.layers
    fused, last = LOSSES[account.rule.loss].fused, account.computed[-1]
    for at in account.computed:
        size = layers[at].size
        for each in account.into(at):
            name = parts.module_name(account, each)
            bias = ", bias=False" if "_from_" in name else ""
            about = plain(f"from {layers[each.source].name} to {layers[at].name}")
            made += [f"self.{name} = nn.Linear({layers[each.source].size}, {size}{bias})  # {about}"]
        terms = [f"self.{parts.module_name(account, each)}(a{each.source})" for each in account.into(at)]
        if not terms:  # a layer that no link enters: its biases alone
            made += [f"self.bias_{at} = nn.Parameter(torch.zeros({size}))"]
            terms = [f"self.bias_{at}.expand(len(x), -1)"]
        z = " + ".join(terms)
        found = account.groups(at)
        if at == last and fused:
            passed += [f"return {z}  # what the outputs sum up; the loss has their activation in it"]
        elif len(found) > 1:
            passed += [f"a{at} = activate_{at}({z})"]
        else:
            code = ACTIVATION_CODE[next(iter(found))]
            if code.count("{z}") > 1:
                passed += [f"z{at} = {z}"]
                z = f"z{at}"
            passed += [f"a{at} = {code.format(z=z)}"]
    passed += [] if fused else [f"return a{last}"]
    methods = [f"def __init__(self):\n{block(made, 2)}", f"def forward(self, x):\n{block(passed, 2)}"]
    body = "\n\n".join(f"    {method}" for method in methods)
    return f'class Network(nn.Module):\n    """{account.sizes}."""\n\n{body}'


def _model(account: Account, beside: Beside) -> str:
    named, aside = keys(account), account.parameters.size > MOST_NUMBERS
    weights = {named[name]: array for name, array in account.cut(account.parameters).items()}
    lines = list(parts.named_arrays("weights", weights, beside, aside))
    lines += ["model = Network()"]
    lines += ["model.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})"]
    if account.kills:
        lines += ["moves = {name: torch.ones_like(w) for name, w in model.named_parameters()}"]
        still = {named[name]: mask for name, mask in account.still.items()}
        if still:
            lines += [*parts.named_arrays("still", still, beside, aside)]
            lines += ["moves |= {name: torch.tensor(mask) for name, mask in still.items()}"]
    elif account.still:
        lines += ["# 1 where a step moves a weight; 0 where nothing is connected, or it is frozen."]
        still = {named[name]: mask for name, mask in account.still.items()}
        lines += [*parts.named_arrays("moves", still, beside, aside)]
        lines += ["moves = {name: torch.tensor(mask) for name, mask in moves.items()}"]
    if account.kills or account.still:
        lines += ["for name in moves:"]
        lines += ["    hook = lambda gradient, name=name: gradient * moves[name]  # noqa: E731"]
        lines += ["    model.get_parameter(name).register_hook(hook)"]
    return "\n".join(lines)


def _loss(account: Account) -> str:
    about = f'"""{LOSSES[account.rule.loss].label}, mean of the batch."""'
    section = f"def loss(answer, y):\n{block([about, f'return {LOSS_CODE[account.rule.loss]}'])}"
    rule = account.rule
    if account.penalized and not account.penalized_after:
        own = ", ".join(f"model.{parts.module_name(account, each)}.weight" for each in account.weights)
        code = PENALTY_COSTS[rule.penalty].format(
            rate=number(rule.penalty_rate), examples=account.examples, weights=f"({own},)"
        )
        about = f'"""{PENALTIES[rule.penalty].label} of the weights, divided by all examples."""'
        section += f"\n\n\ndef penalty():\n{block([about, f'return {code}'])}"
    return section


def _optimizer(account: Account, beside: Beside) -> str:
    rule, code = account.rule, OPTIMIZER_CODE[account.rule.optimizer]
    options = {name: number(value) for name, value in account.options.items()}
    given = code.options.format(**options)
    forgets = account.options.get("momentum") == 0  # torch refuses Nesterov's method without momentum
    rate = f"lr={number(account.training.learning_rate)}"
    inside = ", ".join(["model.parameters()", rate, *([given] if given and not forgets else [])])
    lines = [
        f"# {OPTIMIZERS[rule.optimizer].label}: {OPTIMIZERS[rule.optimizer].formula}",
        f"optimizer = torch.optim.{code.name}({inside})",
    ]
    if account.count and code.memory and not forgets:
        named, aside = keys(account), account.memory.size > MOST_REMEMBERED
        for name, memory in zip(code.memory, account.memory, strict=True):
            arrays = {named[key]: array for key, array in account.cut(memory).items()}
            lines += parts.named_arrays(f"{name}s", arrays, beside, aside)
        kept = [f'"{name}": torch.tensor({name}s[key], dtype=torch.float64)' for name in code.memory]
        steps = [f'"step": torch.tensor({account.count}.0, dtype=torch.float32)'] if code.counts else []
        lines += ["for key, parameter in model.named_parameters():  # what it remembers"]
        lines += ["    optimizer.state[parameter] = {"]
        lines += [f"        {entry}," for entry in (*steps, *kept)]
        lines += ["    }"]
    if not account.steady:
        first = parts.first_step(account)
        done = f"lambda done: rate_share({first} + done)" if first else "rate_share"
        lines += [f"scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, {done})"]
    return "\n".join(lines)


def _train(account: Account) -> str:
    rows = "" if account.whole else "[rows]"
    own = account.penalized and not account.penalized_after
    body = []
    if all(account.out_of(at) for at in account.computed[:-1]):
        body += ["optimizer.zero_grad()"]
    else:
        body += ["for w in model.parameters():  # some lead nowhere, and get no gradient"]
        body += ["    w.grad = torch.zeros_like(w)"]
    body += [f"value = loss(model(x{rows}), y{rows})"]
    body += ["(value + penalty()).backward()" if own else "value.backward()"]
    body += [*_clipping(account), *_stepping(account)]
    body += [] if account.steady else ["scheduler.step()"]
    body += ["losses.append(value.item())"]
    return parts.train(body, account)


def _clipping(account: Account) -> Iterator[str]:
    if account.rule.clip_norm is None:
        return
    largest = number(account.rule.clip_norm)
    yield "gradients = [w.grad for w in model.parameters()]"
    yield "norm = torch.sqrt(sum((g * g).sum() for g in gradients))"
    yield f"if norm > {largest}:  # clip_grad_norm_ would add 1e-6 to the norm"
    yield "    for g in gradients:"
    yield f"        g.mul_({largest} / norm)"


def _stepping(account: Account) -> Iterator[str]:
    """The optimizer's step, and what happens after it: the Playground's penalty; what rests stays."""
    rule = account.rule
    after = account.penalized_after
    if not after and not account.restores:
        yield "optimizer.step()"
        return
    yield "before = {name: w.detach().clone() for name, w in model.named_parameters()}"
    yield "optimizer.step()"
    yield "with torch.no_grad():"
    yield "    for name, w in model.named_parameters():"
    if account.kills:
        yield "        rests = moves[name] == 0"
    if after:
        slope = "before[name].sign()" if "l1" in rule.penalty else "before[name]"
        yield f'        if name.endswith("weight"):  # {PENALTIES[rule.penalty].label}: a step of its own'
        yield f'            rate = {number(rule.penalty_rate)} * optimizer.param_groups[0]["lr"]'
        yield f"            moved = w - rate * {slope}"
        if account.kills:
            yield "            dies = w * moved < 0  # carried across 0: it is 0 for good"
            yield "            moves[name][dies] = 0"
            yield "            moved[dies] = 0"
        yield "            w.copy_(moved)"
    if account.kills:
        yield "        w[rests] = before[name][rests]"
    elif account.restores:
        yield "        if name in moves:  # what is frozen stays, whatever the optimizer remembers"
        yield "            w.copy_(torch.where(moves[name] == 1, w, before[name]))"
