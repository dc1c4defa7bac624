//go:build soak

package storage

// newestMigrations: all of them.
const newestMigrations = 10_000
