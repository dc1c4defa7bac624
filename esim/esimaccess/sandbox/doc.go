// Package sandbox is the eSIM Access test server that the vendor never built: the partner API,
// in memory, in your process or on a port, with a clock you can move and faults you can order.
//
// With the real API every order is a real purchase. Here an order costs play money, an eSIM lives
// through its 30 days in one call, and the answer that gets lost after the money was taken, which
// nobody can rehearse on the real thing, is one line:
//
//	api, err := sandbox.New(sandbox.Options{})
//	server := httptest.NewServer(api)        // or http.ListenAndServe: any language may call it
//	client.BaseURL = server.URL              // paths are /api/v1/open/... as at the vendor's
//
//	api.Break(sandbox.Fault{Endpoint: "esim/order", Kind: sandbox.LoseAnswer, Count: 2})
//	buy(client, "my-order-1")                // your code: does it buy once, or three times?
//	if n := api.Charged("my-order-1"); n != 1 { … }
//
//	tran := api.Profiles()[0].EsimTranNo
//	api.Advance(10 * time.Second)            // allocated
//	api.Install(tran)                        // the traveller scans the QR code
//	api.Burn(tran, 600<<20)                  // and watches a film
//	api.Advance(4 * time.Hour)               // carriers report hours later, and so does this
//
// It is strict where the vendor is: HTTP 200 with an error code inside, purchases that are
// idempotent by transactionId, 200010 until the whole order is allocated, ICCIDs that are missing
// until the profile is downloaded, eight calls a second and not one more. Texts and shapes of the
// answers are those of captured traffic; what nobody outside has seen is said to be a guess where
// it is made. The catalogue is generated (some 190 places, the same for the same seed) or read
// from a saved package/list answer.
//
// # Webhooks
//
// An address given with webhook/save is told of everything that happens, as the vendor does:
// CHECK_HEALTH, ORDER_STATUS, ESIM_STATUS, SMDP_EVENT, DATA_USAGE at 50, 25, 20 and 10 % left, and
// VALIDITY_USAGE on the last day, one after another, each tried three times (at once, after 10 s,
// after another minute of the sandbox's clock; the vendor's own schedule is not known).
// [Sandbox.Settle] waits for those that are due, [Sandbox.Webhooks] lists them, and [Quirks]
// make them doubled, late, out of order, signed, lost.
//
// # Control API and page
//
// The same handler answers, beside the partner API, a page for people at / and a control API for
// programs of any language under /_control/: JSON over HTTP, strict, described by GET /_control/
// with an example for each endpoint. Neither is struck by faults or counted by
// [Sandbox.Exchanges]. There is no password: serve it on an address of your own machine.
//
// # What is kept
//
// An eSIM's state is computed, when asked for, from what happened to it and from the time. With
// Options.File the account is read from a file at the start and written to it after each change,
// before the answer that tells of the change. Nothing runs in the background until a webhook is
// set; then one goroutine sends, until [Sandbox.Close].
package sandbox
