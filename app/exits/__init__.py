"""Members who leave or withdraw: the queue, the money set aside for it, and its fulfilment."""
