//go:build soak

package main

// saleDays is how many days of ten sales each TestALostDatabaseIsFoundAgain loses.
const saleDays = 20

// wholeMatrix: every exchange of every journey is killed at, crowds come, and databases are lost in every way.
const wholeMatrix = true
