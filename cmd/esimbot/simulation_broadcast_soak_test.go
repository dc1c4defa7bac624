//go:build soak

package main

const broadcastCrowd = 10_000
