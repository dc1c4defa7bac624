//go:build !soak

package places

// misspeltPlaces is of how many places TestEveryTypoIsForgiven takes one.
const misspeltPlaces = 8
