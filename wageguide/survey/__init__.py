"""From the workbooks that enterprises send in to a survey that can be estimated from."""
