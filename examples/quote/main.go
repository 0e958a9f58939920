// Quote computes what WooCommerce computes, for records on standard input: carts, shipping rates, coupons and orders,
// one JSON object a line. Run it with -h for the forms. A support desk asks it why a customer paid what they paid.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

const help = `Quote reads JSON lines and writes, for each, what a WooCommerce store computes of it.

  quote            < carts.jsonl      totals of carts
  quote -rates     < shipping.jsonl   shipping rates of carts
  quote -coupons   < coupons.jsonl    which coupons a cart takes, and why not
  quote -orders    < orders.jsonl     orders as the REST API creates them
  quote -table     < carts.jsonl      a bill to read, with every rounding explained

A line of input is {"id", "woocommerce", "input"}, other keys are ignored; for -orders it is
{"id", "woocommerce", "settings", "tax_rates", "products", "coupons", "request"}. The field woocommerce is the store's
version, such as "10.4.3": 9.8, 10.x and 11.x differ. Amounts are strings ("499.00") or numbers, in rupees, not paise.

A line of output is {"id", "output"}. Amounts are not rounded, except those whose name ends in _r: they are strings as
the store shows them. A record that cannot be quoted gives {"id", "error"} and the program goes on.

A cart:

  {"id": "1", "woocommerce": "10.4.3", "input": {
    "settings": {"currency": "INR", "decimals": 2, "tax_enabled": true, "prices_include_tax": true,
      "base_country": "IN", "base_state": "MH", "tax_based_on": "shipping", "tax_display_cart": "incl",
      "shipping_tax_class": "inherit"},
    "destination": {"shipping": {"country": "IN", "state": "MH", "postcode": "400001"}},
    "tax_rates": [
      {"id": 1, "class": "", "country": "IN", "state": "MH", "rate": "6", "name": "CGST", "priority": 1, "shipping": true},
      {"id": 2, "class": "", "country": "IN", "state": "MH", "rate": "6", "name": "SGST", "priority": 2, "shipping": true}],
    "lines": [{"product_id": 1001, "price": "499", "quantity": 2, "tax_status": "taxable", "tax_class": ""}],
    "coupons": [{"id": 1, "code": "diwali", "type": "percent", "amount": "10"}],
    "shipping": [{"method": "flat_rate", "cost": "49", "taxable": true}],
    "fees": [{"name": "Gift wrap", "amount": "20", "taxable": true}]}}

(on one line.) Coupons with an expiry are judged at -at, or now.

`

// options are the command line.
type options struct {
	mode  mode
	table bool
	at    time.Time
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process around it; it returns the exit code.
func run(args []string, in io.Reader, out, complaints io.Writer) int {
	o, err := parse(args, out, complaints)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := o.answerAll(in, out); err != nil {
		fmt.Fprintln(complaints, "quote:", err)
		return 1
	}
	return 0
}

func parse(args []string, out, complaints io.Writer) (options, error) {
	var o options
	var at string
	var rates, coupons, orders bool
	flags := flag.NewFlagSet("quote", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {} // help is for those who ask for it
	flags.BoolVar(&rates, "rates", false, "find the shipping rates")
	flags.BoolVar(&coupons, "coupons", false, "judge the coupons that were entered")
	flags.BoolVar(&orders, "orders", false, "create orders over REST")
	flags.BoolVar(&o.table, "table", false, "write a readable bill instead of JSON")
	flags.StringVar(&at, "at", "", "the `time` for which coupons are judged, such as 2026-11-20T06:00:00Z (default now)")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, help)
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	if err != nil {
		return o, err
	}
	if o.mode, err = chosenMode(rates, coupons, orders); err == nil && at != "" {
		o.at, err = time.Parse(time.RFC3339, at)
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q: records are read from standard input", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(complaints, "quote:", err)
	}
	return o, err
}

// mode is what the records are.
type mode int

const (
	carts mode = iota
	rateLists
	couponSteps
	restOrders
)

func chosenMode(rates, coupons, orders bool) (mode, error) {
	chosen, count := carts, 0
	for m, set := range map[mode]bool{rateLists: rates, couponSteps: coupons, restOrders: orders} {
		if set {
			chosen, count = m, count+1
		}
	}
	if count > 1 {
		return carts, errors.New("-rates, -coupons and -orders exclude each other")
	}
	return chosen, nil
}
