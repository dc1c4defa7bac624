package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// VendorFlags are the flags of sandbox --vendor-only alone. The type is exported because kong
// fills embedded structs only then.
type VendorFlags struct {
	Data          string        `type:"path" placeholder:"FILE" help:"With --vendor-only: keep the vendor's account in this file."`
	TopupTime     time.Duration `default:"0s" help:"With --vendor-only: how long a top-up takes (in life about 16 s)."`
	Latency       time.Duration `default:"0s" help:"With --vendor-only: how long every answer takes (in life 0.3-1.2 s)."`
	RateLimit     int           `default:"8" help:"With --vendor-only: calls a second before 101013; 0 is no limit."`
	RepeatedOrder string        `default:"first" enum:"first,310402" help:"With --vendor-only: the answer to a transactionId used before: ${enum}."`
	Secret        string        `help:"With --vendor-only: check RT-Signature with this secret."`
	Switch        []string      `placeholder:"NAME" help:"With --vendor-only: what the vendor does on bad days, such as doubled, late=10m, outOfOrder. The page lists them."`
}

// vendorOnly serves the simulated partner API, its page and its control API until ctx ends.
func (c sandboxCmd) vendorOnly(ctx context.Context, w world) error {
	o, err := c.vendorOnlyOptions()
	if err != nil {
		return errors.Join(errUsage, err)
	}
	vendor, err := vendorsandbox.New(o)
	if err != nil {
		return fmt.Errorf("vendor sandbox: %w", err)
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), vendor.Close())
	}
	const text = `
  The simulated eSIM Access API:  http://%[1]s/api/v1/open/
  Its page:                       http://%[1]s/
  Its control API:                http://%[1]s/_control/

  Any RT-AccessCode is let in. Nothing here costs money. Ctrl+C ends it.

`
	fmt.Fprintf(w.out, text, l.Addr())
	server := &http.Server{Handler: vendor, ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { server.Close() })
	defer stopped()
	if err = server.Serve(l); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err = errors.Join(err, vendor.Close()); err != nil {
		return fmt.Errorf("vendor sandbox: %w", err)
	}
	return nil
}

func (c sandboxCmd) vendorOnlyOptions() (vendorsandbox.Options, error) {
	o := c.vendorOptions(nil)
	sw, err := vendorsandbox.ParseQuirks(c.Switch)
	switch {
	case err != nil:
		return o, fmt.Errorf("--switch: %w", err)
	case sw.Signed && c.Secret == "":
		return o, errors.New("--switch signed needs --secret")
	case c.RateLimit < 0 || c.TopupTime < 0 || c.Latency < 0 || c.Allocation < 0 || c.UsageLag < 0 || c.Balance < 0:
		return o, errors.New("a number or time among the flags is negative")
	}
	o.File, o.TopUpTime, o.Latency, o.Secret, o.Quirks = c.Data, c.TopupTime, c.Latency, c.Secret, sw
	if o.RateLimit = c.RateLimit; o.RateLimit == 0 {
		o.RateLimit = vendorsandbox.Off
	}
	if c.RepeatedOrder == "310402" {
		o.RepeatedOrder = vendorsandbox.Refuse310402
	}
	return o, nil
}
