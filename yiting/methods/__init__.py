"""Pure methods: frozen dataclasses and arrays in and out; no Django, no I/O, no clock, no global state."""
