//go:build soak

package main

// saleDays is how many days of ten sales each TestALostDatabaseIsFoundAgain loses, and rushed how many people pay in
// TestTwoHundredSalesInAMinute.
const (
	saleDays = 20
	rushed   = 200
)

// wholeMatrix: every exchange of every journey is killed at, not only those that matter most.
const wholeMatrix = true
