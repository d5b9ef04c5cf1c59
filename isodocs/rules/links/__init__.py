"""Rules on links, anchors and pictures."""
