//go:build !soak

package main

const broadcastCrowd = 30
