//go:build !soak

package main

// saleDays is how many days of ten sales each TestALostDatabaseIsFoundAgain loses: by default a few.
const saleDays = 4

// wholeMatrix: every exchange of every journey is killed at, not only those that matter most; crowds come, and databases
// are lost in every way. With the tag soak.
const wholeMatrix = false
