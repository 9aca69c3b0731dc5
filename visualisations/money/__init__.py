"""Money as pictures: flows from step to step, and sums over years."""
