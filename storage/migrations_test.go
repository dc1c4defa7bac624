//go:build !soak

package storage

// newestMigrations is how many of the migrations the dear tests of them take by default, which are those that may
// still change; with the tag soak, and in .ci/run, they take all.
const newestMigrations = 6
