//go:build soak

package esim_test

// many is a large shop; its three sweeps take a minute or two.
const many = 100_000
