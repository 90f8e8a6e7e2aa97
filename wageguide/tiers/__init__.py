"""From a weighted survey to a table of wage tiers."""
