"""The fine-tuning line: data, training, export and evaluation of adapters for the roles."""
