package esimaccess

import "time"

// WithoutBackOff lets tests from outside repeat reads without waiting.
func (c *Client) WithoutBackOff() { c.backOff = func(int) time.Duration { return 0 } }
