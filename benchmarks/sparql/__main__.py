"""`python -m benchmarks.sparql`."""

from benchmarks.sparql.run import main

main()
