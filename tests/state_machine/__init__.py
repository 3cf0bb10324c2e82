"""Random orders of runs, approvals, edits, rejections and time: what must hold after each of them."""
