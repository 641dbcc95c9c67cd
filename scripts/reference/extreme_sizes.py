#!/usr/bin/env python3
"""What PyTorch computes from very large and very small numbers: row norms, losses, sums, Adam.

  extreme_sizes.py

Printed are input, value and gradient; ExtremeSizesTest of core has them. Made with torch 1.13 on the CPU.
"""
import torch
import torch.nn.functional as F

inf, nan = float("inf"), float("nan")


def show(what, x, f):
    x = torch.tensor(x, requires_grad=True)
    y = f(x)
    y.backward(torch.arange(1.0, y.numel() + 1).reshape(y.shape))
    print("%-10s %s -> %s gradient %s" % (what, x.tolist(), y.tolist(), x.grad.tolist()))


for row in ([1e20, 1, 1], [3e38, 3e38, 3e38], [1.5e19, 1, 1], [1e19, 1e19, 1e19], [1e-25, 1e-25, 0], [3e-23, 4e-23, 0],
            [1e-20, 3e-12, 0], [inf, 1, 1], [nan, 1, 1], [0, 0, 0]):
    show("normalize", [[float(v) for v in row]], lambda x: F.normalize(x, p=2, dim=1))
for p in ([3e20, 1.0], [1e19, 2e19], [1e-22, 2e-22], [1e-25, 2e-25]):
    show("mse", p, lambda x: F.mse_loss(x, torch.zeros(2)))
for x in ([3e38, 3e38], [3e38, 3e38, -3e38], [1e-45, 1e-45]):
    show("sum", x, torch.sum)
    show("mean", x, torch.mean)
for x, y, g in ((1e30, 1e20, 1e30), (1e-30, 1e-10, 1e-30), (1e38, 1e19, 1e25), (1e20, 1e-10, 1e-20)):
    x, y = (torch.tensor([v], requires_grad=True) for v in (x, y))
    (x / y).backward(torch.tensor([g]))
    print("div", x.item(), y.item(), g, "gradients", x.grad.item(), y.grad.item())
for g in (1e-25, 1e-22, 1e-15, 1.0, 1e19, 1e21, 3e38):
    for epsilon in (1e-8, 0.0):
        p = torch.zeros(1, requires_grad=True)
        adam = torch.optim.Adam([p], lr=0.001, eps=epsilon)
        for _ in range(3):
            p.grad = torch.tensor([g])
            adam.step()
        s = adam.state[p]
        print("adam %g epsilon %g -> %r m %r v %r" % (g, epsilon, p.item(), s["exp_avg"].item(), s["exp_avg_sq"].item()))
