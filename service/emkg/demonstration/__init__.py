"""The demonstration city: what six departments would export in a severe-haze week, with known faults in it."""
