//go:build soak

package main

// wholeMatrix: every exchange of every journey is killed at, not only those that matter most.
const wholeMatrix = true
