"""Benchmarks: the performance budget as ratios beside plain git and the peers, in one run."""
