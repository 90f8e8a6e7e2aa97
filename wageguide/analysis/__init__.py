"""What stands behind a price table: inequality, gaps, and figures for thin cells."""
