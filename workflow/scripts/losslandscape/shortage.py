"""Has memory run out? Told by what torch and others say then, without importing it."""

# OutOfMemoryError is torch's own.
TYPES = ("MemoryError", "OutOfMemoryError")
TEXTS = ("can't allocate memory", "out of memory", "ALLOC_FAILED")


def is_meant(error: Exception) -> bool:
    """Whether an error says that memory has run out, on a GPU or on the CPU."""
    is_typed = any(kind.__name__ in TYPES for kind in type(error).__mro__)
    return is_typed or any(text in str(error) for text in TEXTS)
