#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Absorbing chains side by side with SciPy, in one run on the same networks.

usage: benchmark-numeric.py PROGRAM [NAME]...    PROGRAM: the built benchmark-numeric

Ours: seconds from triples to rows, for the chain's structure (new), for reach and distance together (moments), and for these again as SciPy
solves: to 1e-10, on what has been made ready. SciPy: reach alone, by BiCGSTAB to 1e-10 or by SuperLU where that ends (the random digraph
alone takes it over a minute: not run), and before that from triples to its matrix (ready). The best of three counts.
"""
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla

rng = np.random.default_rng(1)


def organisation(n, shuffled=False):
    m, customers = 10 * n, n // 100
    src = rng.integers(0, n, m)
    step = np.abs(rng.normal(0, 0.05 * n, m)).astype(int) + 1
    dst = np.clip(np.where(rng.random(m) < 0.65, src + step, src - step), 0, n - 1)
    paid = rng.random(m) < 0.02
    dst[paid] = n + rng.integers(0, customers, paid.sum())
    name = rng.permutation(n + customers) if shuffled else np.arange(n + customers)
    return n + customers, name[src], name[dst], rng.lognormal(0, 1, m), name[n:]


def digraph(n=10_000, degree=8):
    src = np.r_[np.repeat(np.arange(n), degree), np.arange(n), 0]
    dst = np.r_[rng.integers(0, n, degree * n), np.full(n, n), n + 1]
    return n + 2, src, dst, np.r_[np.full(degree * n, 0.1), np.full(n, 0.2), 0.1], [n]


def band(n=100_000, width=8, shuffled=False):
    src = np.repeat(np.arange(n), 8)
    dst = np.clip(src + rng.integers(1, width + 1, 8 * n) * rng.choice([-1, 1], 8 * n), 0, n - 1)
    name = np.r_[rng.permutation(n), n, n + 1] if shuffled else np.arange(n + 2)
    src, dst = np.r_[src, np.arange(n)], np.r_[dst, np.where(rng.random(n) < 0.5, n, n + 1)]
    return n + 2, name[src], name[dst], np.r_[np.full(8 * n, 0.999 / 8), np.full(n, 0.001)], [n]


def loops(k=1_000_000):
    a = 2 * np.arange(k)
    src, dst = np.r_[a, a + 1, a, a + 1], np.r_[a + 1, a, np.full(k, 2 * k), np.full(k, 2 * k + 1)]
    return 2 * k + 2, src, dst, np.r_[np.ones(2 * k), np.full(k, 1e-14), np.full(k, 0.6e-14)], [2 * k]


def star(k=5_000_000):
    src, dst = np.r_[np.arange(1, k + 1), np.zeros(k + 2, int)], np.r_[np.zeros(k, int), np.arange(1, k + 3)]
    return k + 3, src, dst, np.ones(2 * k + 2), [k + 1]


def path(k=5_000_000):
    return k + 1, np.arange(k), np.arange(1, k + 1), np.ones(k), [k]


NETWORKS = {
    'organisation': (lambda: organisation(1_000_000), 'bicgstab'),
    'organisation-shuffled': (lambda: organisation(1_000_000, True), 'bicgstab'),
    'digraph': (digraph, 'bicgstab'),
    'band': (band, 'splu'),
    'band-shuffled': (lambda: band(shuffled=True), 'splu'),
    'loops': (loops, 'splu'),
    'star': (star, 'bicgstab'),
    'path': (path, 'splu'),
}


def ours(program, n, src, dst, value, ends):
    boundary = np.zeros(n)
    boundary[ends] = 1
    with tempfile.NamedTemporaryFile() as file:
        np.array([n, len(src)], np.uint64).tofile(file)
        boundary.tofile(file)
        src.astype(np.int32).tofile(file)
        dst.astype(np.int32).tofile(file)
        value.astype(float).tofile(file)
        file.flush()
        print(subprocess.run([program, file.name], capture_output=True, text=True, check=False).stdout, end='')


def make_ready(method, n, src, dst, value, ends):
    """The matrix, P, and the right side of reach."""
    keep = src != dst
    src, dst, value = src[keep], dst[keep], value[keep]
    flow = np.bincount(src, value, n)
    live = flow > 0
    position = np.cumsum(live) - 1
    share = value / flow[src]
    to_end = np.isin(dst, ends)
    right = np.bincount(position[src[to_end]], share[to_end], live.sum())
    inner = live[dst]
    size = int(live.sum())
    P = sp.csr_matrix((share[inner], (position[src[inner]], position[dst[inner]])), shape=(size, size))
    A = (sp.identity(size, format='csr') - P).asformat('csc' if method == 'splu' else 'csr')
    return A, P, right


def solve(method, A, right):
    return sla.splu(A).solve(right) if method == 'splu' else sla.bicgstab(A, right, tol=1e-10, atol=0)[0]


def best_of_three(function, *arguments):
    best = np.inf
    for _ in range(3):
        begin = time.perf_counter()
        answer = function(*arguments)
        best = min(best, time.perf_counter() - begin)
    return best, answer


def scipys(method, *network):
    ready, (A, P, right) = best_of_three(make_ready, method, *network)
    seconds, x = best_of_three(solve, method, A, right)
    print(f'scipy {method:9} {seconds:.4f} residual {np.abs(right + P @ x - x).max():.1e} ready {ready:.4f}')


def main():
    for name in sys.argv[2:] or NETWORKS:
        make, methods = NETWORKS[name]
        network = make()
        print(f'-- {name}: {network[0]} nodes, {len(network[1])} flows', flush=True)
        ours(sys.argv[1], *network)
        for method in methods.split():
            scipys(method, *network)


if __name__ == '__main__':
    main()
