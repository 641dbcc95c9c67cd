"""Two parameters, one of them without a gradient in steps 3 to 5: what PyTorch's optimisers do with it.

Prints the values of both after every step, for FrozenParametersTest. PyTorch 1.13.1.
"""

import torch

GRADIENTS = [[1.0, -0.5], [0.25, 0.75], [-1.5, 0.5], [0.5, 2.0], [1.0, -1.0], [-0.25, 0.125], [0.75, 1.5], [0.5, -0.25]]

MAKERS = {
    "Adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.01),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.01),
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
}

for name, maker in MAKERS.items():
    p, q = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    optimizer = maker([p, q])
    for step, gradient in enumerate(GRADIENTS, start=1):
        p.grad = torch.tensor(gradient)
        q.grad = None if 3 <= step <= 5 else torch.tensor(gradient)
        optimizer.step()
        print(name, step, p.tolist(), q.tolist())
