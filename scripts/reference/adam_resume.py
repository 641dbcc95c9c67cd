#!/usr/bin/env python3
"""Adam and AdamW in PyTorch after 5,000 steps and in the three that follow: the values in OptimizerResumeTest.

  adam_resume.py

Gradients are eighths, so float32 holds them exactly. The steps are taken in float64, so that PyTorch's own rounding does not
matter. Prints Java: parameter and running means after step 5,000, then the parameter after 5,001, 5,002 and 5,003.
"""
import torch

STEPS = 5000
NUMBERS = 4


def gradient(step):
    return torch.tensor([((7 * step + 5 * i) % 16 - 7) / 8 for i in range(NUMBERS)], dtype=torch.float64)


def show(name, t):
    print("    %-10s {%s}," % (name, ", ".join(repr(float(v)) for v in t.detach())))


for kind in (torch.optim.Adam, torch.optim.AdamW):
    print(kind.__name__)
    p = torch.zeros(NUMBERS, dtype=torch.float64, requires_grad=True)
    optimizer = kind([p], lr=0.001)
    for step in range(1, STEPS + 4):
        p.grad = gradient(step)
        optimizer.step()
        if step == STEPS:
            show("p", p)
            show("m", optimizer.state[p]["exp_avg"])
            show("v", optimizer.state[p]["exp_avg_sq"])
        if step > STEPS:
            show(str(step), p)
