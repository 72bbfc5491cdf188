"""A run as a program in NumPy alone, every derivative by hand, as the explanation names things."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.files.code import parts
from bpviz.files.code.account import Account
from bpviz.files.code.numpy_tables import (
    ACTIVATION_CODE,
    HELPERS,
    LOSS_CODE,
    OPTIMIZER_CODE,
    PENALTY_SLOPES,
)
from bpviz.files.code.text import MOST_NUMBERS, MOST_REMEMBERED, Beside, block, number, plain


def numpy_text(account: Account, beside: Beside) -> str:
    """Write the program; arrays that are too long for it go beside it."""
    sections = [
        parts.data(account, beside),
        _numbers(account, beside),
        *_functions(account),
        _forward(account),
        _loss(account),
        _backward(account),
        parts.rate(account),
        _update(account),
        parts.batches(account),
        _train(account),
    ]
    return parts.assembled(account, "NumPy", beside, sections)


def _numbers(account: Account, beside: Beside) -> str:
    """Weights and biases, what the optimizer remembers, what does not move, and the settings."""
    lines = ["# Weights are (targets, sources): W1 leads into layer 1, and so on; layer 0 is the input."]
    aside = account.parameters.size > MOST_NUMBERS
    captions = {each.name: _caption(account, each.source, each.target) for each in account.weights}
    lines += parts.named_arrays("parameters", account.cut(account.parameters), beside, aside, captions)
    optimizer = OPTIMIZER_CODE[account.rule.optimizer]
    for name, memory in zip(optimizer.memory, account.memory, strict=True):
        if memory.any():
            lines += parts.named_arrays(
                name, account.cut(memory), beside, account.memory.size > MOST_REMEMBERED
            )
        else:
            lines += [f"{name} = {{name: np.zeros_like(w) for name, w in parameters.items()}}"]
    if account.kills:
        lines += ["moves = {name: np.ones_like(w) for name, w in parameters.items()}"]
        lines += [f"moves[{name!r}] = {parts.array_code(mask, '')}" for name, mask in account.still.items()]
    elif account.still:
        lines += ["# 1 where a step moves a weight; 0 where nothing is connected, or it is frozen."]
        lines += parts.named_arrays("moves", account.still, beside, aside)
    options = account.options.items()
    lines += [f"{name.upper()} = {number(value)}" for name, value in options]
    return "\n".join(lines)


def _caption(account: Account, source: int, target: int) -> str:
    layers = account.plan.layers
    return plain(f"from {layers[source].name} to {layers[target].name}")


def _functions(account: Account) -> Iterator[str]:
    """Activations with their derivatives beside them, and those of layers that mix several."""
    used = dict.fromkeys(name for layer in account.plan.layers for name in layer.activations)
    fused = LOSSES[account.rule.loss].fused
    inside = {name for layer in account.plan.layers[:-1] for name in layer.activations}
    for helper in dict.fromkeys(need for name in used for need in ACTIVATION_CODE[name].needs):
        yield "\n".join(HELPERS[helper])
    for name in used:
        code = ACTIVATION_CODE[name]
        if code.value:
            yield f"def {name}(z):\n{block(code.value)}"
        if code.slope and (name in inside or not fused):
            yield f"def {name}_slope(z, a):\n{block(code.slope)}"
    for at in account.computed:
        if len(account.groups(at)) > 1:
            yield from _mixed(account, at)


def _mixed(account: Account, layer: int) -> Iterator[str]:
    lines = [f"a[:, {nodes}] = {name}(z[:, {nodes}])" for name, nodes in account.groups(layer).items()]
    yield f"def layer_{layer}(z):\n{block(['a = np.empty_like(z)', *lines, 'return a'])}"
    lines = [
        f"slope[:, {nodes}] = {name}_slope(z[:, {nodes}], a[:, {nodes}])"
        for name, nodes in account.groups(layer).items()
    ]
    if layer != account.computed[-1] or not LOSSES[account.rule.loss].fused:
        yield (
            f"def layer_{layer}_slope(z, a):\n{block(['slope = np.empty_like(z)', *lines, 'return slope'])}"
        )


def _function(account: Account, layer: int) -> str:
    found = list(account.groups(layer))
    return found[0] if len(found) == 1 else f"layer_{layer}"


def _forward(account: Account) -> str:
    lines = [
        '"""Compute z and a of each layer; what a row is answered is a[-1] of them."""',
        "w = parameters",
    ]
    lines += ["z, a = [x], [x]"]
    for at in account.computed:
        terms = [f'a[{each.source}] @ w["{each.name}"].T' for each in account.into(at)]
        whole = " + ".join([*terms, f'w["b{at}"]']) if terms else f'np.tile(w["b{at}"], (len(x), 1))'
        lines += [f"z.append({whole})", f"a.append({_function(account, at)}(z[{at}]))"]
    return f"def forward(x):\n{block([*lines, 'return z, a'])}"


def _loss(account: Account) -> str:
    about = f'"""{LOSSES[account.rule.loss].label} of each example."""'
    return f"def loss(z, a, y):\n{block([about, *LOSS_CODE[account.rule.loss].value])}"


def _backward(account: Account) -> str:
    last = account.computed[-1]
    slope = f"{_function(account, last)}_slope(z[{last}], a[{last}])"
    delta = LOSS_CODE[account.rule.loss].delta.format(slope=slope).replace("(a - y)", f"(a[{last}] - y)")
    delta = delta.replace("clip(a -", f"clip(a[{last}] -")
    delta = f"a[{last}] - y" if delta == "a - y" else delta
    lines = ['"""Carry the deltas back, and return the gradient of the mean loss."""']
    lines += ["w, m, delta = parameters, len(y), {}", f"delta[{last}] = {delta}"]
    for at in reversed(account.computed[:-1]):
        carried = [f'delta[{each.target}] @ w["{each.name}"]' for each in account.out_of(at)]
        ahead = " + ".join(carried) if carried else f"np.zeros_like(z[{at}])"
        lines += [f"delta[{at}] = {_function(account, at)}_slope(z[{at}], a[{at}]) * ({ahead})"]
    lines += ["return {"]
    lines += [
        f'    "{each.name}": delta[{each.target}].T @ a[{each.source}] / m,' for each in account.weights
    ]
    lines += [f'    "b{at}": delta[{at}].mean(axis=0),' for at in account.computed]
    return f"def backward(z, a, y):\n{block([*lines, '}'])}"


def _update(account: Account) -> str:
    """One step: penalty, what rests, clipping, optimizer."""
    rule, code = account.rule, OPTIMIZER_CODE[account.rule.optimizer]
    counted = ", count" if code.counts else ""
    entry = OPTIMIZERS[rule.optimizer]
    lines = [f'"""{entry.label}: {entry.formula}."""']
    if account.penalized and not account.penalized_after:
        lines += _penalty(account)
    if account.still or account.kills:
        lines += ["for name, mask in moves.items():", "    gradient[name] = gradient[name] * mask"]
    if rule.clip_norm is not None:
        lines += [
            "norm = math.sqrt(sum((g * g).sum() for g in gradient.values()))",
            f"if norm > {number(rule.clip_norm)}:  # clipped, all together",
            f"    gradient = {{name: g * ({number(rule.clip_norm)} / norm) for name, g in gradient.items()}}",
        ]
    lines += ["for name, g in gradient.items():", "    w = parameters[name]"]
    lines += [f"    {line}" for line in (*code.lines, *_after(account))]
    return f"def update(gradient, rate{counted}):\n{block([*lines, '    parameters[name] = new'])}"


def _penalty(account: Account) -> list[str]:
    rule = account.rule
    slope = PENALTY_SLOPES[rule.penalty].format(w="parameters[name]")
    return [
        f"for name in {weight_names(account)}:  # {PENALTIES[rule.penalty].label} penalty",
        f"    gradient[name] = gradient[name] + {number(rule.penalty_rate)} / {account.examples} * {slope}",
    ]


def weight_names(account: Account) -> str:
    """The names of all matrices, as a tuple in the program."""
    return f"({', '.join(repr(each.name).replace(chr(39), chr(34)) for each in account.weights)},)"


def _after(account: Account) -> Iterator[str]:
    """What happens to ``new`` after the optimizer: the Playground's penalty, and what rests stays."""
    rule = account.rule
    if account.kills:
        yield "rests = moves[name] == 0"
    if account.penalized_after:
        slope = PENALTY_SLOPES[rule.penalty].format(w="w")
        yield f"if name in {weight_names(account)}:  # {PENALTIES[rule.penalty].label}: a step of its own"
        if account.kills:
            yield f"    moved = new - rate * {number(rule.penalty_rate)} * {slope}"
            yield "    dies = new * moved < 0  # carried across 0: it is 0 for good"
            yield "    moves[name][dies] = 0"
            yield "    new = np.where(dies, 0, moved)"
        else:
            yield f"    new = new - rate * {number(rule.penalty_rate)} * {slope}"
    if account.kills:
        yield "new = np.where(rests, w, new)"
    elif account.restores:
        yield "if name in moves:  # what is frozen stays, whatever the optimizer remembers"
        yield "    new = np.where(moves[name] == 1, new, w)"


def _train(account: Account) -> str:
    code = OPTIMIZER_CODE[account.rule.optimizer]
    chosen = ("x", "y") if account.whole else ("x[rows]", "y[rows]")
    rate = (
        number(account.training.learning_rate)
        if account.steady
        else f"learning_rate({parts.plus(parts.first_step(account))}step)"
    )
    counted = f", count={parts.plus(account.count + 1)}step" if code.counts else ""
    body = [
        f"z, a = forward({chosen[0]})",
        f"losses.append(float(loss(z[-1], a[-1], {chosen[1]}).mean()))",
        f"update(backward(z, a, {chosen[1]}), rate={rate}{counted})",
    ]
    return parts.train(body, account, counter="step" if "step" in "".join(body) else "_")
