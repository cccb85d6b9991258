"""What we measure and how: measures that are stored, metrics that are computed from them."""
