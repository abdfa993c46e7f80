"""Words for the model: one Markdown file per prompt, and the one door to them, `render`."""
