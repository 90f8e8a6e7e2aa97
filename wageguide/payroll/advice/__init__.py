"""What an enterprise is advised of, and cannot be held to: lines, prices, equal pay."""
