//go:build !soak

package esim_test

// many is as large a shop as can be swept in every run; the soak tag sweeps 100,000.
const many = 5_000
