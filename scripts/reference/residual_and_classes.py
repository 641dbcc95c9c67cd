#!/usr/bin/env python3
"""Training steps of a residual autoencoder, a classifier and a network with one layer in two places in PyTorch: the values in programs.json.

  residual_and_classes.py > core/src/test/resources/org/gradus/programs.json

Start values and data are float32, written exactly. Everything computed from them is computed in float64, so that its own rounding
does not matter. Each case has the state dict before, the loss and the gradients of the first step, and the losses and the state dict
after all steps of plain SGD, whose steps are as large as its gradients, so that a wrong gradient shows.
"""
import json
from collections import OrderedDict
import torch
from torch import nn, optim

STEPS = 5


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def numbers(t):
    return [float(v) for v in t.detach().reshape(-1)]


def state(net):
    return {name: {"shape": list(t.shape), "data": numbers(t)} for name, t in net.state_dict().items()}


def case(name, net, loss, x, y):
    start = state(net)
    text = str(net)
    net, x = net.double(), x.double()
    y = x if y is None else y
    y = y.double() if y.is_floating_point() else y
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    losses = []
    for step in range(STEPS):
        value = loss(net(x), y)
        optimizer.zero_grad()
        value.backward()
        if step == 0:
            grads = {n: numbers(p.grad) for n, p in net.named_parameters()}
        optimizer.step()
        losses.append(float(value))
    return {"name": name, "text": text, "x": {"shape": list(x.shape), "data": numbers(x)},
            "y": {"shape": list(y.shape), "data": [float(v) for v in y.reshape(-1)]},
            "start": start, "grads": grads, "losses": losses, "after": state(net)}


torch.manual_seed(0)
residual = nn.Sequential(OrderedDict([
    ("encoder", nn.Sequential(nn.Linear(5, 3), Residual(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3)))),
    ("decoder", nn.Sequential(Residual(nn.Linear(3, 3), nn.Tanh()), nn.Linear(3, 5)))]))
classifier = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))
square = nn.Linear(4, 4)
shared = nn.Sequential(square, nn.Tanh(), square)
cases = [
    case("residual autoencoder", residual, nn.MSELoss(), torch.rand(7, 5), None),
    case("classifier", classifier, nn.CrossEntropyLoss(), torch.rand(9, 4), torch.randint(3, (9,))),
    case("one layer in two places", shared, nn.BCEWithLogitsLoss(), torch.rand(6, 4), torch.rand(6, 4)),
]
print(json.dumps({"torch": torch.__version__, "cases": cases}))
