// Package doctor looks at a WooCommerce store and says what will go wrong with
// it before a shopper finds out.
//
//	report, err := doctor.Diagnose(ctx, client, doctor.Options{WebhookURL: "https://shop.example/webhooks"})
//	report.WriteText(os.Stdout)
//
// A store is somebody's hosting, a dozen plugins and settings made over years,
// and most of what goes wrong between it and a headless shop does so quietly: a
// cache that keeps what the REST API said, a webhook switched off after seven
// failures, a PHP notice in front of the JSON, orders stored where the search
// does not find them. [Diagnose] asks about each of these and changes nothing.
//
// A [Report] has a [Finding] for everything that is not well: how bad it is, a
// stable [Code], what was found, what it breaks and how to mend it. [Explain]
// tells the same of every code. What could not be asked is a finding too, of
// severity [Unchecked]; Report.Passed lists what was asked and is well. So every
// code is in one of the two, and silence never means that nobody looked.
//
// Report.Versions and Report.Settings are for programs that adapt to a store.
// The client itself needs neither: package woo notices by itself which
// WooGraphQL it talks to.
//
// # What cannot be seen from outside
//
// WooCommerce tells nobody over REST what waits in Action Scheduler. That its
// timers run is therefore judged by what they leave undone: unpaid orders of the
// store's own checkout that should have been cancelled, and drafts that should
// have been deleted. A shop without either passes. PHP's max_execution_time does
// not count waiting on Linux, so a process can outlive it.
package doctor
