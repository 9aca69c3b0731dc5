"""Networks: layout, measures and documents of skewed networks of growing size."""
