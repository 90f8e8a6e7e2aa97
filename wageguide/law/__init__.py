"""The law as dated data: values by place and day, each with its source; nothing that judges."""
