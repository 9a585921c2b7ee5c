#!/usr/bin/env python3
"""The trainer's network and recipe in PyTorch: one JSON line of how fast it trains on this CPU.

channels_last, fused AdamW and gradients clipped per variable by foreach kernels: the fastest form
of plain PyTorch. The augmentation is one affine map an image, as one grid_sample over the batch.
"""

import argparse
import math
import os
import sys
from collections.abc import Iterator

sys.setdlopenflags(os.RTLD_LAZY)  # see torch_without_cuda.py

import torch  # noqa: E402
from peer import Images, Speedometer, argument_parser, print_result, read_images  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.nn import functional  # noqa: E402


def build_model() -> nn.Sequential:
    """Three convolution blocks 32-64-128, a dense layer of 512, ten logits."""
    layers: list[nn.Module] = []
    channels = 1
    for filters in (32, 64, 128):
        layers += [
            nn.Conv2d(channels, filters, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
            nn.MaxPool2d(2),
            nn.Dropout(0.25),
        ]
        channels = filters
    layers += [
        nn.Flatten(),
        nn.Linear(channels * 3 * 3, 512),
        nn.ReLU(inplace=True),
        nn.BatchNorm1d(512, eps=1e-3, momentum=0.01),
        nn.Dropout(0.5),
        nn.Linear(512, 10),
    ]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def uniform(size: int, limit: float) -> Tensor:
    return torch.rand(size) * 2 * limit - limit


def random_affine(size: int) -> Tensor:
    """[size,2,3]: from output to input, in units of half an image, about the centre."""
    angle = uniform(size, math.radians(15))
    zoom_x, zoom_y = 1 + uniform(size, 0.15), 1 + uniform(size, 0.15)
    flip = torch.where(torch.rand(size) < 0.5, -1.0, 1.0)
    shear, cos, sin = uniform(size, 0.15), angle.cos(), angle.sin()
    shift_x, shift_y = uniform(size, 0.3), uniform(size, 0.3)  # 0.15 of the whole image
    row_x = torch.stack([cos * zoom_x * flip, (shear * cos - sin) * zoom_y, shift_x], 1)
    row_y = torch.stack([sin * zoom_x * flip, (shear * sin + cos) * zoom_y, shift_y], 1)
    return torch.stack([row_x, row_y], 1)


def augment(images: Tensor) -> Tensor:
    """Rotation, shifts, shear, zoom and flip in one bilinear step, edges repeated."""
    grid = functional.affine_grid(random_affine(len(images)), list(images.shape), False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def batches(images: Images, size: int, augmented: bool) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffled batches without end."""
    pixels = torch.from_numpy(images.pixels.copy()).unsqueeze(1)
    labels = torch.from_numpy(images.labels)
    while True:
        for chosen in torch.randperm(len(labels)).split(size):
            batch = pixels[chosen].to(torch.float32).div_(255)
            yield augment(batch) if augmented else batch, labels[chosen]


def clip_each(gradients: list[Tensor], norm: float) -> None:
    """Scales each gradient to at most this norm: Keras's clipnorm."""
    scales = torch._foreach_norm(gradients)
    torch._foreach_clamp_min_(scales, norm)
    torch._foreach_div_(gradients, scales)


def train(arguments: argparse.Namespace, speed: Speedometer) -> None:
    model = build_model().train()
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, eps=1e-7, weight_decay=1e-5, fused=True)
    images = read_images(arguments.data, "train")
    mixed = arguments.precision == "bfloat16"
    for batch, labels in batches(images, arguments.batch_size, arguments.augmentation == "affine"):
        with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
            logits = model(batch.contiguous(memory_format=torch.channels_last))
        loss = functional.cross_entropy(logits.float(), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        clip_each([p.grad for p in parameters if p.grad is not None], 1.0)
        optimizer.step()
        if speed.step_done(len(labels)):
            return


def main() -> None:
    parser = argument_parser(__doc__.split("\n")[0])
    parser.add_argument(
        "--augmentation",
        choices=["affine", "none"],
        default="affine",
        help="none feeds the images as they are, which can only be faster (%(default)s)",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    speed = Speedometer(arguments.seconds)
    train(arguments, speed)
    print_result(f"PyTorch {torch.__version__}", arguments, speed)


if __name__ == "__main__":
    main()
