"""The API under a fuzzer that reads its description: hunts for what a list of cases does not think of."""
