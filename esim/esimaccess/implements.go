package esimaccess

import "esimbot/esim"

// What the business asks of its vendor.
var (
	_ esim.TopUpVendor    = (*Client)(nil)
	_ esim.ProfileManager = (*Client)(nil)
	_ esim.AccountSource  = (*Client)(nil)
)
