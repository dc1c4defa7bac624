//go:build !soak

package qrcard

// scanned is how many codes of different lengths, from 38 to 127, a scanner reads.
const scanned = 30
