"""fal's packages for JavaScript beside ours: its client through our proxy, and its proxy beside ours."""
