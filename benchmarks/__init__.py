"""Side-by-side measurements, run with `make bench`.

Each writes a small table into `results/`. Machines are noisy: the peers run in turn within one
run, medians are compared, and only ratios are quoted.
"""
