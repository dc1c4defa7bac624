//go:build !soak

package main

// saleDays is how many days of ten sales each TestALostDatabaseIsFoundAgain loses, and rushed how many people pay in
// TestTwoHundredSalesInAMinute: by default enough to wait for one another, with the tag soak what their names say.
const (
	saleDays = 4
	rushed   = 60
)

// wholeMatrix: every exchange of every journey is killed at, not only those that matter most.
const wholeMatrix = false
