//go:build soak

package esim_test

// failures says how often each fault strikes: 0 is every call for two hours.
var failures = []int{1, 0}
