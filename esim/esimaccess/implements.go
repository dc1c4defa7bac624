package esimaccess

import "esimbot/esim"

// What the business asks of its vendor.
var (
	_ esim.Refiller      = (*Client)(nil)
	_ esim.VendorDesk    = (*Client)(nil)
	_ esim.AccountSource = (*Client)(nil)
)
