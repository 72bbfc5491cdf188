"""A run as a program for Keras, whatever it computes with: a functional model trained batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.files.code import parts
from bpviz.files.code.account import Account
from bpviz.files.code.keras_tables import ACTIVATION_CODE, LOSS_CODE, OPTIMIZER_CODE, REGULARIZERS
from bpviz.files.code.text import MOST_NUMBERS, MOST_REMEMBERED, Beside, block, number, plain

_IMPORTS: Final = {"import keras": "", "from keras import ops": "ops."}


def keras_text(account: Account, beside: Beside) -> str:
    """Write the program; arrays that are too long for it go beside it."""
    sections = [
        'keras.config.set_floatx("float64")',
        parts.data(account, beside),
        *_mixed(account),
        _model(account),
        _weights(account, beside),
        _loss(account),
        parts.rate(account),
        _optimizer(account),
        _ready(account, beside),
        parts.batches(account),
        _train(account),
    ]
    return parts.assembled(account, "Keras", beside, sections, _IMPORTS)


def _paths(account: Account, vector: Array, *, alone: float = 0.0) -> dict[str, Array]:
    """Cut a vector over all parameters by the names of Keras' variables; kernels are (sources, targets).

    Args:
        account: Of the run.
        vector: (parameters,).
        alone: What stands in the kernel of a layer that no link enters.
    """
    cut, found = account.cut(vector), dict[str, Array]()
    for at in account.computed:
        for each in account.into(at):
            found[f"{parts.module_name(account, each)}/kernel"] = cut[each.name].T
        if not account.into(at):
            shape = (account.plan.layers[0].size, account.plan.layers[at].size)
            found[f"layer_{at}/kernel"] = np.full(shape, alone)
        found[f"layer_{at}/bias"] = cut[f"b{at}"]
    return found


def _mixed(account: Account) -> Iterator[str]:
    for at in account.computed:
        found = account.groups(at)
        if len(found) > 1:
            lines = ["a = z"]
            for name, nodes in found.items():
                here = [float(node in nodes) for node in range(account.plan.layers[at].size)]
                chosen = f"np.array({[value == 1 for value in here]})"
                lines += [f"a = ops.where({chosen}, keras.activations.get({ACTIVATION_CODE[name]})(z), a)"]
            yield f"def activate_{at}(z):\n{block([*lines, 'return a'])}"


def _model(account: Account) -> str:
    layers, last = account.plan.layers, account.computed[-1]
    rule = account.rule
    lines = [f"a0 = keras.Input(({layers[0].size},))"]
    penalty = REGULARIZERS[rule.penalty] if account.penalized else ""
    if penalty:
        code = penalty.format(rate=number(rule.penalty_rate), examples=account.examples)
        lines.insert(0, f"penalty = {code}  # of weights alone, divided by all examples")
    given = ", kernel_regularizer=penalty" if penalty else ""
    for at in account.computed:
        fused = at == last and LOSSES[rule.loss].fused
        found = account.groups(at)
        function = f"activate_{at}" if len(found) > 1 else ACTIVATION_CODE[next(iter(found))]
        names = [(parts.module_name(account, each), each.source) for each in account.into(at)]
        names = names or [(f"layer_{at}", 0)]
        terms = []
        for name, source in names:
            bias = ", use_bias=False" if "_from_" in name else ""
            own = (
                f", activation={function}" if len(names) == 1 and not fused and function != '"linear"' else ""
            )
            terms += [f'keras.layers.Dense({layers[at].size}{own}{bias}{given}, name="{name}")(a{source})']
        if len(terms) == 1:
            lines += [f"a{at} = {terms[0]}  # {plain(layers[at].name)}"]
        else:
            lines += [f"z{at} = keras.layers.add([", *(f"    {term}," for term in terms), "])"]
            after = f"z{at}" if fused else f"keras.layers.Activation({function})(z{at})"
            lines += [f"a{at} = {after}  # {plain(layers[at].name)}"]
    for at in account.computed[:-1]:
        if not account.out_of(at):
            lines += [f"a{last} = a{last} + 0 * ops.sum(a{at}, axis=1, keepdims=True)  # it leads nowhere"]
    lines += [f"model = keras.Model(a0, a{last})"]
    if LOSSES[rule.loss].fused:
        lines += ["# It answers what the outputs sum up; the loss has their activation in it."]
    return "\n".join(lines)


def _weights(account: Account, beside: Beside) -> str:
    aside = account.parameters.size > MOST_NUMBERS
    lines = ["# Kernels are (sources, targets)."]
    lines += parts.named_arrays("weights", _paths(account, account.parameters), beside, aside)
    lines += ["for variable in model.trainable_variables:", "    variable.assign(weights[variable.path])"]
    moves = _paths(account, account.moving.astype(np.float64))
    still = moves if account.kills else {name: part for name, part in moves.items() if not part.all()}
    if still:
        lines += ["", "# 1 where a step moves a weight; 0 where nothing is connected, or it is frozen."]
        lines += parts.named_arrays("moves", still, beside, aside)
        lines += ["moves = {path: keras.Variable(mask, trainable=False) for path, mask in moves.items()}"]
    return "\n".join(lines)


def _rests(account: Account) -> bool:
    return account.kills or not account.moving.all() or not all(map(account.into, account.computed))


def _loss(account: Account) -> str:
    about = f'"""{LOSSES[account.rule.loss].label} of each example."""'
    tensor = ["y = ops.convert_to_tensor(y)"] if _costs(account) else []
    return f"def loss(y, answer):\n{block([about, *tensor, *LOSS_CODE[account.rule.loss]])}"


def _costs(account: Account) -> bool:
    """Whether what Keras calls the loss has a penalty in it, so that the loss has to be a metric too."""
    return account.penalized and bool(REGULARIZERS[account.rule.penalty])


def _optimizer(account: Account) -> str:
    """The class of the optimizer; nothing where that of Keras does the same."""
    rule, code = account.rule, OPTIMIZER_CODE[account.rule.optimizer]
    apply = list(_apply(account))
    entry = OPTIMIZERS[rule.optimizer]
    if not code.lines and not apply:
        return ""
    base = "Optimizer" if code.lines else "SGD"
    lines = [f"{name.upper()} = {number(value)}" for name, value in account.options.items()]
    lines += ["", ""] if lines else []
    lines += [f"class Own(keras.optimizers.{base}):"]
    lines += [f'    """{entry.label}: {entry.formula}."""']
    if code.lines:
        lines += ["", "    def build(self, variables):", "        super().build(variables)"]
        for name in code.memory:
            made = f'{{v.path: self.add_variable_from_reference(v, "{name}") for v in variables}}'
            lines += [f"        self.{name} = {made}"]
        lines += [
            "",
            "    def update_step(self, g, variable, rate):",
            "        w = ops.convert_to_tensor(variable)",
        ]
        lines += [f"        {name} = self.{name}[variable.path] + 0" for name in code.memory]
        if code.counts:
            counted = parts.plus(account.count + 1)
            lines += [f'        count = {counted}ops.cast(self.iterations, "float64")']
        lines += [f"        {line}" for line in code.lines]
        lines += [f"        self.{name}[variable.path].assign({name})" for name in code.memory]
        lines += ["        variable.assign(w)"]
    if apply:
        lines += ["", "    def apply(self, gradients, variables):", *(f"        {line}" for line in apply)]
    return "\n".join(lines)


def _apply(account: Account) -> Iterator[str]:
    """Lines around the optimizer's step; none where nothing is to be done."""
    rule = account.rule
    after = account.penalized_after
    if not (_rests(account) or rule.clip_norm is not None or after):
        return
    if _rests(account):
        yield "pairs = zip(gradients, variables)"
        yield "gradients = [g * moves[v.path] if v.path in moves else g for g, v in pairs]"
    if rule.clip_norm is not None:
        yield "norm = ops.sqrt(sum(ops.sum(g * g) for g in gradients))"
        yield f"scale = ops.minimum(1.0, {number(rule.clip_norm)} / norm) if norm > 0 else 1.0"
        yield "gradients = [g * scale for g in gradients]  # clipped, all together"
    if after or account.restores or account.kills:
        yield "before = {v.path: ops.copy(ops.convert_to_tensor(v)) for v in variables}"
    yield "super().apply(gradients, variables)"
    if after or account.restores or account.kills:
        yield "for v in variables:"
        yield from (f"    {line}" for line in _after(account, after=after))


def _after(account: Account, *, after: bool) -> Iterator[str]:
    rule = account.rule
    yield "w, old = ops.convert_to_tensor(v), before[v.path]"
    if account.kills:
        yield "rests = moves[v.path] == 0"
    if after:
        slope = "ops.sign(old)" if "l1" in rule.penalty else "old"
        yield f'if v.path.endswith("kernel"):  # {PENALTIES[rule.penalty].label}: a step of its own'
        yield f"    moved = w - self.learning_rate * {number(rule.penalty_rate)} * {slope}"
        if account.kills:
            yield "    dies = w * moved < 0  # carried across 0: it is 0 for good"
            yield "    moves[v.path].assign(ops.where(dies, 0.0, moves[v.path]))"
            yield "    moved = ops.where(dies, 0.0, moved)"
        yield "    w = moved"
    if account.kills:
        yield "w = ops.where(rests, old, w)"
    elif account.restores:
        yield "if v.path in moves:  # what is frozen stays, whatever the optimizer remembers"
        yield "    w = ops.where(moves[v.path] == 1, w, old)"
    yield "v.assign(w)"


def _ready(account: Account, beside: Beside) -> str:
    code = OPTIMIZER_CODE[account.rule.optimizer]
    own = "Own" if _optimizer(account) else "keras.optimizers.SGD"
    lines = [f"optimizer = {own}(learning_rate={number(account.training.learning_rate)})"]
    if account.count and code.memory:
        lines += ["optimizer.build(model.trainable_variables)"]
        for name, memory in zip(code.memory, account.memory, strict=True):
            aside = account.memory.size > MOST_REMEMBERED
            lines += parts.named_arrays(name, _paths(account, memory), beside, aside)
            lines += [f"for path, values in {name}.items():  # what it remembers"]
            lines += [f"    optimizer.{name}[path].assign(values)"]
    metric = ", metrics=[loss]" if _costs(account) else ""
    lines += [f"model.compile(optimizer=optimizer, loss=loss{metric})"]
    return "\n".join(lines)


def _train(account: Account) -> str:
    rows = "" if account.whole else "[rows]"
    body = []
    if not account.steady:
        first = parts.plus(parts.first_step(account))
        body += [f"optimizer.learning_rate = learning_rate({first}step)"]
    if _costs(account):
        body += [f"_, value = model.train_on_batch(x{rows}, y{rows})  # the first has the penalty in it"]
    else:
        body += [f"value = model.train_on_batch(x{rows}, y{rows})"]
    body += ["losses.append(float(value))"]
    return parts.train(body, account, counter="_" if account.steady else "step")
