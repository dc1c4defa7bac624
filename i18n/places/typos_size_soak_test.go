//go:build soak

package places

// misspeltPlaces is of how many places TestEveryTypoIsForgiven takes one: each.
const misspeltPlaces = 1
