"""The rules: what is checked, why, and how it is mended. One rule is one file; ``registry`` lists them."""
