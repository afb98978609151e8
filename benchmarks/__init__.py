"""What the product is measured by: each file prints ratios taken in one run against raw SQL on the same server."""
