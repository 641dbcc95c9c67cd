#!/usr/bin/env python3
"""One training step of a small autoencoder in PyTorch: the values in OneStepTest.

  one_step.py

Start values are float32, written exactly. Everything computed from them is computed in float64, so that its own
rounding does not matter. Prints Java: a row of numbers for each tensor.
"""
import torch
from torch import nn, optim

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 2), nn.PReLU(), nn.Linear(2, 3), nn.Sigmoid())
x = torch.rand(4, 3)


def show(name, t):
    print("%-14s %s" % (name, ", ".join(repr(float(v)) for v in t.detach().reshape(-1))))


show("x", x)
for name, p in net.state_dict().items():
    show(name, p)
net = net.double()
x = x.double()
optimizer = optim.Adam(net.parameters())
output = net(x)
loss = nn.BCELoss()(output, x)
optimizer.zero_grad()
loss.backward()
show("output", output)
show("loss", loss)
for name, p in net.named_parameters():
    show("grad " + name, p.grad)
optimizer.step()
for name, p in net.named_parameters():
    show("next " + name, p)
