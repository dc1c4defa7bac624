package esimaccess

import "esimbot/esim"

// Everything the business asks of its vendor: a second vendor implements these.
var (
	_ esim.Vendor             = (*Client)(nil)
	_ esim.PlanSource         = (*Client)(nil)
	_ esim.UsageSource        = (*Client)(nil)
	_ esim.BalanceSource      = (*Client)(nil)
	_ esim.DatedBalanceSource = (*Client)(nil)
	_ esim.ProfileSource      = (*Client)(nil)
	_ esim.TopUpVendor        = (*Client)(nil)
	_ esim.ProfileManager     = (*Client)(nil)
	_ esim.SMSSender          = (*Client)(nil)
	_ esim.ProfileLister      = (*Client)(nil)
	_ esim.RecordLister       = (*Client)(nil)
	_ esim.RecordSource       = (*Client)(nil)
	_ esim.VendorClock        = (*Client)(nil)
)
