"""Open data: data sets in versions, what changed since any of them, feeds, and who asked to be told of a business."""
