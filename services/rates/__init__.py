"""The live-rate service: mortgage rates and euro reference rates, each with its date and its source."""
